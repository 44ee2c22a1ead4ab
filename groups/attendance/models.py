"""Models for answers, attendance and survey answers."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from groups.defaults import Attending
from groups.schedule.models import Meeting


class RsvpQuerySet(models.QuerySet["Rsvp"]):
    def seated(self) -> Self:
        """Return the attendees who have a place."""
        return self.filter(answer=Attending.GOING, is_waiting=False)

    def waiting(self) -> Self:
        """Return the waiting list, in the order in which members get a place."""
        return self.filter(answer=Attending.GOING, is_waiting=True).order_by("queued_at", "id")


class Rsvp(models.Model):
    """A member's answer to one meeting."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="rsvps", db_index=False
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rsvps"
    )
    answer = models.CharField(max_length=5, choices=Attending)
    # Given by their usual answer, and not changed for this meeting.
    is_usual = models.BooleanField(default=False)
    # Since when they want to attend: the order of the waiting list.
    queued_at = models.DateTimeField(default=timezone.now)
    is_waiting = models.BooleanField(default=False)

    objects = RsvpQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member"], name="groups_member_answers_once"
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["going", "maybe", "no"]), name="groups_answer_is_known"
            ),
            models.CheckConstraint(
                condition=Q(is_waiting=False) | Q(answer="going"),
                name="groups_only_those_who_come_wait",
            ),
        ]
        indexes = [
            models.Index(
                fields=["meeting", "is_waiting", "queued_at", "id"],
                name="groups_coming",
                condition=Q(answer="going"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} to {self.meeting_id}: {self.answer}"


class Attendance(models.Model):
    """A member who attended."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="attendances", db_index=False
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="attendances"
    )
    # Themselves or an organiser.
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="groups_member_came_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} at {self.meeting_id}"


class SurveyAnswer(models.Model):
    """One member's answer to the survey after a meeting."""

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "Partly"
        NO = "no", "No"

    MAX_WORDS = 1000

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="survey_answers", db_index=False
    )
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    answer = models.CharField(max_length=6, choices=Answer)
    words = models.TextField(max_length=MAX_WORDS, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member"], name="groups_survey_is_answered_once"
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["yes", "partly", "no"]),
                name="groups_survey_answer_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.answer}"
