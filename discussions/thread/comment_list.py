"""The comments of a page as one viewer sees them.

What is stored as HTML is the sanitizer's. The markup is kept lean, since a page may hold it a
thousand times: what a comment offers beyond a press lies behind "More".
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.profile.avatars import initials_of, tone_of
from common.jinja import RememberedFragment
from common.relative_times import told_time
from discussions import owners
from discussions.anchors import anchoring, passages
from discussions.comments.marks import COMMENTS_URL, CommentMarks
from discussions.comments.models import Anchor
from discussions.thread.rows import CommentRow, Viewer, comment_rows, viewer_of
from discussions.thread.tree import BEST, Node
from papers.models import Authorship

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import tzinfo

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from discussions.owners import Subject
    from discussions.thread.models import Thread, ThreadReading
    from papers.models import Paper


@dataclass(frozen=True)
class ThreadContext:
    """Who views the comments of a thread, on which page and when."""

    # Of the page that shows the thread.
    url: str = ""
    sort: str = BEST
    viewer: Viewer = field(default_factory=Viewer)
    # Who wrote the paper, by username, who submitted it, and what others are, by id.
    author_names: Collection[str] = frozenset()
    submitter_id: int | None = None
    badges: Mapping[int, str] = field(default_factory=dict)
    is_locked: bool = False
    # Whether the viewer may write and vote here. For a visitor to a paper it is decided once
    # they have signed in.
    is_writable: bool = True
    # What comments are about, where their thread has subjects.
    subjects: Mapping[int, Subject] = field(default_factory=dict)
    # The marks in the abstract that comments point at, and the comments whose words are gone.
    passage_ids: Mapping[int, str] = field(default_factory=dict)
    lost_ids: Collection[int] = frozenset()
    version: int | None = None
    now: datetime = field(default_factory=timezone.now)
    zone: tzinfo = field(default_factory=timezone.get_current_timezone)

    @cached_property
    def second(self) -> int:
        return int(self.now.timestamp())

    @cached_property
    def year(self) -> int:
        return self.now.astimezone(self.zone).year

    @property
    def takes_replies(self) -> bool:
        return self.is_writable and (not self.is_locked or self.viewer.is_moderator)

    def branch_url(self, pk: int, after: int | None) -> str:
        """Return the page of one comment's branch, behind its reply `after`."""
        query: dict[str, object] = {"comment": pk}
        if self.sort != BEST:
            query["sort"] = self.sort
        if after:
            query["after"] = after
        return f"{self.url}?{urlencode(query)}#comment-{pk}"

    def is_new(self, row: CommentRow) -> bool:
        seen = self.viewer.seen_up_to
        return seen is not None and row.pk > seen and row.author_id != self.viewer.pk

    def is_own(self, row: CommentRow) -> bool:
        # A visitor's id and that of a deleted author are both None, and yet not the same.
        return row.author_id is not None and row.author_id == self.viewer.pk

    def is_absent(self, row: CommentRow) -> bool:
        """Whether the comment waits for a moderator and the viewer may not know of it."""
        return row.is_held and not (self.is_own(row) or self.viewer.is_moderator)

    def view_of(self, row: CommentRow, *, below: int = 0) -> CommentView:
        """Return the comment, with so many `below` it, as the viewer sees it."""
        pk = row.pk
        at = datetime.fromtimestamp(row.posted_at, self.zone)
        return CommentView(
            row=row,
            badges=self._badges(row),
            posted_at=at.isoformat(" ", "minutes"),
            posted=told_time(at, age=self.second - row.posted_at, year=self.year),
            below=below,
            subject=self.subjects.get(pk),
            passage_id=self.passage_ids.get(pk, ""),
            lost_since=(self.version or 0) if pk in self.lost_ids else None,
            is_new=self.is_new(row),
            is_own=self.is_own(row),
            is_replaced=self.is_replaced(row),
            is_member=self.viewer.pk is not None,
            is_moderator=self.viewer.is_moderator,
            is_writable=self.is_writable,
            takes_replies=self.takes_replies and not row.is_held,
        )

    def _badges(self, row: CommentRow) -> tuple[str, ...]:
        words = []
        if row.username in self.author_names:
            words.append("author")
        if row.author_id is not None:
            if row.author_id == self.submitter_id:
                words.append("submitter")
            if row.author_id in self.badges:
                words.append(self.badges[row.author_id])
        if row.is_moderator:
            words.append("moderator")
        return tuple(words)

    def is_replaced(self, row: CommentRow) -> bool:
        """Whether the viewer sees the reason why a comment is gone in place of its text."""
        is_gone = row.is_deleted or row.is_hidden or self.is_absent(row)
        return is_gone or row.is_blocked


class AnchorView(NamedTuple):
    """The passage that a comment points at."""

    quote: str
    # As "Section 4.3", for a place in the paper.
    label: str = ""
    # The mark in the abstract.
    href: str = ""
    # Why there is no such mark any more.
    lost: str = ""


