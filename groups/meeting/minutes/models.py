"""What a meeting is about, and what it leaves."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from discussions.comments.rendering import MarkdownText
from groups.schedule.models import Meeting


class Minutes(MarkdownText):
    """What was said and decided: the last to write wins, and nothing written is lost."""

    # Twice a comment's. A text made to be slow takes half a second then, and grows with the
    # square.
    MAX_LENGTH = 20_000

    meeting = models.OneToOneField(
        Meeting, on_delete=models.CASCADE, primary_key=True, related_name="minutes"
    )
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    # Raised by every save, and sent with the form: who writes on an older one is told.
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
    """The minutes as one member left them; what they type within minutes is one revision."""

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
