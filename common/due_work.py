"""Work that is due: found in Postgres, claimed and done piece by piece, in a given time.

A sweep may come late, twice, or in two workers at once. Each piece claims its row by a lock and
looks again at what is due, so that the second to come does nothing.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from django.db.models import F, Model
from django.utils import timezone

from common.models import FailedWork

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from django.db.models import QuerySet

_Item = TypeVar("_Item")
_Row = TypeVar("_Row", bound=Model)

logger = logging.getLogger(__name__)

# What a sweep may take, so that the next one, 30 s later, rarely meets it. A task is stopped
# after 90 s: the last piece may take a minute.
SWEEP_SECONDS = 25.0
# How often something is tried that can be given up.
MAX_ATTEMPTS = 5
# After the first failure, the second, and so on. The last holds for all later ones.
PAUSES = (timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
BATCH = 100


@dataclass(frozen=True)
class Work:
    """One kind of work: which rows wait for it, and what is done with each.

    `do` gets a key that `due` gave. It returns a number, which a sweep adds up.
    """

    # Failures are kept under the name, so it stays.
    name: str
    due: Callable[[], Iterable[int]]
    do: Callable[[int], int]


def sweep(*works: Work) -> int:
    """Do the works that are due, in this order, while there is time. Return the sum.

    A piece that fails is logged, counted and left alone for a pause that grows with each
    failure. No other piece waits for it.
    """
    total = 0
    failed: dict[tuple[str, int], datetime] | None = None
    for work, key in in_time((each, key) for each in works for key in each.due()):
        if failed is None:
            failed = _failed(works)
        due_at = failed.get((work.name, key))
        if due_at is not None and due_at > timezone.now():
            continue
        try:
            total += work.do(key)
        except Exception as error:
            logger.exception("%s failed for %s", work.name, key)
            _count_failure(work.name, key, error)
        else:
            if due_at is not None:
                FailedWork.objects.filter(work=work.name, key=key).delete()
    return total


def in_time(items: Iterable[_Item]) -> Iterator[_Item]:
    """Yield the items while a sweep has time. None is asked for that would not be yielded."""
    until = time.monotonic() + SWEEP_SECONDS
    iterator = iter(items)
    while time.monotonic() < until:
        try:
            item = next(iterator)
        except StopIteration:
            return
        yield item


def keys(rows: QuerySet[_Row]) -> Iterator[int]:
    """Yield the keys of the rows in their order, read in batches. One that stays comes once."""
    last = 0
    ordered = rows.order_by("pk").values_list("pk", flat=True)
    while batch := list(ordered.filter(pk__gt=last)[:BATCH]):
        yield from batch
        last = batch[-1]


def claim(rows: QuerySet[_Row], key: int) -> _Row | None:
    """Lock one of the rows, in a transaction; None if it is not among them, or locked already."""
    locked = rows.select_for_update(of=("self",), no_key=True, skip_locked=True)
    return locked.filter(pk=key).first()


def pause_after(attempts: int) -> timedelta:
    """Return how long something is left alone that was tried so often."""
    return PAUSES[min(attempts, len(PAUSES)) - 1]


def _failed(works: Iterable[Work]) -> dict[tuple[str, int], datetime]:
    rows = FailedWork.objects.filter(work__in=[work.name for work in works])
    return {(work, key): at for work, key, at in rows.values_list("work", "key", "due_at")}


def _count_failure(work: str, key: int, error: Exception) -> None:
    now = timezone.now()
    row, _ = FailedWork.objects.get_or_create(
        work=work, key=key, defaults={"failed_at": now, "due_at": now}
    )
    FailedWork.objects.filter(pk=row.pk).update(
        attempts=F("attempts") + 1,
        failed_at=now,
        due_at=now + pause_after(row.attempts + 1),
        # Its kind alone: the message may quote a member.
        error=type(error).__name__[:80],
    )
