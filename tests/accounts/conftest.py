from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache

from accounts import contributions
from accounts.contributions import Contribution, SignInAct

if TYPE_CHECKING:
    from accounts.models import User


@pytest.fixture(autouse=True)
def _fresh_rate_limits(request: pytest.FixtureRequest) -> None:
    """Start with nothing spent, where the test has a database at all."""
    if "db" in request.fixturenames or "transactional_db" in request.fixturenames:
        cache.clear()


@pytest.fixture
def bookmarks(monkeypatch: pytest.MonkeyPatch) -> list[tuple[User, str]]:
    """An act that waits for sign-in: an address under /bookmark/ is remembered."""
    done: list[tuple[User, str]] = []

    def perform(user: User, url: str) -> str | None:
        if not url.startswith("/bookmark/"):
            return None
        done.append((user, url))
        return "/bookmarked"

    def describe(url: str) -> str | None:
        return "Sign in, and the bookmark is kept." if url.startswith("/bookmark/") else None

    act = SignInAct(perform, describe)
    monkeypatch.setattr(contributions, "_contributions", [Contribution(sign_in_acts=[act])])
    return done
