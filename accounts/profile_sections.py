"""What other apps show on a member's profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

    Rows = Callable[[User, User | AnonymousUser], Sequence[Any]]


class ProfileSection(NamedTuple):
    """Rows for one part of the page, and the template that shows them as `rows`."""

    name: str
    rows: Sequence[Any]
    template: str


_sources: dict[str, tuple[Rows, str]] = {}


def register(name: str, rows: Rows, template: str) -> None:
    """Add a section. `rows(member, reader)` returns what that reader may see."""
    _sources[name] = (rows, template)


def sections_for(member: User, reader: User | AnonymousUser) -> list[ProfileSection]:
    """The sections that have anything to show, in the order they were registered."""
    sections = [
        ProfileSection(name, rows(member, reader), template)
        for name, (rows, template) in _sources.items()
    ]
    return [section for section in sections if section.rows]
