"""The shape of a thread: who answers whom, in which order, and how much a page shows of it.

Pure and iterative: a chain of ten thousand answers is a list like any other.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

BEST, NEWEST, OLDEST = SORTS = ("best", "newest", "oldest")
# Answers deeper than this below where the page begins fold into a link.
LEVELS = 8


class OutlineRow(NamedTuple):
    """A comment without its words."""

    pk: int
    parent_id: int | None
    points: float = 0.0
    # Not for this reader: it leaves a place only while something stands below it.
    is_absent: bool = False


@dataclass(slots=True)
class Node:
    """A comment's place on the page: each comes after what it answers."""

    pk: int
    # Below where the page begins.
    depth: int
    # How many comments below it the page leaves out, and the last answer that it shows.
    rest: int = 0
    after: int | None = None


class TreePart(NamedTuple):
    """What a page shows of a tree, and what it leaves out at the top."""

    nodes: list[Node]
    # Of the tops that are left out: how many comments, and the last top that is shown.
    rest: int
    after: int | None


_KEYS: dict[str, Callable[[OutlineRow], tuple[float, int]]] = {
    BEST: lambda row: (-row.points, row.pk),
    NEWEST: lambda row: (0, -row.pk),
    OLDEST: lambda row: (0, row.pk),
}


class Tree:
    """Comments by what they answer, siblings in order."""

    def __init__(self, rows: Iterable[OutlineRow], *, sort: str) -> None:
        self._rows = {row.pk: row for row in rows}
        answers: dict[int | None, list[OutlineRow]] = defaultdict(list)
        for row in self._rows.values():
            answers[row.parent_id].append(row)
        for siblings in answers.values():
            siblings.sort(key=_KEYS[sort])
        # How many each comment is, together with what stands below it.
        self.sizes = _sizes(answers)
        self._answers = {
            pk: [row.pk for row in siblings if self.sizes.get(row.pk)]
            for pk, siblings in answers.items()
        }

    def __contains__(self, pk: int) -> bool:
        return self.sizes.get(pk, 0) > 0

    def answers(self, pk: int | None) -> list[int]:
        """Return the direct answers to a comment, or the tops, in order."""
        return self._answers.get(pk, [])

    def ancestors(self, pk: int) -> list[int]:
        """Return what leads to a comment, from the top, without the comment itself."""
        found: list[int] = []
        parent = self._rows[pk].parent_id
        while parent is not None:
            found.append(parent)
            parent = self._rows[parent].parent_id
        return found[::-1]

    def part(self, tops: Sequence[int], *, budget: int, levels: int = LEVELS) -> TreePart:
        """Lay out these branches until the page is full, each comment before its answers."""
        places: dict[int, Node] = {}
        page = Node(0, -1)
        waiting = [(pk, page) for pk in reversed(tops)]
        while waiting:
            pk, parent = waiting.pop()
            depth = parent.depth + 1
            if len(places) >= budget or depth > levels:
                parent.rest += self.sizes[pk]
                continue
            parent.after = pk
            places[pk] = node = Node(pk, depth)
            waiting += [(answer, node) for answer in reversed(self.answers(pk))]
        return TreePart(list(places.values()), page.rest, page.after)

    def branch(
        self, pk: int, *, above: int, budget: int, after: int | None = None, levels: int = LEVELS
    ) -> TreePart:
        """Lay out one comment, the last `above` that lead to it, and the answers below it.

        With `after`, which is one of its direct answers, only those behind that one.
        """
        path = self.ancestors(pk)[-above:] if above else []
        nodes = [Node(each, depth) for depth, each in enumerate(path)]
        # Sizes are whole: what each leaves out is all that is below it but for the next.
        for node, child in zip(nodes, [*path, pk][1:], strict=True):
            node.rest = self.sizes[node.pk] - 1 - self.sizes[child]
        head = Node(pk, len(path))
        answers = self.answers(pk)
        behind = answers[answers.index(after) + 1 :] if after in answers else answers
        below = self.part(behind, budget=budget - len(nodes) - 1, levels=levels - len(path) - 1)
        head.rest, head.after = below.rest, below.after
        for node in below.nodes:
            node.depth += len(path) + 1
        return TreePart([*nodes, head, *below.nodes], 0, None)


def _sizes(answers: dict[int | None, list[OutlineRow]]) -> dict[int, int]:
    """Count each comment with what stands below it; 0 is that of one that leaves no place."""
    order: list[OutlineRow] = []
    waiting = list(answers.get(None, ()))
    while waiting:
        row = waiting.pop()
        order.append(row)
        waiting += answers.get(row.pk, ())
    sizes: dict[int, int] = defaultdict(int)
    for row in reversed(order):
        below = sizes[row.pk]
        sizes[row.pk] = size = 0 if row.is_absent and not below else below + 1
        if row.parent_id is not None:
            sizes[row.parent_id] += size
    return dict(sizes)
