"""The page of a paper with its thread, and what any page says of its thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from common.components import Link
from common.jinja import render_fragment
from common.remembering import shared
from common.tex.rendering import to_plain
from common.words import counted
from discussions import owners
from discussions.anchors import passages
from discussions.comments.models import Anchor, shown
from discussions.moderation.models import Act
from discussions.thread import comment_list, rows
from discussions.thread.models import Thread, ThreadReading
from discussions.thread.rows import ThreadQuery
from discussions.thread.tree import BEST, NEWEST, OLDEST
from discussions.voters.page import faces_of
from papers import voters
from papers.models import Paper
from papers.page import PAPER_COLUMNS, PaperView

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.utils.safestring import SafeString

    from accounts.models import User
    from discussions.thread.comment_list import ThreadContext
    from papers.models.paper import PaperQuerySet
    from papers.sources import Ref

_SORTS = {BEST: "Best", NEWEST: "Newest", OLDEST: "Oldest"}


class AttentionChoice(NamedTuple):
    """What a member may want to hear of a thread."""

    value: str
    label: str
    is_current: bool


@dataclass
class ThreadView:
    """A thread as one reader sees it: four queries, and two fewer for a visitor."""

    thread: Thread | None
    # Of the page that shows it.
    url: str
    reader: User | AnonymousUser
    query: ThreadQuery = field(default_factory=ThreadQuery)
    paper: Paper | None = None
    # The paper's authors among the members, by username, where the page knows them already.
    author_names: Collection[str] | None = None

    @cached_property
    def reading(self) -> ThreadReading | None:
        return rows.reading_of(self.thread, self.reader) if self.thread else None

    @cached_property
    def part(self) -> rows.ThreadPart:
        if self.thread is None:
            return rows.EMPTY
        return rows.part_of(self.thread, self.query, rows.viewer_of(self.reader, self.reading))

    @cached_property
    def context(self) -> ThreadContext:
        return comment_list.context_of(
            self.thread,
            self.reader,
            url=self.url,
            sort=self.query.sort,
            reading=self.reading,
            paper=self.paper,
            author_names=self.author_names,
            marked=self.marked,
            is_writable=self.is_writable,
            comment_ids=self.part.rows,
        )

    @property
    def comments(self) -> list[SafeString]:
        """The comments as fragments, to be shown one after the other."""
        part = self.part
        return comment_list.fragments_of(part.nodes, part.rows, part.sizes, self.context)

    # The abstract -----------------------------------------------------------------------

    @cached_property
    def marked(self) -> passages.Marked:
        """The abstract, with the passages marked that comments point at."""
        html = self.paper.abstract_html if self.paper else ""
        anchors = abstract_anchors(self.thread) if self.thread and html else []
        elsewhere = {
            comment_id: f"{self.url}?comment={comment_id}#comment-{comment_id}"
            for comment_id, _ in anchors
            if comment_id not in self.part.rows
        }
        return passages.mark_passages(html, anchors, links=elsewhere)

    @property
    def abstract_html(self) -> SafeString:
        return self.marked.html

    # The head ----------------------------------------------------------------------------

    @property
    def pk(self) -> int | str:
        return self.thread.pk if self.thread else ""

    @property
    def comment_count(self) -> int:
        return self.thread.comment_count if self.thread else 0

    @property
    def count_label(self) -> str:
        return counted(self.comment_count, "comment") if self.comment_count else "Comments"

    @property
    def is_empty(self) -> bool:
        return not self.part.nodes

    @property
    def is_locked(self) -> bool:
        return self.thread is not None and self.thread.is_locked

    @cached_property
    def lock(self) -> Act | None:
        """The act that closed the thread, with its reason: one query, for a closed one alone."""
        if self.thread is None or not self.is_locked:
            return None
        return self.thread.acts.filter(kind=Act.Kind.LOCK, undone_by=None).order_by("pk").last()

    @property
    def takes_comments(self) -> bool:
        """Whether the form is there; before the first comment there is no thread to close."""
        if not self.reader.is_authenticated:
            return False
        return self.is_writable and (not self.is_locked or self.reader.is_moderator)

    @cached_property
    def is_writable(self) -> bool:
        """Whether the reader is among those who write here, were the thread open to them."""
        return self.thread is None or self.thread.is_writable_for(self.reader)

    @property
    def writers(self) -> str:
        """Who may write here, for a reader who may not: one query."""
        return owners.owner_of(self.thread).writers if self.thread else ""

    @property
    def tabs(self) -> list[Link]:
        return [
            Link(label, self._url(sort=sort), is_current=sort == self.query.sort)
            for sort, label in _SORTS.items()
        ]

    @property
    def latest(self) -> int:
        """The newest comment on this page."""
        return max(self.part.rows, default=0)

    @property
    def newest(self) -> int:
        """The newest comment of the thread, wherever: what comes later is news to this page."""
        return max(self.part.newest, self.latest)

    @property
    def new_count(self) -> str:
        """How many comments came since the reader's last visit, "" for none."""
        most = rows.MOST_NEW
        count = self.part.new_count
        return "" if not count else f"{most}+" if count >= most else str(count)

    @property
    def new_url(self) -> str:
        """Where the first of the new comments is: on this page, or the newest of all."""
        for node in self.part.nodes:
            row = self.part.rows[node.pk]
            if self.context.is_new(row) and not self.context.is_replaced(row):
                return f"#comment-{node.pk}"
        return self._url(sort=NEWEST)

    @property
    def attention_url(self) -> str:
        if self.paper:
            return reverse("discussions:paper_attention", args=[self.paper.ref])
        return reverse("discussions:thread_attention", args=[self.pk]) if self.thread else ""

    @property
    def attention(self) -> list[AttentionChoice]:
        now = self.reading.attention if self.reading else ""
        return [
            AttentionChoice(each.value or "usual", each.label, each == now)
            for each in ThreadReading.Attention
        ]

    @property
    def attention_label(self) -> str:
        now = self.reading.attention if self.reading else ""
        return {"watching": "Watching", "muted": "Muted"}.get(now, "Watch")

    # Ways on ------------------------------------------------------------------------------

    @property
    def next_url(self) -> str:
        return self._url(sort=self.query.sort, after=self.part.after) if self.part.after else ""

    @property
    def next_query(self) -> str:
        """The same without its fragment: htmx would go up to it."""
        return self.next_url.partition("#")[0]

    @property
    def first_url(self) -> str:
        """Back to the beginning, for a page that begins elsewhere."""
        is_later = bool(self.query.after) or self.part.is_branch
        return self._url(sort=self.query.sort) if is_later else ""

    @property
    def all_url(self) -> str:
        """Everything at once, where that is more than this page and not too much."""
        is_more = bool(self.part.after) and not self.query.is_whole
        return self._url(sort=self.query.sort, all="1") if is_more else ""

    @property
    def all_label(self) -> str:
        if self.comment_count <= rows.WHOLE_SIZE:
            return f"Show all {self.comment_count} at once"
        return f"Show {rows.WHOLE_SIZE:,} at once"

    @property
    def above_url(self) -> str:
        """The branch from a comment further up, where this page leaves some out."""
        if not self.part.above_count:
            return ""
        return self.context.branch_url(self.part.nodes[0].pk, None)

    def _url(self, **asked: str) -> str:
        if asked.get("sort") == BEST:
            del asked["sort"]
        return f"{self.url}{'?' if asked else ''}{urlencode(asked)}#thread"


