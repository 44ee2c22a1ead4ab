"""Changing the settings of a group, its cycle and its members; closing and reopening it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from groups import access
from groups.attendance import answers
from groups.ballots.models import Ballot
from groups.cycle.models import Cycle
from groups.membership.models import Group, LogEntry, Membership
from groups.membership.rights import (
    require_membership,
    require_organiser,
    require_owner,
    require_running,
)
from groups.notices import notices
from groups.notices.models import Notice
from groups.schedule import fitting, rows
from groups.schedule.models import UPCOMING, Meeting, MeetingPaper, Phase
from groups.scheduling.words import dated
from groups.series.models import SeriesPart

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from accounts.models import User
    from papers.models import Topic

WAS_CLOSED = "The group was closed."

_SEEN_BY = {
    Group.Visibility.PUBLIC: "is now public: everyone can read its pages",
    Group.Visibility.UNLISTED: "is now unlisted: anyone with the link can read its pages",
    Group.Visibility.PRIVATE: "is now private: only members can read its pages",
}


@transaction.atomic
def change_group(
    *, group: Group, by: User, topics: Iterable[Topic] | None = None, **settings: Any
) -> Group:
    """Change fields of a group, render its texts, and notify members of a new visibility.

    Fields that are not given stay. A new capacity updates places and waiting lists.
    """
    group = access.lock_group(group)
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
    group.render_texts()
    group.save()
    words = ", ".join(name.replace("_", " ") for name in changed)
    entry = LogEntry.note(group=group, kind="settings", words=f"Changed {words}", actor=by)
    if "visibility" in changed:
        _tell_who_sees_it(group, entry_id=entry.pk, by=by)
    if "capacity" in changed:
        answers.settle_group(group=group)
    return group


@transaction.atomic
def change_cycle(*, group: Group, by: User, **settings: Any) -> int:
    """Change a group's cycle, and recompute the moments of upcoming meetings.

    Return the number of changed meetings. An open ballot keeps its rules.
    """
    group = access.lock_group(group)
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
    count = _compute_moments(group, cycle, choice_before=before, by=by)
    words = ", ".join(name.replace("_", " ") for name in changed)
    LogEntry.note(group=group, kind="cycle", words=f"Changed {words}", actor=by)
    return count


@transaction.atomic
def close_group(*, group: Group, by: User) -> None:
    """Close a group: its pages stay, but cannot change. Repeating it changes nothing."""
    group = access.lock_group(group)
    require_owner(group, by)
    if not group.is_closed:
        group.closed_at = timezone.now()
        group.save(update_fields=["closed_at"])
        LogEntry.note(group=group, kind="closed", words="Closed the group", actor=by)


@transaction.atomic
def reopen_group(*, group: Group, by: User) -> None:
    """Reopen a group. Meetings that would have begun meanwhile are skipped."""
    group = access.lock_group(group)
    require_owner(group, by)
    if group.closed_at is not None:
        _skip_missed(group, since=group.closed_at, by=by)
        group.closed_at = None
        group.save(update_fields=["closed_at"])
        LogEntry.note(group=group, kind="reopened", words="Reopened the group", actor=by)


@transaction.atomic
def change_membership(
    *, group: Group, member: User, usual_answer: str, **wishes: Any
) -> Membership:
    """Change a member's settings for one group."""
    group = access.lock_group(group)
    require_running(group)
    membership = require_membership(group, member)
    for name, value in wishes.items():
        setattr(membership, name, value)
    membership.save(update_fields=list(wishes))
    if membership.usual_answer != usual_answer:
        answers.set_usual_answer(membership=membership, answer=usual_answer)
    return membership


def _skip_missed(group: Group, *, since: datetime, by: User) -> None:
    """Skip meetings that fell into the closed period, so that the clock does not call them held."""
    waiting = set(UPCOMING) - {Phase.LIVE}
    missed = Meeting.objects.filter(
        group=group, phase__in=waiting, starts_at__gt=since, starts_at__lte=timezone.now()
    )
    for meeting in missed.order_by("pk").select_for_update(no_key=True):
        said = f"No meeting on {dated(meeting.day)}: the group was closed."
        rows.turn_off(meeting, Phase.SKIPPED, reason=WAS_CLOSED, by=by, said=said)


def _tell_who_sees_it(group: Group, *, entry_id: int, by: User) -> None:
    notices.give(
        group=group,
        kind=Notice.Kind.VISIBILITY,
        subject_id=entry_id,
        words=f"{group.name} {_SEEN_BY[Group.Visibility(group.visibility)]}.",
        url=group.get_absolute_url(),
        actor=by,
    )


def _compute_moments(group: Group, cycle: Cycle, *, choice_before: str, by: User) -> int:
    meetings = Meeting.objects.filter(group=group, phase__in=UPCOMING)
    locked = list(meetings.order_by("pk").select_for_update(no_key=True))
    open_ids = _with_open_choice(locked)
    changed, entries = [], []
    for meeting in locked:
        before = _moments(meeting)
        # Meetings whose choice has begun keep it.
        if meeting.pk in open_ids and meeting.choice == choice_before:
            meeting.choice = cycle.choice
        meeting.set_moments(cycle)
        if meeting.pk in open_ids and fitting.opens_choice(meeting):
            words = "Members vote for the paper again."
            entries.append(fitting.set_phase(meeting, Phase.PLANNED, by=by, words=words))
        if _moments(meeting) != before:
            changed.append(meeting)
    Meeting.objects.bulk_update(changed, [*fitting.FIELDS, "choice"], batch_size=500)
    LogEntry.objects.bulk_create(entries)
    return len(changed)


def _with_open_choice(meetings: Sequence[Meeting]) -> set[int]:
    """Return the ids of meetings without a paper, a part or a ballot: one query."""
    settled = [
        Exists(rows_of.filter(meeting=OuterRef("pk")))
        for rows_of in (MeetingPaper.objects, SeriesPart.objects, Ballot.objects)
    ]
    found = Meeting.objects.filter(
        *[~each for each in settled],
        pk__in=[meeting.pk for meeting in meetings],
        phase__in=(Phase.PLANNED, Phase.READY),
        title="",
    )
    return set(found.values_list("pk", flat=True))


def _moments(meeting: Meeting) -> list[object]:
    return [getattr(meeting, name) for name in (*Meeting.MOMENTS, "choice")]
