"""The lock under which a group's days are given out."""

from __future__ import annotations

from groups.models import Group


def lock_group(group_id: int) -> Group:
    """Lock a group, before any of its meetings, and return it with its cycle."""
    groups = Group.objects.select_for_update(no_key=True, of=("self",))
    return groups.select_related("cycle").get(pk=group_id)
