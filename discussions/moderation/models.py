"""Reports, moderators' acts and appeals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from discussions.comments.models import Comment
from discussions.thread.models import Thread

if TYPE_CHECKING:
    from accounts.models import User


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> Self:
        """Return reports that no moderator has answered."""
        return self.filter(closed_at__isnull=True)

    def shown_to(self, moderator: User) -> Self:
        """Return the reports that the moderator may read: not those about themselves."""
        about_them = Q(member=moderator) | Q(comment__author=moderator)
        return self.exclude(about_them)


class Report(models.Model):
    """A member's report to the moderators. Only they see who reported."""

    class Reason(models.TextChoices):
        SPAM = "spam", "Spam or advertising"
        HOSTILE = "hostile", "Hostile or demeaning"
        PRIVATE = "private", "Reveals private information"
        MISLEADING = "misleading", "Misleading on purpose, or impersonation"
        OFF_TOPIC = "off-topic", "Not about the paper"
        OTHER = "other", "Something else"

    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reports"
    )
    MAX_NOTE = 1_000

    # The comment, or the member whose name or profile is reported.
    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, null=True, blank=True, related_name="reports"
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reported_by",
    )
    reason = models.CharField(max_length=12, choices=Reason)
    note = models.CharField(max_length=MAX_NOTE, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True, blank=True)
    # The act that answered it; null if none was needed.
    act = models.ForeignKey(
        "Act", on_delete=models.SET_NULL, null=True, blank=True, related_name="reports"
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(comment__isnull=False) ^ Q(member__isnull=False),
                name="discussions_report_is_about_one_thing",
            ),
            models.UniqueConstraint(
                fields=["reporter", "comment"],
                condition=Q(comment__isnull=False, closed_at__isnull=True),
                name="discussions_comment_is_reported_once_by_each",
            ),
            models.UniqueConstraint(
                fields=["reporter", "member"],
                condition=Q(member__isnull=False, closed_at__isnull=True),
                name="discussions_member_is_reported_once_by_each",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                name="discussions_open_reports",
                condition=Q(closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"Report {self.pk}"


class Act(models.Model):
    """A moderator's act and its reason. Never changed; another act undoes it."""

    class Kind(models.TextChoices):
        HIDE = "hide", "Hid a comment"
        SPAM = "spam", "Hid a comment as spam"
        RESTORE = "restore", "Restored a comment"
        RELEASE = "release", "Approved a held comment"
        LOCK = "lock", "Closed a thread"
        UNLOCK = "unlock", "Reopened a thread"
        WARN = "warn", "Warned a member"
        UNWARN = "unwarn", "Withdrew a warning"
        SUSPEND = "suspend", "Suspended a member"
        LIFT = "lift", "Ended a suspension"
        VOID_VOTES = "void-votes", "Voided a member’s votes"
        RESTORE_VOTES = "restore-votes", "Restored a member’s votes"
        DISMISS = "dismiss", "Dismissed a report"
        DENY_APPEAL = "deny-appeal", "Denied an appeal"

    MAX_REASON = 300
    MAX_NOTE = 2_000

    kind = models.CharField(max_length=16, choices=Kind)
    # Null once the account is deleted.
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="acts",
        db_index=False,
    )
    # Public, and shown to the member.
    reason = models.CharField(max_length=MAX_REASON)
    # For moderators only.
    note = models.TextField(max_length=MAX_NOTE, blank=True)
    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, null=True, blank=True, related_name="acts"
    )
    thread = models.ForeignKey(
        Thread, on_delete=models.CASCADE, null=True, blank=True, related_name="acts"
    )
    # The member concerned: the author, or the suspended member.
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="acts_about",
    )
    # The end of a suspension.
    until = models.DateTimeField(null=True, blank=True)
    undoes = models.OneToOneField(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="undone_by"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="discussions_act_has_a_reason"),
            models.CheckConstraint(
                condition=(Q(kind="suspend") & Q(until__isnull=False))
                | (~Q(kind="suspend") & Q(until__isnull=True)),
                name="discussions_only_suspensions_have_an_end",
            ),
        ]
        indexes = [models.Index(F("id").desc(), name="discussions_log")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("discussions:act_page", args=[self.pk])


class Appeal(models.Model):
    """An appeal of the member concerned, one for each act."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", "The action was undone"
        DENIED = "denied", "The action stands"

    MAX_ANSWER = 1_000

    act = models.OneToOneField(Act, on_delete=models.CASCADE, related_name="appeal")
    text = models.TextField(max_length=2000)
    created_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    # Shown to the member.
    answer = models.CharField(max_length=MAX_ANSWER, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, outcome="")
                | (Q(decided_at__isnull=False) & ~Q(outcome="")),
                name="discussions_decided_appeal_has_an_outcome",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                name="discussions_open_appeals",
                condition=Q(decided_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"Appeal against {self.act_id}"
