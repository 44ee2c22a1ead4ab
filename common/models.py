"""Models that all apps share."""

from __future__ import annotations

from django.db import models


class Pace(models.Model):
    """The time of the next allowed request to a rate-limited service."""

    name = models.CharField(max_length=50, primary_key=True)
    next_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "paces"

    def __str__(self) -> str:
        return f"{self.name} at {self.next_at}"


class Allowance(models.Model):
    """A token bucket of common.rate_limits with `tokens` left at time `at`."""

    key = models.CharField(max_length=120, primary_key=True)
    tokens = models.FloatField()
    burst = models.FloatField()
    # Tokens a second.
    rate = models.FloatField()
    is_granted = models.BooleanField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.tokens:.1f}"


class FailedWork(models.Model):
    """A piece of failed work, and when a sweep may retry it. Deleted once it succeeds."""

    work = models.CharField(max_length=40)
    # The id of the row that the work was for.
    key = models.BigIntegerField()
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=80, blank=True)
    failed_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "failed work"
        constraints = [
            models.UniqueConstraint(fields=["work", "key"], name="common_failure_is_counted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.work} of {self.key}"
