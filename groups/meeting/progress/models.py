"""Models for sections and reading progress."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from groups.schedule.models import Meeting


class Section(models.Model):
    """A section of a meeting's reading: the unit of progress."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="sections", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"], name="groups_sections_are_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        """Return the section's name, as it follows "About"."""
        return f"section {self.position}, {self.title}"


class Progress(models.Model):
    """A member's progress with a meeting's reading."""

    class State(models.TextChoices):
        READING = "reading", "Reading"
        READ = "read", "Read"

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="progress", db_index=False
    )
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=7, choices=State)
    # Ids of sections; may include deleted ones.
    sections_read = ArrayField(models.BigIntegerField(), default=list, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="groups_member_reads_once"),
            models.CheckConstraint(
                condition=Q(state__in=["reading", "read"]), name="groups_progress_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} at {self.meeting_id}: {self.state}"


class CommentPlace(models.Model):
    """The section that a comment in a meeting's thread is about."""

    comment = models.OneToOneField(
        "discussions.Comment", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.comment_id} on {self.section_id}"
