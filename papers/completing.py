"""Asking arXiv for what the daily feed leaves out or damages.

The feed lacks categories, versions and full lists of authors, and its formulas have lost their
dollars and backslashes: "10times faster". Every paper that it brings is asked for, and arXiv's
text replaces the feed's, in whatever order they come (papers.import_statements).
"""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Now, Power

from common import due_work
from papers.clients.errors import (
    ClientError,
    ForbiddenError,
    MalformedAnswerError,
    RefusedError,
)
from papers.importing import ImportCounts, import_records
from papers.models import Paper
from papers.sources.arxiv import ARXIV

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

PAPERS_A_REQUEST = 100
# A paper that arXiv does not know yet may only be too new: its interface learns of the
# evening's papers at midnight.
FIRST_PAUSE = timedelta(minutes=20)
# The daily feed lists arXiv's papers, so "arXiv has no such paper" is believed only after this.
GIVEN_UP_AFTER = timedelta(days=7)

# The damage that a reader sees in a title: a command, an index, or a command's name that has
# lost its backslash. For Postgres and Python alike.
BROKEN_TEX = (
    r"\\|\^|_[{0-9A-Z]"
    r"|[0-9](times|pm|circ|sim|approx|leq|geq|cdot)(?![a-z])"
    r"|(text(tt|bf|it|sc|sf|rm)|math(cal|bb|bf|it|rm|sf))[{A-Z0-9]"
)


def complete_papers() -> ImportCounts:
    """Complete the papers that are due, newest first, for as long as a sweep may take."""
    done = ImportCounts()
    halves: list[list[str]] = []
    for ids in due_work.in_time(_groups(halves)):
        try:
            done += _complete(ids)
        except (MalformedAnswerError, RefusedError) as error:
            if isinstance(error, ForbiddenError):
                logger.warning("Completing papers waits: %s", error)
                break
            logger.warning("%s papers cannot be completed: %s", len(ids), error)
            # One malformed paper must not block the others of its request.
            middle = len(ids) // 2
            halves += [half for half in (ids[:middle], ids[middle:]) if middle and half]
        except ClientError as error:
            # They come back when their pause is over; so would the next hundred fail now.
            logger.warning("Completing papers waits: %s", error)
            break
    return done


def _groups(halves: list[list[str]]) -> Iterator[list[str]]:
    while ids := halves.pop() if halves else _take():
        yield ids


def with_broken_tex() -> QuerySet[Paper]:
    """Return papers whose title shows broken TeX because arXiv's own has not come yet."""
    return Paper.objects.filter(
        source=ARXIV.key, version__isnull=True, title_text__regex=BROKEN_TEX
    )


def has_broken_tex(paper: Paper) -> bool:
    is_arxiv_s_own = paper.source != ARXIV.key or paper.version is not None
    return not is_arxiv_s_own and re.search(BROKEN_TEX, paper.title_text) is not None


@transaction.atomic
def _take() -> list[str]:
    """Take papers to ask for. Taking puts them off, so that a lost worker costs a pause."""
    due = Paper.objects.filter(
        source=ARXIV.key, completed_at__isnull=True, completion_due_at__lte=Now()
    )
    taken = list(
        due.order_by("-completion_due_at", "-pk")
        .select_for_update(skip_locked=True, no_key=True)
        .values_list("pk", "external_id")[:PAPERS_A_REQUEST]
    )
    Paper.objects.filter(pk__in=[pk for pk, _ in taken]).update(
        completion_due_at=Now() + Value(FIRST_PAUSE) * Power(2, F("completion_attempts")),
        completion_attempts=F("completion_attempts") + 1,
    )
    return [external_id for _, external_id in taken]


def _complete(ids: list[str]) -> ImportCounts:
    batch = ARXIV.by_ids(ids)
    counts = import_records(records=batch.records)
    given_up = Paper.objects.filter(
        source=ARXIV.key,
        external_id__in=set(ids) - {record.external_id for record in batch.records},
        completed_at__isnull=True,
        completion_attempts__gte=due_work.MAX_ATTEMPTS,
        created_at__lt=Now() - GIVEN_UP_AFTER,
    )
    # Without a version: arXiv was asked, and does not know it.
    if missing := given_up.update(completed_at=Now()):
        logger.info("arXiv does not know %s papers that a feed named.", missing)
    return counts
