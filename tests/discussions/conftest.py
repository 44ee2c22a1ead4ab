from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from discussions import audiences
from tests.discussions.builders import Club

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User


@pytest.fixture
def club(member: User) -> Iterator[Club]:
    """A private thread that the member may read, and nobody else."""
    club = Club(member)
    audiences.register(club)
    yield club
    audiences.unregister(club)
