"""The model of agenda items."""

from __future__ import annotations

import math

from django.db import models
from django.db.models import Q

from groups.schedule.models import Meeting


class AgendaItem(models.Model):
    """A point of the agenda, with its length in minutes."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="agenda", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    minutes = models.PositiveSmallIntegerField(default=10)
    # The current point has been started and not ended.
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

    @property
    def is_on(self) -> bool:
        return self.started_at is not None and self.ended_at is None

    @property
    def is_done(self) -> bool:
        return self.ended_at is not None

    @property
    def took_minutes(self) -> int:
        if self.started_at is None or self.ended_at is None:
            return 0
        return math.ceil((self.ended_at - self.started_at).total_seconds() / 60)
