"""The versions of papers, as far as sources date them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from papers.models.paper import Paper


class PaperVersion(models.Model):
    """When one version of a paper was submitted. One without a row has no known date."""

    # The constraint's index begins with the paper.
    paper = models.ForeignKey(
        Paper, on_delete=models.CASCADE, related_name="versions", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "number"], name="papers_version_is_known_once"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="papers_versions_count_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} v{self.number}"
