"""Fetching the thumbnails that are due.

A paper's thumbnail is due when its URL has never been tried, or when it failed and its pause is
over. Nothing is queued: each sweep compares the papers with what is there.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from common import due_work
from common.fetch_errors import (
    FetchError,
    FetchRateLimitedError,
    FetchTimeoutError,
    FetchUnreachableError,
)
from common.fetching import FetchLimits, fetch
from papers.models import Paper, Thumbnail
from papers.thumbnails.pictures import UnfitPictureError, make_thumbnail

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from papers.models.paper import PaperQuerySet

logger = logging.getLogger(__name__)

# Older papers get no new picture: few readers reach them.
SHOWN_FOR = timedelta(days=90)
LIMITS = FetchLimits(seconds=10.0, wire_bytes=5 * 1024 * 1024, decoded_bytes=5 * 1024 * 1024)
# After one of these the next picture, mostly from the same host, would fail too.
_PASSING_TROUBLE = (FetchTimeoutError, FetchUnreachableError, FetchRateLimitedError)
_MAX_ERROR = Thumbnail._meta.get_field("error").max_length  # noqa: SLF001 - Django's documented API


class _Taken(NamedTuple):
    paper_id: int
    url: str


def fetch_thumbnails() -> int:
    """Fetch the thumbnails that are due, the newest papers' first. Return how many came.

    A sweep ends at a host that hangs or asks us to wait, so that a worker loses no more time.
    """
    if not settings.SHOW_THUMBNAILS:
        return 0
    fetched = 0
    for taken in due_work.in_time(iter(_take, None)):
        try:
            _fetch(taken)
        except UnfitPictureError as error:
            _note_failure(taken, error)
        except FetchError as error:
            _note_failure(taken, error)
            if isinstance(error, _PASSING_TROUBLE):
                break
        else:
            fetched += 1
    return fetched


def _due() -> PaperQuerySet:
    now = timezone.now()
    papers = Paper.objects.listed().exclude(thumbnail_url="")
    return papers.filter(
        Q(thumbnail__isnull=True)
        | ~Q(thumbnail__url=F("thumbnail_url"))
        | Q(thumbnail__due_at__lte=now),
        announced_on__gte=(now - SHOWN_FOR).date(),
    )


@transaction.atomic
def _take() -> _Taken | None:
    """Take a thumbnail to fetch. Taking puts it off, so that a lost worker costs a pause."""
    paper = (
        _due()
        .select_related("thumbnail")
        .only("thumbnail_url", "thumbnail__url", "thumbnail__attempts")
        .order_by("-announced_on", "-pk")
        .select_for_update(of=("self",), skip_locked=True, no_key=True)
        .first()
    )
    if paper is None:
        return None
    known = getattr(paper, "thumbnail", None)
    before = known.attempts if known and known.url == paper.thumbnail_url else 0
    attempts, now = before + 1, timezone.now()
    is_last = attempts >= due_work.MAX_ATTEMPTS
    Thumbnail.objects.update_or_create(
        paper=paper,
        defaults={
            "url": paper.thumbnail_url,
            "attempts": attempts,
            "due_at": None if is_last else now + due_work.pause_after(attempts),
        },
    )
    return _Taken(paper.pk, paper.thumbnail_url)


def _fetch(taken: _Taken) -> None:
    answer = fetch(taken.url, limits=LIMITS, allowed_private_hosts=settings.FETCH_PRIVATE_HOSTS)
    image = make_thumbnail(answer.body)
    _rows(taken).update(
        image=image,
        digest=hashlib.sha256(image).hexdigest()[:32],
        fetched_at=timezone.now(),
        attempts=0,
        due_at=None,
        error="",
    )


def _note_failure(taken: _Taken, error: Exception) -> None:
    """Log why, and keep it for the admin. The picture before this one stays."""
    logger.warning("No thumbnail of paper %s from %s: %s", taken.paper_id, taken.url, error)
    rows = _rows(taken)
    rows.update(error=str(error)[:_MAX_ERROR])
    if wait := getattr(error, "retry_after", None):
        asked = timezone.now() + timedelta(seconds=wait)
        rows.filter(due_at__lt=asked).update(due_at=asked)


def _rows(taken: _Taken) -> QuerySet[Thumbnail]:
    """Return the row, unless the paper's URL has changed while its picture was fetched."""
    return Thumbnail.objects.filter(paper=taken.paper_id, url=taken.url)
