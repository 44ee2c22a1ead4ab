"""Who may still read what a group told them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groups.membership.models import Group

if TYPE_CHECKING:
    from collections.abc import Collection

    from accounts.models import User

# What the events of news begin with that groups tell: "group:12:chosen:34".
KIND = "group"


def event_of(group_id: int, event: str) -> str:
    """Name an event of a group, so that only those read of it whom the group lets in."""
    return f"{KIND}:{group_id}:{event}"


def closed_to(member: User, events: Collection[str]) -> list[str]:
    """Return the events of groups that do not exist for the member: one query.

    So whoever left a private group, or was removed, reads nothing more of what it told them.
    """
    ours = [event for event in events if event.startswith(f"{KIND}:")]
    if not ours:
        return []
    groups = {event: _group_of(event) for event in ours}
    ids = {pk for pk in groups.values() if pk is not None}
    visible = Group.objects.visible_to(member).filter(pk__in=ids)
    open_ids = set(visible.values_list("pk", flat=True))
    return [event for event, pk in groups.items() if pk not in open_ids]


def _group_of(event: str) -> int | None:
    number = event.split(":")[1]
    return int(number) if number.isdecimal() else None
