"""What goes wrong with an answer: chosen by a seed, so that a bad run can be had again."""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from enum import StrEnum


class Fault(StrEnum):
    TOO_MANY = "429 with Retry-After"
    TOO_MANY_SILENT = "429 without Retry-After"
    BROKEN = "500"
    AWAY = "503"
    DRIP = "one byte at a time"
    CUT = "cut off"
    PAGE = "a web page with status 200"
    EMPTY = "empty list"
    RESET = "connection reset"
    TWICE = "every entry twice"


# Each takes the whole of a request's deadline.
MOST_DRIPS = 5


class FaultPlan:
    """Which request meets which fault."""

    def __init__(self, *, seed: int | None, share: float, kinds: list[Fault]) -> None:
        self._random = random.Random(seed)
        self._share = 0.0 if seed is None else share
        self._kinds = kinds
        self._lock = threading.Lock()
        self.met: Counter[str] = Counter()

    def draw(self) -> Fault | None:
        with self._lock:
            if self._random.random() >= self._share:
                return None
            fault = self._random.choice(self._kinds)
            if fault is Fault.DRIP and self.met[fault] >= MOST_DRIPS:
                fault = Fault.AWAY
            self.met[fault] += 1
            return fault


def spoil(body: bytes, fault: Fault | None) -> bytes:
    """Return the body as the fault leaves it; those of the connection leave it alone."""
    match fault:
        case Fault.CUT:
            return body[: max(1, len(body) * 2 // 3)]
        case Fault.PAGE:
            return b"<!doctype html><html><body><h1>Back in a moment</h1></body></html>"
        case Fault.EMPTY:
            return b"[]"
        case Fault.TWICE:
            entries = json.loads(body)
            return json.dumps(entries + entries).encode()
        case _:
            return body
