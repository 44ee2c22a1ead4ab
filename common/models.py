"""What the apps share in the database."""

from __future__ import annotations

from django.db import models


class Pace(models.Model):
    """When a service that wants to be asked slowly may be asked again."""

    name = models.CharField(max_length=50, primary_key=True)
    next_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "paces"

    def __str__(self) -> str:
        return f"{self.name} at {self.next_at}"


class Allowance(models.Model):
    """One token bucket of common.rate_limits; `tokens` is what was left at `at`."""

    key = models.CharField(max_length=120, primary_key=True)
    tokens = models.FloatField()
    burst = models.FloatField()
    # Tokens a second.
    rate = models.FloatField()
    is_granted = models.BooleanField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.tokens:.1f}"