# Passages -----------------------------------------------------------------------------------


def abstract_anchors(thread: Thread) -> list[tuple[int, Any]]:
    """Return which comments point at the abstract, and at what: one query, shared.

    The same for every reader, and asked for anew once a comment came or went.
    """
    if not thread.comment_count:
        return []
    return _abstract_anchors(thread.pk, thread.comment_count, thread.last_comment_at)


@shared
def _abstract_anchors(
    thread_id: int, comment_count: int, last_comment_at: datetime | None
) -> list[tuple[int, Any]]:
    anchors = Anchor.objects.filter(part=Anchor.Part.ABSTRACT, comment__thread=thread_id)
    anchors = anchors.filter(shown("comment__")).order_by("comment_id")
    return list(anchors.values_list("comment_id", "selectors"))


# The page of a paper ------------------------------------------------------------------------


class PaperPage(NamedTuple):
    """The page of a paper without its frame."""

    title: str
    description: str
    # "" before the first comment.
    thread_pk: int | str
    main: SafeString
    rail: SafeString


_THREAD_COLUMNS = (
    "thread__comment_count",
    "thread__last_comment_at",
    "thread__locked_at",
    "thread__paper_id",
)


def get_paper(ref: Ref) -> Paper:
    """Return a paper with all that its page shows of it, and its thread, or raise Http404."""
    return get_object_or_404(_papers_with_threads().at(ref))


