"""Papers that members keep to read."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from papers.models.paper import Paper


class Save(models.Model):
    """A paper on a member's private list "To read"."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="saves")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saves"
    )
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "paper"], name="papers_member_saves_a_paper_once"
            )
        ]
        indexes = [models.Index(fields=["member", "-saved_at"], name="papers_saves_of_a_member")]

    def __str__(self) -> str:
        return f"{self.member_id} to read {self.paper_id}"
