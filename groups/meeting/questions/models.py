"""Models for questions and their votes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone

from discussions.comments.rendering import MarkdownText
from groups.meeting.progress.models import Section
from groups.schedule.models import Meeting


class Question(MarkdownText):
    """A question to discuss, which members vote for."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="questions", db_index=False
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    text = models.TextField(max_length=1000)
    html = models.TextField()
    # The section it is about, so that readers who are not there yet may fold it.
    section = models.ForeignKey(
        Section,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    # Asked by an organiser before the meeting.
    is_prompt = models.BooleanField(default=False)
    # Marked "for the meeting".
    chosen_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    vote_count = models.PositiveIntegerField(default=0)
    # Sent with the form, so that a repeated submission is ignored.
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
            models.Index(fields=["rendered_with"], name="groups_questions_by_rendering"),
        ]

    def __str__(self) -> str:
        return self.text


class QuestionVote(models.Model):
    """A member's vote to discuss a question."""

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
