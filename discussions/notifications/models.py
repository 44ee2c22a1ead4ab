"""Members' notifications."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from discussions.comments.models import Comment
from discussions.thread.models import Thread


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    @transaction.atomic
    def mark_read(self) -> int:
        """Mark the unread ones as read, and return their number.

        Locks in a fixed order, so that two open pages of a member never deadlock.
        """
        locked = self.unread().order_by("pk").select_for_update(of=("self",), no_key=True)
        ids = list(locked.values_list("pk", flat=True))
        return self.model.objects.filter(pk__in=ids).update(read_at=timezone.now())


class Notification(models.Model):
    """One event, of which a member is notified once, however many reasons there are."""

    class Reason(models.TextChoices):
        REPLY = "reply", "Replied to you"
        MENTION = "mention", "Mentioned you"
        WATCHED = "watched", "In a thread you watch"
        SUBMITTED = "submitted", "On a paper you submitted"
        CLAIMED = "claimed", "On a paper of yours"
        MODERATION = "moderation", "From the moderators"
        # Of reading groups.
        REMINDER = "reminder", "Reminder of a meeting"
        BALLOT = "ballot", "What to read next"
        MEETING = "meeting", "About a meeting"
        GROUP = "group", "About a group"
        # For notifications of other apps.
        OTHER = "other", "News"

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notifications",
        db_index=False,
    )
    # "comment:123", "act:7"; unique together with the recipient.
    event = models.CharField(max_length=64)
    # The strongest first, as shown in the inbox.
    reasons = ArrayField(models.CharField(max_length=12, choices=Reason))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    thread = models.ForeignKey(
        Thread, on_delete=models.CASCADE, null=True, blank=True, related_name="notifications"
    )
    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, null=True, blank=True, related_name="notifications"
    )
    # Text and link, if it is not about a comment.
    summary = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "event"], name="discussions_event_is_told_once"
            ),
        ]
        indexes = [
            models.Index(F("recipient"), F("id").desc(), name="discussions_inbox"),
            models.Index(
                F("recipient"),
                F("id").desc(),
                name="discussions_unread",
                condition=Q(read_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.recipient_id}"
