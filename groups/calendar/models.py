"""The model of secret calendar addresses."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class CalendarToken(models.Model):
    """A secret address at which a member's calendar is read; only its hash is kept."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_tokens"
    )
    # The device or program that uses it: "My phone".
    label = models.CharField(max_length=60)
    token_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], name="groups_calendar_tokens_differ"),
        ]

    def __str__(self) -> str:
        return self.label
