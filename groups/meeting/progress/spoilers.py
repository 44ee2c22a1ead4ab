"""Folding comments about sections that the reader has not reached, if they ask for it.

Comments are folded, not removed: a click opens them, and search and counts include them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from discussions.owners import Subject
from groups.meeting.progress.models import CommentPlace, Progress, Section
from groups.membership.models import Membership

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
    folds = Membership.objects.filter(
        group=OuterRef("section__meeting__group"), member=reader.pk, folds_ahead=True
    )
    progress = Progress.objects.filter(meeting=OuterRef("section__meeting"), member=reader.pk)
    read = Q(state=Progress.State.READ) | Q(sections_read__contains=[OuterRef("section_id")])
    places = CommentPlace.objects.filter(comment__in=comment_ids).select_related("section")
    # A reader's own comments are not folded.
    is_ahead = Exists(folds) & ~Exists(progress.filter(read)) & ~Q(comment__author=reader.pk)
    found = places.annotate(is_ahead=is_ahead)
    return {
        place.comment_id: Subject(place.section.label, is_ahead=place.is_ahead) for place in found
    }


def read_sections(sections: Sequence[Section], progress: Progress | None) -> set[int]:
    """Return the ids of the sections that a member has read: all in state "read"."""
    if progress is None:
        return set()
    if progress.state == Progress.State.READ:
        return {section.pk for section in sections}
    return set(progress.sections_read)


def sections_of(meeting: Meeting) -> list[Section]:
    """Return the sections of a meeting's reading: one query."""
    return list(Section.objects.filter(meeting=meeting))
