"""Search a group's past meetings by papers, minutes and questions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models.functions import ExtractYear
from django.urls import reverse

from common.numbers import whole_number
from common.paging import pager_at
from groups.archive.page import rows_of
from groups.schedule.models import Meeting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from common.components import Pager
    from groups.access import Visit

PAGE_SIZE = 20
MAX_WORDS = 200
# Nobody pages further than this, and large offsets are slow.
LAST_PAGE = 500

# "Not not not": Postgres fails at about thirty nested negations.
_NEGATIONS = re.compile(r"-[-\s\"]*-")

# All words of a meeting form one text, so that a query's words may match in different parts of it.
# A group has a few hundred meetings: they are searched on demand, without an index.
_FOUND_SQL = """
    SELECT meeting.id
    FROM groups_meeting meeting
    LEFT JOIN groups_minutes minutes ON minutes.meeting_id = meeting.id
    WHERE meeting.group_id = %(group)s::bigint
      AND meeting.phase = 'held'
      AND to_tsvector('english'::regconfig, concat_ws(E'\\n',
          meeting.title, meeting.note, minutes.text,
          (SELECT string_agg(concat_ws(' ', paper.title_text, paper.title, paper.external_id,
                  (SELECT string_agg(authorship.name, ' ') FROM papers_authorship authorship
                   WHERE authorship.paper_id = paper.id AND authorship.position < 100)), E'\\n')
           FROM groups_meetingpaper reading JOIN papers_paper paper ON paper.id = reading.paper_id
           WHERE reading.meeting_id = meeting.id),
          (SELECT string_agg(concat_ws(' ', member.full_name, member.username), E'\\n')
           FROM groups_seat seat
           JOIN groups_seatkind kind ON kind.id = seat.kind_id AND kind.is_presenter
           JOIN accounts_user member ON member.id = seat.member_id
           WHERE seat.meeting_id = meeting.id),
          (SELECT string_agg(question.text, E'\\n')
           FROM groups_question question WHERE question.meeting_id = meeting.id)
      )) @@ websearch_to_tsquery('english'::regconfig, %(words)s::text)
"""


@dataclass(frozen=True)
class ArchiveQuery:
    """A search of the archive. Invalid parameters are ignored."""

    words: str = ""
    year: int | None = None
    page_number: int = 1

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> ArchiveQuery:
        page = whole_number(asked.get("page", ""), digits=4) or 1
        words = " ".join(asked.get("q", "").replace("\0", "").split())[:MAX_WORDS]
        words = _NEGATIONS.sub("-", words)
        return cls(words, whole_number(asked.get("year", ""), digits=4), min(page, LAST_PAGE))


@dataclass(frozen=True)
class ArchivePage:
    ask: ArchiveQuery
    rows: list[Meeting]
    years: list[int]
    pager: Pager

    @property
    def is_narrowed(self) -> bool:
        return bool(self.ask.words or self.ask.year)


def search(visit: Visit, ask: ArchiveQuery) -> ArchivePage:
    """Return a page of the meetings that were held: five queries, six for a text search."""
    held = Meeting.objects.filter(group=visit.group).held()
    years = held.order_by().annotate(year=ExtractYear("day")).values_list("year", flat=True)
    meetings = held
    if ask.words:
        meetings = meetings.filter(pk__in=_found_ids(visit.group.pk, ask.words))
    if ask.year:
        meetings = meetings.filter(day__year=ask.year)
    start = (ask.page_number - 1) * PAGE_SIZE
    rows = rows_of(visit, meetings[start : start + PAGE_SIZE + 1])
    narrowed = {"q": ask.words, "year": ask.year}
    return ArchivePage(
        ask=ask,
        rows=rows[:PAGE_SIZE],
        years=sorted(years.distinct(), reverse=True),
        pager=pager_at(
            reverse("groups:archive", args=[visit.group.slug]),
            {name: value for name, value in narrowed.items() if value},
            ask.page_number,
            has_more=len(rows) > PAGE_SIZE,
        ),
    )


def _found_ids(group_id: int, words: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_FOUND_SQL, {"group": group_id, "words": words})
        return [meeting_id for (meeting_id,) in cursor.fetchall()]
