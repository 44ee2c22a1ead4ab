"""The owner of meetings' threads, which answers for groups in discussions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from discussions.owners import Place, RailSection, Subject, ThreadOwner
from groups.archive.read_by import read_by
from groups.meeting.progress import spoilers
from groups.membership.models import RUNNING, Group, Membership
from groups.notices import gate
from groups.schedule.models import Meeting
from groups.scheduling import words

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from accounts.models import User
    from discussions.models import Comment, Thread
    from papers.models import Paper


class MeetingThreads(ThreadOwner):
    """The threads of meetings. The subjects of comments are sections of the reading."""

    writers = "members of the group"
    refusal = "Only members can comment here, and only while the group is open."

    def readable_by(self, reader: User | AnonymousUser) -> Q:
        """Return the threads in groups whose pages the reader may open."""
        return _of_meetings(Meeting.objects.visible_to(reader))

    def listed_for(self, reader: User | AnonymousUser) -> Q:
        """Return the threads in public groups and in the reader's own.

        An unlisted group can be read by anybody with its address, but is not listed.
        """
        shown = Q(group__visibility=Group.Visibility.PUBLIC)
        if reader.is_authenticated:
            shown |= _is_own(reader)
        return _of_meetings(Meeting.objects.filter(shown))

    def writable_by(self, member: User) -> Q:
        """Return the threads in the member's groups that are not closed."""
        own = Meeting.objects.filter(_is_own(member), group__closed_at__isnull=True)
        return _of_meetings(own)

    def readers_among(self, thread: Thread, member_ids: Collection[int]) -> set[int]:
        """Return who may read a thread: all, or members of a private group. Two queries."""
        group = Group.objects.filter(meetings__thread=thread).first()
        if group is None:
            return set()
        if not group.is_private:
            return set(member_ids)
        belonging = Membership.objects.filter(group=group, member__in=list(member_ids))
        return set(belonging.values_list("member_id", flat=True))

    def places(self, thread_ids: Collection[int]) -> dict[int, Place]:
        """Return the pages of the meetings of these threads: one query."""
        meetings = Meeting.objects.filter(thread__in=list(thread_ids)).select_related("group")
        return {
            meeting.thread_id: Place(
                f"{meeting.group.name}, {words.dated(meeting.day)}",
                meeting.get_absolute_url(),
            )
            for meeting in meetings
        }

    def badges(self, thread: Thread) -> dict[int, str]:
        """Return the ids of the group's organisers, with a badge for their names: one query."""
        running = Membership.objects.filter(group__meetings__thread=thread, role__in=RUNNING)
        return dict.fromkeys(running.values_list("member_id", flat=True), "organiser")

    def subject_choices(self, thread: Thread) -> Sequence[tuple[int, str]]:
        return spoilers.section_choices(thread)

    def save_subject(self, *, comment: Comment, subject_id: int) -> None:
        spoilers.save_section(comment=comment, section_id=subject_id)

    def subjects(
        self, comment_ids: Collection[int], reader: User | AnonymousUser
    ) -> dict[int, Subject]:
        return spoilers.subjects(comment_ids, reader)

    def closed_events(self, member: User, events: Collection[str]) -> list[str]:
        return gate.closed_to(member, events)

    def rail_section(self, paper: Paper, reader: User | AnonymousUser) -> RailSection | None:
        found = read_by(paper, reader)
        return RailSection(found, "groups/_read_by.jinja") if found else None


def _is_own(member: User) -> Q:
    own = Membership.objects.filter(member_id=member.pk)
    return Q(group__in=own.values("group"))


def _of_meetings(meetings: QuerySet[Meeting]) -> Q:
    # Correlated with the thread, to use the index: a list of all meetings would be long.
    return Q(Exists(meetings.filter(thread=OuterRef("pk"))))
