"""Models for series."""

from __future__ import annotations

from django.db import models

from groups.membership.models import Group


class Series(models.Model):
    """A book, or a long paper, read in parts at several meetings."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="series")
    title = models.CharField(max_length=300)
    # None for a book, which the site does not have.
    paper = models.ForeignKey(
        "papers.Paper", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    url = models.URLField(max_length=500, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title


class SeriesPart(models.Model):
    """The part of a series that one meeting reads."""

    series = models.ForeignKey(
        Series, on_delete=models.CASCADE, related_name="parts", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    # Free text: "pp. 31 to 58", "§3".
    extent = models.CharField(max_length=80, blank=True)
    meeting = models.OneToOneField(
        "groups.Meeting",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="series_part",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "position"], name="groups_parts_are_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.title
