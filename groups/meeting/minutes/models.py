"""Models for the minutes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from discussions.comments.rendering import MarkdownText
from groups.schedule.models import Meeting


class Minutes(MarkdownText):
    """The minutes of a meeting: the last save wins, and no text is lost."""

    # Twice a comment's. The slowest possible text then takes half a second to render; the time
    # grows with the square of the length.
    MAX_LENGTH = 20_000

    meeting = models.OneToOneField(
        Meeting, on_delete=models.CASCADE, primary_key=True, related_name="minutes"
    )
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    # Raised by every save, and sent with the form: writers on an older version are told.
    version = models.PositiveIntegerField(default=0)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["rendered_with"], name="groups_minutes_by_rendering")]

    def __str__(self) -> str:
        return f"Minutes of {self.meeting_id}"


class MinutesRevision(models.Model):
    """One member's text of the minutes; their saves within minutes are one revision."""

    minutes = models.ForeignKey(
        Minutes, on_delete=models.CASCADE, related_name="revisions", db_index=False
    )
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "number"], name="groups_revisions_are_numbered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.minutes_id}"
