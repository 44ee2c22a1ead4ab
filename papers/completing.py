"""Asking arXiv for what the daily feed leaves out: categories, versions, full lists of authors."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Now, Power

from common import due_work
from papers.clients.errors import ClientError
from papers.importing import ImportCounts, import_records
from papers.models import Paper
from papers.sources.arxiv import ARXIV

logger = logging.getLogger(__name__)

PAPERS_A_REQUEST = 100
# A paper that arXiv does not know yet may only be too new: its interface learns of the
# evening's papers at midnight.
FIRST_PAUSE = timedelta(minutes=20)


def complete_papers() -> ImportCounts:
    """Complete the papers that are due, newest first, for as long as a sweep may take."""
    done = ImportCounts()
    for ids in due_work.in_time(iter(_take, [])):
        try:
            done += _complete(ids)
        except ClientError as error:
            # They come back when their pause is over; so would the next hundred fail now.
            logger.warning("Completing papers waits: %s", error)
            break
    return done


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
    )
    # Without a version: arXiv was asked, and does not know it.
    if missing := given_up.update(completed_at=Now()):
        logger.info("arXiv does not know %s papers that a feed named.", missing)
    return counts
