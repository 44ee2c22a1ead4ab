"""What a meeting is about, and what it leaves."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from groups.models.meetings import Meeting


class Section(models.Model):
    """A part of what is read for a meeting: the unit of progress."""

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


class Progress(models.Model):
    """How far a member is with what a meeting reads."""

    class State(models.TextChoices):
        READING = "reading", "Reading"
        READ = "read", "Read"

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="progress", db_index=False
    )
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=7, choices=State)
    # Ids of sections; one that was removed since is nobody's.
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


class Question(models.Model):
    """Something to talk about, that members vote for."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="questions", db_index=False
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    text = models.TextField(max_length=1000)
    html = models.TextField()
    rendered_with = models.PositiveSmallIntegerField(default=0)
    # What it is about, so that who has not read so far may fold it.
    section = models.ForeignKey(
        Section,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    # Put by an organiser before the meeting.
    is_prompt = models.BooleanField(default=False)
    # Marked "for the meeting".
    chosen_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    vote_count = models.PositiveIntegerField(default=0)
    # Sent with the form, so that it is asked once.
    key = models.UUIDField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "key"], name="groups_question_is_asked_once"
            ),
        ]
        indexes = [
            models.Index(F("meeting"), F("vote_count").desc(), F("id"), name="groups_questions"),
        ]

    def __str__(self) -> str:
        return self.text


class QuestionVote(models.Model):
    """A member who wants a question talked about."""

    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, related_name="votes", db_index=False
    )
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question", "member"], name="groups_member_votes_a_question_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} for {self.question_id}"


class CommentPlace(models.Model):
    """Which section a comment under a meeting is about."""

    comment = models.OneToOneField(
        "discussions.Comment", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.comment_id} on {self.section_id}"


class Minutes(models.Model):
    """What was said and decided: the last to write wins, and nothing written is lost."""

    meeting = models.OneToOneField(
        Meeting, on_delete=models.CASCADE, primary_key=True, related_name="minutes"
    )
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    rendered_with = models.PositiveSmallIntegerField(default=0)
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


class MeetingFile(models.Model):
    """Slides, a recording, a link: what belongs to a meeting."""

    class Kind(models.TextChoices):
        SLIDES = "slides", "Slides"
        RECORDING = "recording", "Recording"
        NOTES = "notes", "Notes"
        OTHER = "other", "Something else"

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="files", db_index=False
    )
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.OTHER)
    title = models.CharField(max_length=200)
    # One of the two.
    url = models.URLField(max_length=500, blank=True)
    file = models.FileField(upload_to="meetings", max_length=200, blank=True)
    # As it was called where it came from.
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
    # Of a recording: that those in it agreed, as somebody noted; and how long it is kept.
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
