"""What a page says of its thread, for one reader."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString

from common.components import Link
from common.words import counted
from discussions.anchors import passages
from discussions.moderation.models import Act
from discussions.thread import comment_list, queries, thread_rows
from discussions.thread.models import ThreadReading
from discussions.thread.queries import Ask
from discussions.thread.tree import BEST, NEWEST, OLDEST

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from discussions.thread.comment_list import Sight
    from discussions.thread.models import Thread
    from papers.models import Paper

# Where the comments belong in a page that is rendered without them. Nobody can guess it: a
# form that is shown again holds what was sent, and each place takes a whole thread.
PLACE = SafeString(f"\0comments {secrets.token_hex(16)}\0")

_SORTS = {BEST: "Best", NEWEST: "Newest", OLDEST: "Oldest"}


class Choice(NamedTuple):
    """What a member may want to hear of a thread."""

    value: str
    label: str
    is_current: bool


@dataclass
class ThreadView:
    """A thread as one reader sees it: five queries, and two fewer for a visitor."""

    thread: Thread | None
    # Of the page that shows it.
    url: str
    reader: User | AnonymousUser
    ask: Ask = field(default_factory=Ask)
    paper: Paper | None = None
    # How far the reader is, where the page knows already.
    known_reading: ThreadReading | None = None
    # The paper's authors among the members, by username, where the page knows them already.
    author_names: Collection[str] | None = None

    @cached_property
    def reading(self) -> ThreadReading | None:
        if self.known_reading or not self.thread:
            return self.known_reading
        return queries.reading_of(self.thread, self.reader)

    @cached_property
    def part(self) -> queries.Part:
        if self.thread is None:
            return queries.EMPTY
        looker = queries.looker_of(self.reader, self.reading)
        return queries.part_of(self.thread, self.ask, looker)

    @cached_property
    def sight(self) -> Sight:
        return comment_list.sight_of(
            self.thread,
            self.reader,
            url=self.url,
            sort=self.ask.sort,
            reading=self.reading,
            paper=self.paper,
            author_names=self.author_names,
            marked=self.marked,
            is_writer=self.is_writable,
            comment_ids=self.part.said,
        )

    @property
    def place(self) -> SafeString:
        return PLACE

    @cached_property
    def comments_html(self) -> SafeString:
        part = self.part
        return comment_list.joined(part.nodes, part.said, part.sizes, self.sight)

    # The abstract -----------------------------------------------------------------------

    @cached_property
    def marked(self) -> passages.Marked:
        """The abstract, with the passages marked that comments point at."""
        html = self.paper.abstract_html if self.paper else ""
        anchors = queries.abstract_anchors(self.thread) if self.thread and html else []
        elsewhere = {
            comment_id: f"{self.url}?comment={comment_id}#comment-{comment_id}"
            for comment_id, _ in anchors
            if comment_id not in self.part.said
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
        if self.thread is None or self.thread.paper_id is not None:
            return True
        return self.reader.is_authenticated and self.thread.is_writable_by(self.reader)

    @property
    def tabs(self) -> list[Link]:
        return [
            Link(label, self._url(sort=sort), is_current=sort == self.ask.sort)
            for sort, label in _SORTS.items()
        ]

    @property
    def latest(self) -> int:
        """The newest comment on this page."""
        return max(self.part.said, default=0)

    @property
    def newest(self) -> int:
        """The newest comment of the thread, wherever: what comes later is news to this page."""
        return max(self.part.newest, self.latest)

    @property
    def new_count(self) -> str:
        """How many comments came since the reader's last visit, "" for none."""
        most = thread_rows.MOST_NEW
        count = self.part.new_count
        return "" if not count else f"{most}+" if count >= most else str(count)

    @property
    def new_url(self) -> str:
        """Where the first of the new comments is: on this page, or the newest of all."""
        for node in self.part.nodes:
            said = self.part.said[node.pk]
            if self.sight.is_new(said) and not self.sight.is_place(said):
                return f"#comment-{node.pk}"
        return self._url(sort=NEWEST)

    @property
    def attention_url(self) -> str:
        if self.paper:
            return reverse("discussions:paper_attention", args=[self.paper.ref])
        return reverse("discussions:thread_attention", args=[self.pk]) if self.thread else ""

    @property
    def attention(self) -> list[Choice]:
        now = self.reading.attention if self.reading else ""
        return [
            Choice(each.value or "usual", each.label, each == now)
            for each in ThreadReading.Attention
        ]

    @property
    def attention_label(self) -> str:
        now = self.reading.attention if self.reading else ""
        return {"watching": "Watching", "muted": "Muted"}.get(now, "Watch")

    # Ways on ------------------------------------------------------------------------------

    @property
    def next_url(self) -> str:
        return self._url(sort=self.ask.sort, after=self.part.after) if self.part.after else ""

    @property
    def next_query(self) -> str:
        """The same without its fragment: htmx would go up to it."""
        return self.next_url.partition("#")[0]

    @property
    def first_url(self) -> str:
        """Back to the beginning, for a page that begins elsewhere."""
        is_later = bool(self.ask.after) or self.part.is_branch
        return self._url(sort=self.ask.sort) if is_later else ""

    @property
    def all_url(self) -> str:
        """Everything at once, where that is more than this page and not too much."""
        is_more = bool(self.part.after) and not self.ask.is_whole
        return self._url(sort=self.ask.sort, all="1") if is_more else ""

    @property
    def all_label(self) -> str:
        if self.comment_count <= queries.WHOLE_SIZE:
            return f"Show all {self.comment_count} at once"
        return f"Show {queries.WHOLE_SIZE:,} at once"

    @property
    def above_url(self) -> str:
        """The branch from a comment further up, where this page leaves some out."""
        if not self.part.above_count:
            return ""
        return self.sight.branch_url(self.part.nodes[0].pk, None)

    def _url(self, **asked: str) -> str:
        if asked.get("sort") == BEST:
            del asked["sort"]
        return f"{self.url}{'?' if asked else ''}{urlencode(asked)}#thread"


class Alone(NamedTuple):
    """One comment as it is put into a page that is open."""

    pk: int
    parent_id: int | None
    html: SafeString


def comments_alone(
    thread: Thread, comment_ids: Collection[int], reader: User | AnonymousUser
) -> list[Alone]:
    """Show these comments of a thread, the oldest first: three queries, four for a paper.

    One that was made to wait for a moderator meanwhile is left out.
    """
    view = ThreadView(thread=thread, url=thread.get_absolute_url(), reader=reader)
    sight = comment_list.sight_of(
        thread,
        reader,
        url=view.url,
        paper=thread.paper,
        is_writer=view.is_writable,
        comment_ids=comment_ids,
    )
    said = thread_rows.said(comment_ids, looker=sight.looker)
    shown = [each for _, each in sorted(said.items()) if not sight.is_absent(each)]
    return [Alone(each.pk, each.parent_id, comment_list.alone(each, sight)) for each in shown]
