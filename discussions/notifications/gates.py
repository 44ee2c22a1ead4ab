"""Whether a member may still read what they were told, of a place that closes to some.

News of a thread keep to the thread's readers. News that another app tells of something else
keep to whom that app lets in, which it says here: asked whenever the news are shown, so that
whoever was shown the door reads nothing of them at the next request.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from accounts.models import User

    # Which of these events the member may not read (any more).
    Closed = Callable[[User, Collection[str]], Iterable[str]]

_gates: dict[str, Closed] = {}


def add_gate(kind: str, closed: Closed) -> None:
    """Let an app answer for the events that begin with a word, as "group:12:chosen".

    `closed(member, events)` asks in one query, however many they are.
    """
    _gates[kind] = closed


def remove_gate(kind: str) -> None:
    _gates.pop(kind, None)


def closed_to(member: User, events: Iterable[str]) -> set[str]:
    """Return the events that the member may not read: one query for each app among them."""
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for event in events:
        kind = event.partition(":")[0]
        if kind in _gates:
            by_kind[kind].append(event)
    return {event for kind, told in by_kind.items() for event in _gates[kind](member, told)}
