"""The model of a meeting's files."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from groups.schedule.models import Meeting


class MeetingFile(models.Model):
    """Slides, a recording or a link that belongs to a meeting."""

    class Kind(models.TextChoices):
        SLIDES = "slides", "Slides"
        RECORDING = "recording", "Recording"
        NOTES = "notes", "Notes"
        OTHER = "other", "Other"

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="files", db_index=False
    )
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.OTHER)
    title = models.CharField(max_length=200)
    # Either `url` or `file` is set.
    url = models.URLField(max_length=500, blank=True)
    file = models.FileField(upload_to="meetings", max_length=200, blank=True)
    # The original name.
    file_name = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    added_at = models.DateTimeField(default=timezone.now)
    # For a recording: when somebody confirmed the participants' consent; and the retention.
    consent_at = models.DateTimeField(null=True, blank=True)
    consent_noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    kept_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(~Q(url="") & Q(file="")) | (Q(url="") & ~Q(file="")),
                name="groups_file_is_a_link_or_a_file",
            ),
            models.CheckConstraint(
                condition=~Q(kind="recording") | Q(consent_at__isnull=False),
                name="groups_recording_has_consent",
            ),
        ]
        indexes = [
            models.Index(fields=["meeting", "id"], name="groups_files"),
            models.Index(
                fields=["kept_until"],
                name="groups_files_to_forget",
                condition=Q(kept_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its external URL, or that of the download."""
        args = [self.meeting.group.slug, self.meeting.occurs_on, self.pk]
        return self.url or reverse("groups:file_download", args=args)
