"""What a meeting is about, and what it leaves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from groups.schedule.models import Meeting


class AgendaItem(models.Model):
    """A point of the agenda, with the minutes that it may take."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="agenda", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    minutes = models.PositiveSmallIntegerField(default=10)
    # While it is on, it has been started and not ended.
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(started_at__isnull=False, ended_at__isnull=True),
                name="groups_one_point_is_on",
            ),
        ]
        indexes = [models.Index(fields=["meeting", "position", "id"], name="groups_agenda")]

    def __str__(self) -> str:
        return self.text