class CommentView(NamedTuple):
    """One comment as one viewer sees it: all of it. Hashable: it is the memo's key."""

    row: CommentRow
    # Words beside the author's name.
    badges: tuple[str, ...]
    posted_at: str
    posted: str
    # How many comments are below it, shown or not.
    below: int
    subject: Subject | None
    # The mark in the abstract; the version that has lost its words, 0 for one without a number.
    passage_id: str
    lost_since: int | None
    is_new: bool
    is_own: bool
    is_replaced: bool
    is_member: bool
    is_moderator: bool
    is_writable: bool
    takes_replies: bool

    @property
    def url(self) -> str:
        return f"{COMMENTS_URL}{self.row.pk}"

    @property
    def initials(self) -> str:
        return initials_of(self.row.username, self.row.full_name)

    @property
    def tone(self) -> int:
        return tone_of(self.row.username)

    @property
    def marks(self) -> CommentMarks:
        row = self.row
        return CommentMarks(
            pk=row.pk,
            vote_count=row.vote_count,
            is_upvoted=row.is_upvoted,
            reaction_counts=row.reactions,
            chosen=row.chosen_kinds,
            # Members who only read along see the counts, as authors see those of their own.
            is_own=self.is_own or not self.is_writable,
        )

    @property
    def anchor(self) -> AnchorView:
        selectors = json.loads(self.row.selectors or "[]")
        quote = passages.Quote.of(selectors).exact
        if self.row.anchor_part == Anchor.Part.PAPER:
            return AnchorView(quote, label=anchoring.label_of(selectors))
        if self.passage_id:
            return AnchorView(quote, href=f"#{self.passage_id}")
        if self.lost_since is not None:
            where = f"in version {self.lost_since}" if self.lost_since else "here"
            return AnchorView(quote, lost=f"No longer {where}")
        return AnchorView(quote)


class End(NamedTuple):
    """How a comment ends, behind those of its replies that the page shows."""

    # How many replies the page leaves out, and where they are.
    rest: int = 0
    rest_url: str = ""
    has_replies: bool = False
    is_ahead: bool = False


# A page of a thousand shows nearly the same comments to every reader.
_opening = RememberedFragment("discussions/_comment.jinja", size=4096)
_ending = RememberedFragment("discussions/_comment_end.jinja", size=1024)


def fragments_of(
    nodes: Iterable[Node],
    rows: Mapping[int, CommentRow],
    sizes: Mapping[int, int],
    context: ThreadContext,
) -> list[SafeString]:
    """Show the comments of these nodes, with their replies inside them.

    In fragments, which together are the list: joining them would copy a megabyte of it.
    """
    fragments: list[SafeString] = []
    # The comments that lead to the one in hand.
    path: list[Node] = []
    last_pk = 0
    for node in [*nodes, _LAST]:
        while len(path) > node.depth:
            ended = path.pop()
            end = _end_of(ended, context, has_replies=ended.pk != last_pk)
            fragments.append(_ending(end=end))
        if node is not _LAST:
            view = context.view_of(rows[node.pk], below=sizes.get(node.pk, 1) - 1)
            fragments.append(_opening(comment=view))
            path.append(node)
            last_pk = node.pk
    return fragments


# Ends every comment before it.
_LAST = Node(0, 0)
_PLAIN_END = End()


def _end_of(node: Node, context: ThreadContext, *, has_replies: bool) -> End:
    subject = context.subjects.get(node.pk)
    if not (node.rest or subject):
        return _PLAIN_END
    return End(
        rest=node.rest,
        rest_url=context.branch_url(node.pk, node.after) if node.rest else "",
        has_replies=has_replies,
        is_ahead=subject is not None and subject.is_ahead,
    )


def context_of(
    thread: Thread | None,
    reader: User | AnonymousUser,
    *,
    url: str,
    sort: str = BEST,
    reading: ThreadReading | None = None,
    paper: Paper | None = None,
    author_names: Collection[str] | None = None,
    marked: passages.Marked | None = None,
    is_writable: bool = True,
    comment_ids: Collection[int] = (),
) -> ThreadContext:
    """Return the context in which the reader views these comments of a thread."""
    if author_names is None:
        author_names = authors_among_members(paper) if paper else ()
    return ThreadContext(
        url=url,
        sort=sort,
        viewer=viewer_of(reader, reading),
        author_names=frozenset(author_names),
        submitter_id=paper.submitted_by_id if paper else None,
        badges=owners.badges(thread) if thread else {},
        is_locked=thread is not None and thread.is_locked,
        is_writable=is_writable,
        subjects=owners.subjects(thread, comment_ids, reader) if thread else {},
        passage_ids={pk: each.id for pk, each in marked.passages.items()} if marked else {},
        lost_ids=marked.lost if marked else (),
        version=paper.version if paper else None,
    )


def authors_among_members(paper: Paper) -> set[str]:
    """Return the usernames of those who claimed their place among the authors: one query."""
    claimed = Authorship.objects.filter(paper=paper, claimed_by__isnull=False)
    return set(claimed.values_list("claimed_by__username", flat=True))


class LoneComment(NamedTuple):
    """One comment as it is put into a page that is open."""

    pk: int
    parent_id: int | None
    html: SafeString


def lone_comments(
    thread: Thread, comment_ids: Collection[int], reader: User | AnonymousUser
) -> list[LoneComment]:
    """Show these comments of a thread, the oldest first: two queries, three for a paper.

    One that was made to wait for a moderator meanwhile is left out.
    """
    context = context_of(
        thread,
        reader,
        url=thread.get_absolute_url(),
        paper=thread.paper,
        is_writable=thread.is_writable_for(reader),
        comment_ids=comment_ids,
    )
    rows = comment_rows(comment_ids, viewer=context.viewer)
    return [
        LoneComment(row.pk, row.parent_id, _alone(row, context))
        for _, row in sorted(rows.items())
        if not context.is_absent(row)
    ]


def _alone(row: CommentRow, context: ThreadContext) -> SafeString:
    return SafeString("".join(fragments_of([Node(row.pk, 0)], {row.pk: row}, {}, context)))
