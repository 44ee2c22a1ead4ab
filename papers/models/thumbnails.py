"""Thumbnails of papers, stored by the site."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import LessThanOrEqual

from papers.models.paper import Paper

MAX_THUMBNAIL_BYTES = 20_000


class Thumbnail(models.Model):
    """A paper's picture, and the state of fetching it.

    In the database, so that it is backed up with the papers and any web process can serve it.
    """

    paper = models.OneToOneField(
        Paper, on_delete=models.CASCADE, primary_key=True, related_name="thumbnail"
    )
    # The URL that was last tried. If the paper's is another one, that is fetched.
    url = models.URLField(max_length=500)
    # Failed tries of this URL, the time of the next one (null when there is none), and why the
    # last one failed.
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)
    # WebP. Empty before the first success; later failures keep it.
    image = models.BinaryField(default=b"")
    # Part of the picture's address, which therefore never changes its content.
    digest = models.CharField(max_length=32, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["digest"], name="papers_thumbnails", condition=~Q(digest="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=LessThanOrEqual(
                    Func(F("image"), function="octet_length", output_field=models.IntegerField()),
                    MAX_THUMBNAIL_BYTES,
                ),
                name="papers_thumbnail_is_small",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id}: {self.digest or self.error or 'none yet'}"
