from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from discussions import owners
from tests.builders import make_user
from tests.discussions.builders import Club

if TYPE_CHECKING:
    from accounts.models import User


@pytest.fixture
def club(member: User, monkeypatch: pytest.MonkeyPatch) -> Club:
    """A private thread that the member may read, and nobody else."""
    club = Club(member)
    monkeypatch.setattr(owners, "_owners", [*owners._owners, club])
    return club


@pytest.fixture
def moderator(db: None) -> User:
    return make_user("mia", is_moderator=True)


@pytest.fixture
def desk_client(moderator: User) -> Client:
    """The browser of a moderator."""
    client = Client()
    client.force_login(moderator)
    return client