def find_paper(ref: Ref) -> Paper | None:
    return _papers_with_threads().at(ref).first()


def _papers_with_threads() -> PaperQuerySet:
    papers = Paper.objects.select_related("tally", "organization", "submitted_by", "thread")
    return papers.only(*PAPER_COLUMNS, *_THREAD_COLUMNS)


def thread_view(
    paper: Paper, reader: User | AnonymousUser, *, view: PaperView, query: ThreadQuery
) -> ThreadView:
    """Return the thread of a paper as one reader sees it."""
    return ThreadView(
        thread=thread_of(paper),
        url=paper.get_absolute_url(),
        reader=reader,
        query=query,
        paper=paper,
        author_names={line.claimed_by for line in view.authors if line.claimed_by},
    )


def render_paper(
    view: PaperView, thread: ThreadView, *, form_html: SafeString | str = ""
) -> PaperPage:
    """Render what the page shows one reader."""
    paper = view.paper
    context = {
        "paper": paper,
        "view": view,
        "thread": thread,
        "is_member": view.reader.is_authenticated,
        "form_html": form_html,
        "sections": owners.rail_sections(paper, view.reader),
        "voters": faces_of(paper, view.reader),
        "shows_ai": settings.SHOW_AI_SUMMARIES,
    }
    return PaperPage(
        title=paper.title_text,
        description=Truncator(to_plain(paper.abstract[:400])).chars(200),
        thread_pk=thread.pk,
        main=render_fragment("discussions/_paper_main.jinja", **context),
        rail=render_fragment("discussions/_paper_rail.jinja", **context),
    )


def visitors_paper(ref: Ref, sort: str) -> PaperPage | None:
    """Return the page that every visitor sees alike: one query while it is remembered.

    Votes for the paper and new comments show at once; an edit, or a vote for a comment, may be
    some seconds late. None where there is no such paper.
    """
    state = _state_of(ref)
    return None if state is None else _rendered_for_visitors(ref, sort, state)


@shared
def _rendered_for_visitors(ref: Ref, sort: str, state: str) -> PaperPage:
    paper, visitor = get_paper(ref), AnonymousUser()
    view = PaperView(paper, reader=visitor)
    with timezone.override("UTC"):
        return render_paper(
            view, thread_view(paper, visitor, view=view, query=ThreadQuery(sort=sort))
        )


def _state_of(ref: Ref) -> str | None:
    """Return what changes with a paper's page: a vote, who shows it, a comment, a version.

    One query; None where there is no such paper.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STATE_SQL, [voters.FACES, *ref])
        row = cursor.fetchone()
    return row[0] if row else None


_STATE_SQL = """
    SELECT concat_ws(
        '/', extract(epoch FROM paper.updated_at), tally.vote_count, thread.comment_count,
        extract(epoch FROM thread.last_comment_at), extract(epoch FROM thread.locked_at),
        (
            SELECT string_agg(voter.member_id::text, ' ')
            FROM (
                SELECT vote.member_id
                FROM papers_upvote AS vote
                JOIN accounts_user AS member ON member.id = vote.member_id
                WHERE vote.paper_id = paper.id AND vote.voided_at IS NULL
                    AND member.shows_votes AND member.is_active AND member.closed_at IS NULL
                ORDER BY vote.cast_at DESC, vote.id DESC
                LIMIT %s
            ) AS voter
        )
    )
    FROM papers_paper AS paper
    JOIN papers_papertally AS tally ON tally.paper_id = paper.id
    LEFT JOIN discussions_thread AS thread ON thread.paper_id = paper.id
    WHERE paper.source = %s AND paper.external_id = %s
"""


def thread_of(paper: Paper) -> Thread | None:
    """Return the paper's thread, or None before its first comment."""
    try:
        return paper.thread
    except Thread.DoesNotExist:
        return None
