"""The public log of moderators' acts.

It shows what was done, by whom and why. It leaves out reporters, what was reported, moderators'
notes, the text of appeals, and the members whom warnings and suspensions concern.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.shortcuts import get_object_or_404

from common.paging import page_below
from discussions.moderation.models import Act, Appeal
from discussions.places import titled_places_for
from discussions.thread.models import Thread

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from accounts.models import User
    from discussions.places import TitledPlace

Kind = Act.Kind

PAGE_SIZE = 50

# Acts shown at the comment anyway, so the log names the comment.
_NAMES_COMMENT = frozenset({Kind.HIDE, Kind.SPAM, Kind.RESTORE, Kind.RELEASE})


@dataclass(frozen=True)
class Entry:
    """An act, with what the reader may see of it."""

    act: Act
    place: TitledPlace | None
    comment_url: str
    undone_by: Act | None
    appeal: Appeal | None

    @property
    def appeal_state(self) -> str:
        if self.appeal is None:
            return ""
        if self.appeal.decided_at is None:
            return "Appeal waiting for an answer"
        is_upheld = self.appeal.outcome == Appeal.Outcome.UPHELD
        return "Appeal upheld" if is_upheld else "Appeal denied"


@dataclass(frozen=True)
class ModerationLogPage:
    """A page of entries, the newest first. `older` is the id below which the next page begins."""

    entries: list[Entry]
    older: int | None


def entries(
    reader: User | AnonymousUser, *, kind: str = "", before: int | None = None
) -> ModerationLogPage:
    """Return a page of the log.

    One query; if one of the threads is not a paper's, one more, and one for each app that owns
    threads.
    """
    acts = _readable(reader)
    if kind:
        acts = acts.filter(kind=kind)
    shown, older = page_below(acts, before, size=PAGE_SIZE)
    return ModerationLogPage(_entries(shown, reader), older)


def get_entry(reader: User | AnonymousUser, pk: int) -> Entry:
    """Return an act that the reader may see, or raise Http404."""
    return _entries([get_object_or_404(_readable(reader), pk=pk)], reader)[0]


def _readable(reader: User | AnonymousUser) -> QuerySet[Act]:
    acts = Act.objects.select_related(
        "moderator", "member", "comment", "thread__paper", "undoes", "undone_by", "appeal"
    )
    if reader.is_authenticated and reader.is_moderator:
        return acts
    known = Q(thread__isnull=True) | Q(thread__in=Thread.objects.listed_for(reader))
    if reader.is_authenticated:
        # Members who left a private group still see what was done to them there.
        known |= Q(member=reader)
    return acts.filter(known)


def _entries(acts: Iterable[Act], reader: User | AnonymousUser) -> list[Entry]:
    acts = list(acts)
    # The page of a dismissal would reveal what was reported.
    told = [act.thread for act in acts if act.thread and act.kind != Kind.DISMISS]
    places = titled_places_for(reader, told)
    return [
        Entry(
            act=act,
            place=places.get(act.thread_id or 0) if act.kind != Kind.DISMISS else None,
            comment_url=_comment_url(act),
            undone_by=getattr(act, "undone_by", None),
            appeal=getattr(act, "appeal", None),
        )
        for act in acts
    ]


def _comment_url(act: Act) -> str:
    if act.comment is None or act.kind not in _NAMES_COMMENT:
        return ""
    return act.comment.get_absolute_url()
