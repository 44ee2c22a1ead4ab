"""The record of imports, done and due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from papers.sources import FEEDS, feed_choices

if TYPE_CHECKING:
    from papers.sources.source import PaperFeed


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def due(self) -> Self:
        """Return runs to be processed: waiting ones, and those whose worker died."""
        return self.filter(
            Q(state=ImportRun.State.WAITING, due_at__lte=Now())
            | Q(state=ImportRun.State.RUNNING, lease_until__lt=Now())
        )


class ImportRun(models.Model):
    """One day's feed of one source: requested, claimed, done or given up."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        EMPTY = "empty", "Empty"
        DEAD = "dead", "Dead"

    source = models.CharField(max_length=16, choices=feed_choices)
    day = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    due_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True, blank=True)
    # Incremented with each claim: a worker writes its result only while its claim is current.
    claim_count = models.PositiveIntegerField(default=0)
    # Failures in a row: malformed answers, lost workers, our own faults.
    attempts = models.PositiveSmallIntegerField(default=0)
    # In a row, not failures: the service was unavailable or asked to wait; the answer was empty.
    away_count = models.PositiveSmallIntegerField(default=0)
    empty_count = models.PositiveSmallIntegerField(default=0)

    # Created and updated are totals of all runs of the day; the others are of the last.
    created_count = models.PositiveIntegerField(default=0)
    updated_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    skipped_count = models.PositiveIntegerField(default=0)
    # [{"entry": "2401.12345", "reason": "no title"}, …], at most 100.
    skipped = models.JSONField(default=list, blank=True)
    error = models.TextField(blank=True)

    # Validators of the last answer, for conditional requests.
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)

    asked_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "source"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "day"], name="papers_day_is_imported_once_per_source"
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_until__isnull=False),
                name="papers_running_import_has_a_lease",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="papers_imports_due",
                condition=Q(state__in=["waiting", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.day}: {self.state}"

    @property
    def feed(self) -> PaperFeed:
        return FEEDS[self.source]
