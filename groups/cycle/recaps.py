"""The notice at the end of a meeting: what it produced, and what members are asked to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from groups.notices import notices, wording
from groups.notices.models import Notice

if TYPE_CHECKING:
    from groups.schedule.models import Meeting


def give(meeting: Meeting) -> bool:
    """Notify the group, once, that a meeting has ended.

    Minutes are finished later, so the notice links to them instead of quoting them.
    """
    return notices.give(
        group=meeting.group,
        meeting=meeting,
        kind=Notice.Kind.RECAP,
        subject_id=meeting.pk,
        words=_words(meeting),
        url=meeting.get_absolute_url(),
    )


def _words(meeting: Meeting) -> str:
    read = wording.read_at(meeting)
    about = f" about {read}" if read else ""
    sentences = [
        f"{meeting.group.name} met on {wording.day(meeting)}{about}.",
        "Minutes, questions and files are on its page.",
    ]
    if meeting.written_until and meeting.written_until > timezone.now():
        until = wording.moment(meeting.written_until, meeting.zone)
        sentences.append(f"The written discussion continues until {until}.")
    if meeting.group.survey_question:
        sentences.append(meeting.group.survey_question)
    return " ".join(sentences)
