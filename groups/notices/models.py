"""A reading group: what it is, and how its weeks go."""

from __future__ import annotations

from django.db import models

from groups.membership.models import Group


class Notice(models.Model):
    """Something that a group's members are owed, once: a reminder, a ballot, a recap.

    Whom it was told is a Notification for each, under the same event.
    """

    class Kind(models.TextChoices):
        REMINDER = "reminder", "Reminder of a meeting"
        NOMINATIONS = "nominations", "Nominations are open"
        BALLOT = "ballot", "A ballot is open"
        CLOSING = "closing", "A ballot closes soon"
        CHOSEN = "chosen", "The paper is chosen"
        CHANGED = "changed", "A meeting was moved"
        CANCELLED = "cancelled", "A meeting was cancelled"
        RECAP = "recap", "What a meeting left"
        ORGANISERS = "organisers", "For the organisers"

    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="notices", db_index=False
    )
    meeting = models.ForeignKey(
        "groups.Meeting",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="notices",
    )
    kind = models.CharField(max_length=11, choices=Kind)
    # Within the group: "reminder:123:1440:2026-11-26T17:00Z".
    event = models.CharField(max_length=64)
    at = models.DateTimeField()
    told_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "event"], name="groups_notice_is_given_once"),
        ]

    def __str__(self) -> str:
        return self.event
