"""What is about sections that a reader has not come to: folded for those who asked for it.

It is never left out: one press opens it, and search and counts have it as ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from discussions.owners import Subject
from groups.meeting.progress.models import CommentPlace, Progress, Section

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from discussions.models import Comment, Thread
    from groups.schedule.models import Meeting


def section_choices(thread: Thread) -> list[tuple[int, str]]:
    """Return the sections that a comment in a meeting's thread may be about: one query."""
    sections = Section.objects.filter(meeting__thread=thread)
    return [(each.pk, f"{each.position}. {each.title}") for each in sections]


def save_section(*, comment: Comment, section_id: int) -> None:
    """Save which section a comment is about."""
    # An organiser may have removed the section while the comment was written.
    section = Section.objects.filter(pk=section_id, meeting__thread=comment.thread_id).first()
    if section is not None:
        CommentPlace.objects.create(comment=comment, section=section)


def subjects(comment_ids: Collection[int], reader: User | AnonymousUser) -> dict[int, Subject]:
    """Return the sections that these comments are about: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBJECTS_SQL, {"ids": list(comment_ids), "reader": reader.pk})
        rows = cursor.fetchall()
    return {
        pk: Subject(Section(position=position, title=title).label, is_ahead=is_ahead)
        for pk, position, title, is_ahead in rows
    }


def read_sections(sections: Sequence[Section], progress: Progress | None) -> set[int]:
    """Return the ids of the sections that somebody has read: all of them once they are through."""
    if progress is None:
        return set()
    if progress.state == Progress.State.READ:
        return {section.pk for section in sections}
    return set(progress.sections_read)


def sections_of(meeting: Meeting) -> list[Section]:
    """Return the sections of what a meeting reads: one query."""
    return list(Section.objects.filter(meeting=meeting))


# Nobody's own words are folded for them.
_SUBJECTS_SQL = """
    SELECT place.comment_id, section.position, section.title,
           coalesce(membership.folds_ahead, false)
           AND NOT coalesce(progress.state = 'read', false)
           AND NOT coalesce(section.id = ANY(progress.sections_read), false)
           AND comment.author_id IS DISTINCT FROM %(reader)s::bigint
    FROM groups_commentplace AS place
    JOIN discussions_comment AS comment ON comment.id = place.comment_id
    JOIN groups_section AS section ON section.id = place.section_id
    JOIN groups_meeting AS meeting ON meeting.id = section.meeting_id
    LEFT JOIN groups_membership AS membership
        ON membership.group_id = meeting.group_id AND membership.member_id = %(reader)s::bigint
    LEFT JOIN groups_progress AS progress
        ON progress.meeting_id = meeting.id AND progress.member_id = %(reader)s::bigint
    WHERE place.comment_id = ANY(%(ids)s::bigint[])
"""
