"""What one member may do about another, as their profile offers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class ProfileAction(NamedTuple):
    label: str
    icon: str
    url: str


_actions: dict[str, tuple[str, str]] = {}


def register(label: str, *, icon: str, url_name: str) -> None:
    """Add a link to a page about a member, whose address takes their `username`."""
    _actions[url_name] = (label, icon)


def actions_for(member: User, reader: User | AnonymousUser) -> list[ProfileAction]:
    """The links that the reader gets: none without an account, and none about themselves."""
    if not reader.is_authenticated or reader.pk == member.pk:
        return []
    return [
        ProfileAction(label, icon, reverse(url_name, args=[member.username]))
        for url_name, (label, icon) in _actions.items()
    ]
