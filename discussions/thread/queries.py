"""What the page of a thread shows, in a stated number of queries however long the thread is."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from common.numbers import whole_number
from common.remembering import shared_by_key
from discussions.comments.models import Anchor, stands
from discussions.thread import thread_rows
from discussions.thread.models import ThreadReading
from discussions.thread.thread_rows import Looker, Said
from discussions.thread.tree import BEST, SORTS, Node, Tree

if TYPE_CHECKING:
    from typing import Any

    from django.contrib.auth.models import AnonymousUser
    from django.http import QueryDict

    from accounts.models import User
    from discussions.thread.models import Thread
    from discussions.thread.thread_rows import Skeleton
    from papers.sources import Ref

# A page's comments, and those of one that was asked for all at once.
PAGE_SIZE = 50
WHOLE_SIZE = 1_000
# Above the comment that a branch was asked for: the nearest that lead to it.
ANCESTORS_SHOWN = 3


@dataclass(frozen=True)
class Ask:
    """What a page is asked to show of its thread. Whatever makes no sense asks for nothing."""

    sort: str = BEST
    comment_id: int | None = None
    after: str = ""
    is_whole: bool = False

    @classmethod
    def of(cls, asked: QueryDict) -> Ask:
        sort = asked.get("sort", "")
        return cls(
            sort=sort if sort in SORTS else BEST,
            comment_id=_id(asked.get("comment", "")),
            after=asked.get("after", ""),
            is_whole=asked.get("all") == "1",
        )

    @property
    def budget(self) -> int:
        return WHOLE_SIZE if self.is_whole else PAGE_SIZE


@dataclass(frozen=True)
class Part:
    """A part of a thread, in the order in which it is shown."""

    nodes: list[Node]
    said: dict[int, Said]
    # How many each comment is with all that is below it, shown or not.
    sizes: dict[int, int]
    # Where the next part begins; "" when there is none.
    after: str = ""
    # The comment that was asked for, when it is here.
    comment_id: int | None = None
    # A branch stands alone, and this many comments lead to where it begins.
    is_branch: bool = False
    above_count: int = 0
    new_count: int = 0
    # The latest comment of the thread, here or not.
    newest: int = 0


EMPTY = Part([], {}, {})


def looker_of(reader: User | AnonymousUser, reading: ThreadReading | None = None) -> Looker:
    """Return what rows depend on of a reader."""
    if not reader.is_authenticated:
        return Looker()
    # One who chose what news they want, and has not been here yet, has nothing new.
    seen = reading.seen_up_to if reading and reading.seen_at else None
    return Looker(reader.pk, reader.is_moderator, seen)


def reading_of(thread: Thread, reader: User | AnonymousUser) -> ThreadReading | None:
    """Return how far the reader is in the thread: one query, none for a visitor."""
    if not reader.is_authenticated:
        return None
    return ThreadReading.objects.filter(member=reader, thread=thread).first()


def part_of(thread: Thread, ask: Ask, looker: Looker) -> Part:
    """Return the part of a thread that was asked for: two queries.

    Two more when one comment is asked for that the first page of a short thread leaves out,
    or folds what is below it.
    """
    is_short = thread.comment_count <= ask.budget
    if ask.comment_id and not is_short:
        found = _branch(thread, ask, looker, ask.comment_id)
        if found:
            return found
    part = _page(thread, ask, looker)
    if ask.comment_id and is_short and not _shows(part, ask.comment_id):
        return _branch(thread, ask, looker, ask.comment_id) or part
    return part


def _shows(part: Part, comment_id: int) -> bool:
    """Whether a comment is there with all that is below it."""
    return any(node.pk == comment_id and not node.rest for node in part.nodes)


def _page(thread: Thread, ask: Ask, looker: Looker) -> Part:
    skeleton = thread_rows.beginnings(
        thread.pk,
        sort=ask.sort,
        after=_cursor(ask.sort, "" if ask.comment_id else ask.after),
        budget=ask.budget,
        looker=looker,
    )
    tree = Tree(skeleton.twigs, sort=ask.sort)
    tops = _that_fit(skeleton.tops, tree.sizes, ask.budget)
    nodes = tree.part([top for top in tops if top in tree], budget=ask.budget).nodes
    has_next = skeleton.has_next or len(tops) < len(skeleton.tops)
    return Part(
        nodes=nodes,
        said=thread_rows.said([node.pk for node in nodes], looker=looker),
        sizes=tree.sizes,
        after=_cursor_behind(ask.sort, tops[-1], skeleton) if has_next and tops else "",
        comment_id=ask.comment_id if any(node.pk == ask.comment_id for node in nodes) else None,
        new_count=skeleton.new_count,
        newest=skeleton.newest,
    )


def _branch(thread: Thread, ask: Ask, looker: Looker, comment_id: int) -> Part | None:
    """Return a comment with what leads to it and what is below it, if it is in the thread."""
    skeleton = thread_rows.branch(thread.pk, comment_id=comment_id, looker=looker)
    tree = Tree(skeleton.twigs, sort=ask.sort)
    if comment_id not in tree:
        return None
    nodes = tree.branch(
        comment_id, above=ANCESTORS_SHOWN, budget=ask.budget, after=_id(ask.after)
    ).nodes
    return Part(
        nodes=nodes,
        said=thread_rows.said([node.pk for node in nodes], looker=looker),
        sizes=tree.sizes,
        comment_id=comment_id,
        is_branch=True,
        above_count=len(tree.ancestors(nodes[0].pk)),
        new_count=skeleton.new_count,
        newest=skeleton.newest,
    )


def _that_fit(tops: list[int], sizes: dict[int, int], budget: int) -> list[int]:
    """Return the tops whose branches fill the page.

    A branch too big for what is left of it waits for the next page, unless this one would be
    left half empty: then it is cut.
    """
    taken, total = [], 0
    for top in tops:
        size = sizes.get(top, 0)
        if total + size > budget and total * 2 >= budget:
            break
        taken.append(top)
        total += size
        if total >= budget:
            break
    return taken


# Where a page begins ------------------------------------------------------------------------


def _cursor(sort: str, token: str) -> tuple[float, int] | None:
    """Read where the page before ended; None, for the first page, of whatever is no such place."""
    points, _, last = token.rpartition("_")
    pk = _id(last)
    if pk is None or (sort == BEST) != bool(points):
        return None
    if not re.fullmatch(r"[0-9.e+-]{0,40}", points):
        return None
    try:
        value = float(points or 0)
    except ValueError:
        return None
    return (value, pk) if math.isfinite(value) else None


def _cursor_behind(sort: str, top: int, skeleton: Skeleton) -> str:
    if sort != BEST:
        return str(top)
    points = next(twig.points for twig in skeleton.twigs if twig.pk == top)
    return f"{points!r}_{top}"


def _id(text: str) -> int | None:
    return whole_number(text) or None


# Passages -----------------------------------------------------------------------------------


def abstract_anchors(thread: Thread) -> list[tuple[int, Any]]:
    """Return which comments point at the abstract, and at what: one query, shared.

    The same for every reader, and asked for anew once a comment came or went.
    """

    def find() -> list[tuple[int, Any]]:
        anchors = Anchor.objects.filter(part=Anchor.Part.ABSTRACT, comment__thread=thread)
        standing = anchors.filter(stands("comment__"))
        return list(standing.order_by("comment_id").values_list("comment_id", "selectors"))

    if not thread.comment_count:
        return []
    last = thread.last_comment_at
    moment = last.timestamp() if last else 0
    return shared_by_key(f"anchors-{thread.pk}-{thread.comment_count}-{moment}", find)


# Remembered pages ---------------------------------------------------------------------------


def state_of(ref: Ref) -> str | None:
    """Return what changes whenever a paper's page gains a vote, a comment or a version.

    One query; None where there is no such paper.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STATE_SQL, ref)
        row = cursor.fetchone()
    return row[0] if row else None


_STATE_SQL = """
    SELECT concat_ws(
        '/', extract(epoch FROM paper.updated_at), tally.vote_count, thread.comment_count,
        extract(epoch FROM thread.last_comment_at), extract(epoch FROM thread.locked_at)
    )
    FROM papers_paper AS paper
    JOIN papers_papertally AS tally ON tally.paper_id = paper.id
    LEFT JOIN discussions_thread AS thread ON thread.paper_id = paper.id
    WHERE paper.source = %s AND paper.external_id = %s
"""
