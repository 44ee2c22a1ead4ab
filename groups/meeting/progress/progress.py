"""Members' reading progress: private unless they share it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, F, Func, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import User
from common.refusals import Refused
from groups import access
from groups.defaults import Attending
from groups.meeting.progress.models import Progress, Section
from groups.membership.models import LogEntry, Membership

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from groups.schedule.models import Meeting

MAX_SECTIONS = 60
MAX_TITLE = 200
NUDGED_SHOWN = 30


@dataclass(frozen=True)
class SectionCount:
    section: Section
    # Among members who share their progress.
    read_count: int


@dataclass(frozen=True)
class GroupProgress:
    """The progress of the members who share it."""

    sharing_count: int
    read_count: int
    begun_count: int
    sections: list[SectionCount]


@transaction.atomic
def set_progress(
    *, meeting: Meeting, member: User, state: str, section_ids: Collection[int] = ()
) -> None:
    """Save a member's progress: "none", "reading" or "read".

    With all sections read the state becomes "read", with any of them at least "reading".
    """
    # Locked, so that sections do not change meanwhile.
    access.lock_meeting(meeting.pk)
    known = set(Section.objects.filter(meeting=meeting).values_list("pk", flat=True))
    read = known if state == Progress.State.READ else known & set(section_ids)
    if state != Progress.State.READ and read:
        state = Progress.State.READ if read == known else Progress.State.READING
    if state == "none":
        Progress.objects.filter(meeting=meeting, member=member).delete()
        return
    Progress.objects.update_or_create(
        meeting=meeting,
        member=member,
        defaults={
            "state": Progress.State(state),
            "sections_read": sorted(read),
            "at": timezone.now(),
        },
    )


def set_sharing(*, membership: Membership, shares_progress: bool, folds_ahead: bool) -> None:
    """Set whether the group sees a member's progress, and whether unread sections are folded."""
    Membership.objects.filter(pk=membership.pk).update(
        shares_progress=shares_progress, folds_ahead=folds_ahead
    )


@transaction.atomic
def set_sections(*, meeting: Meeting, by: User, titles: Sequence[str]) -> list[Section]:
    """Set the sections of a meeting's reading, in this order.

    A section whose title stays keeps its comments and progress. If as many titles are new as are
    gone, the new ones rename the old sections.
    """
    if len(titles) > MAX_SECTIONS:
        raise Refused(f"There can be up to {MAX_SECTIONS} sections.")
    access.lock_meeting(meeting.pk)
    old = list(Section.objects.filter(meeting=meeting))
    places = _matched([section.title for section in old], titles)
    gone = [section.pk for at, section in enumerate(old) if at not in places]
    Section.objects.filter(pk__in=gone).delete()
    # Move all out of the way first: positions are unique at every moment.
    Section.objects.filter(meeting=meeting).update(position=F("position") + 10_000)
    for position, (title, place) in enumerate(zip(titles, places, strict=True), start=1):
        section = Section(meeting=meeting) if place is None else old[place]
        section.position, section.title = position, title
        section.save()
    LogEntry.note(
        group=meeting.group_id, kind="sections", words="The sections to read were changed.",
        actor=by, meeting=meeting,
    )  # fmt: skip
    return list(Section.objects.filter(meeting=meeting))


def _matched(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    """Return for each new title the index of the old section that it names, or None."""
    left = list(range(len(old)))
    places: list[int | None] = []
    for title in new:
        place = next((at for at in left if old[at] == title), None)
        if place is not None:
            left.remove(place)
        places.append(place)
    unmatched = [at for at, place in enumerate(places) if place is None]
    if len(unmatched) == len(left):
        for at, place in zip(unmatched, left, strict=True):
            places[at] = place
    return places


def own_progress(meeting: Meeting, member: User) -> Progress | None:
    """Return a member's progress: one query."""
    return Progress.objects.filter(meeting=meeting, member=member).first()


def group_progress(meeting: Meeting, sections: Sequence[Section]) -> GroupProgress:
    """Return the shared progress: one query, and one more if there are sections."""
    sharing = Membership.objects.filter(group=meeting.group_id, shares_progress=True)
    progress = Progress.objects.filter(meeting=meeting)
    own = progress.filter(member=OuterRef("member")).values("state")
    counts = sharing.annotate(state=Subquery(own)).aggregate(
        sharing=Count("pk"),
        read=Count("pk", filter=Q(state=Progress.State.READ)),
        begun=Count("pk", filter=Q(state=Progress.State.READING)),
    )
    by_section: dict[int, int] = {}
    if sections:
        # Members who have finished are counted for every section already.
        reading = progress.filter(state=Progress.State.READING, member__in=sharing.values("member"))
        each_read = reading.values(section=Func("sections_read", function="unnest"))
        by_section = dict(each_read.annotate(count=Count("pk")).values_list("section", "count"))
    return GroupProgress(
        sharing_count=counts["sharing"],
        read_count=counts["read"],
        begun_count=counts["begun"],
        sections=[
            SectionCount(each, counts["read"] + by_section.get(each.pk, 0)) for each in sections
        ],
    )


def to_nudge(meeting: Meeting) -> list[User]:
    """Return attendees who share that they have not begun: one query.

    Limited to the first ones by name.
    """
    members = User.objects.present().filter(
        rsvps__meeting=meeting,
        rsvps__answer=Attending.GOING,
        group_memberships__group=meeting.group_id,
        group_memberships__shares_progress=True,
    )
    begun = Progress.objects.filter(meeting=meeting).values("member")
    return list(members.exclude(pk__in=begun).order_by("username")[:NUDGED_SHOWN])
