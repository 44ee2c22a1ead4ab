"""Changing what a group is, how its weeks go, and whether it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from groups import deadlines, logbook, texts
from groups.attending import answers
from groups.belonging.locking import (
    lock_group,
    require_membership,
    require_organiser,
    require_owner,
    require_running,
)
from groups.models import UPCOMING, Cycle, Group, Meeting, Membership, Notice, Phase
from groups.telling import notices

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from papers.models import Topic

_SEEN_BY = {
    Group.Visibility.PUBLIC: "is public now: everybody can read its pages",
    Group.Visibility.UNLISTED: "is unlisted now: whoever has its address can read its pages",
    Group.Visibility.PRIVATE: "is private now: only members can read its pages",
}


@transaction.atomic
def change_group(
    *, group: Group, by: User, topics: Iterable[Topic] | None = None, **settings: Any
) -> Group:
    """Change columns of a group, render its texts anew, and tell members who sees it now.

    What is not named stays. Another capacity gives on places, or takes some away.
    """
    group = lock_group(group)
    require_running(group)
    require_organiser(group, by)
    changed = [name for name, value in settings.items() if getattr(group, name) != value]
    for name in changed:
        setattr(group, name, settings[name])
    if topics is not None:
        topics = list(topics)
        if set(group.topics.all()) != set(topics):
            group.topics.set(topics)
            changed.append("topics")
    if not changed:
        return group
    texts.render(group)
    group.save()
    words = ", ".join(name.replace("_", " ") for name in changed)
    entry = logbook.note(group=group, kind="settings", words=f"Changed {words}", actor=by)
    if "visibility" in changed:
        _tell_who_sees_it(group, entry_id=entry.pk, by=by)
    if "capacity" in changed:
        answers.settle_group(group=group)
    return group


@transaction.atomic
def change_cycle(*, group: Group, by: User, **settings: Any) -> int:
    """Change how the paper is chosen, and compute the moments of meetings to come anew.

    Return of how many meetings that changed anything. A ballot that is open keeps its rules.
    """
    group = lock_group(group)
    require_running(group)
    require_organiser(group, by)
    cycle = Cycle.objects.select_for_update().get(group=group)
    changed = [name for name, value in settings.items() if getattr(cycle, name) != value]
    if not changed:
        return 0
    before = cycle.choice
    for name in changed:
        setattr(cycle, name, settings[name])
    cycle.save()
    count = _compute_moments(group, cycle, choice_before=before)
    words = ", ".join(name.replace("_", " ") for name in changed)
    logbook.note(group=group, kind="cycle", words=f"Changed {words}", actor=by)
    return count


@transaction.atomic
def close_group(*, group: Group, by: User) -> None:
    """Close a group: its pages stay, and nothing in it changes any more. Twice is once."""
    group = lock_group(group)
    require_owner(group, by)
    if not group.is_closed:
        group.closed_at = timezone.now()
        group.save(update_fields=["closed_at"])
        logbook.note(group=group, kind="closed", words="Closed the group", actor=by)


@transaction.atomic
def reopen_group(*, group: Group, by: User) -> None:
    """Let a closed group go on. What fell into the time between is as it was left."""
    group = lock_group(group)
    require_owner(group, by)
    if group.is_closed:
        group.closed_at = None
        group.save(update_fields=["closed_at"])
        logbook.note(group=group, kind="reopened", words="Reopened the group", actor=by)


@transaction.atomic
def change_membership(
    *, group: Group, member: User, usual_answer: str, **wishes: Any
) -> Membership:
    """Change what a member wants of one group."""
    group = lock_group(group)
    require_running(group)
    membership = require_membership(group, member)
    for name, value in wishes.items():
        setattr(membership, name, value)
    membership.save(update_fields=list(wishes))
    if membership.usual_answer != usual_answer:
        answers.set_usual_answer(membership=membership, answer=usual_answer)
    return membership


def _tell_who_sees_it(group: Group, *, entry_id: int, by: User) -> None:
    notices.give(
        group=group,
        kind=Notice.Kind.ORGANISERS,
        event=f"visibility:{entry_id}",
        words=f"{group.name} {_SEEN_BY[Group.Visibility(group.visibility)]}.",
        url=group.get_absolute_url(),
        actor=by,
    )


def _compute_moments(group: Group, cycle: Cycle, *, choice_before: str) -> int:
    meetings = Meeting.objects.filter(group=group, phase__in=UPCOMING)
    changed = []
    for meeting in meetings.order_by("pk").select_for_update(no_key=True):
        before = _moments(meeting)
        # One whose choosing has begun goes on as it began.
        if meeting.phase == Phase.PLANNED and meeting.choice == choice_before:
            meeting.choice = cycle.choice
        deadlines.set_moments(meeting, cycle)
        if _moments(meeting) != before:
            changed.append(meeting)
    Meeting.objects.bulk_update(changed, [*deadlines.FIELDS, "choice"], batch_size=500)
    return len(changed)


def _moments(meeting: Meeting) -> list[object]:
    return [getattr(meeting, name) for name in (*deadlines.FIELDS, "choice")]
