"""Who belongs to a group, and the ways in and out."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from groups.models.defaults import Attending
from groups.models.groups import Group


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    ORGANISER = "organiser", "Organiser"
    MEMBER = "member", "Member"
    GUEST = "guest", "Guest"


# Those who run the group, and those who vote, nominate and present.
RUNNING = (Role.OWNER, Role.ORGANISER)
FULL = (Role.OWNER, Role.ORGANISER, Role.MEMBER)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def running(self) -> Self:
        """Owners and organisers."""
        return self.filter(role__in=RUNNING)

    def full(self) -> Self:
        """All but guests: they vote, nominate and present."""
        return self.filter(role__in=FULL)


class Membership(models.Model):
    """One member in one group. Leaving deletes it; what they did there stays."""

    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="memberships", db_index=False
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="group_memberships"
    )
    role = models.CharField(max_length=9, choices=Role, default=Role.MEMBER)
    joined_at = models.DateTimeField(default=timezone.now)
    # What they answer to every meeting unless they say otherwise; "" is nothing.
    usual_answer = models.CharField(max_length=5, choices=Attending, default="", blank=True)
    # Their own lead times; null follows the group, empty wants none.
    reminder_minutes = ArrayField(models.PositiveIntegerField(), size=4, null=True, blank=True)
    shares_progress = models.BooleanField(default=False)
    takes_turns = models.BooleanField("would present when asked", default=True)
    # Fold what is said of sections that they have not read yet.
    folds_ahead = models.BooleanField(default=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "member"], name="groups_member_belongs_once"),
            models.CheckConstraint(
                condition=Q(role__in=["owner", "organiser", "member", "guest"]),
                name="groups_role_is_known",
            ),
            models.CheckConstraint(
                condition=Q(usual_answer__in=["", "going", "maybe", "no"]),
                name="groups_usual_answer_is_known",
            ),
        ]
        indexes = [
            # The list of members, in the order in which it is shown.
            models.Index(fields=["group", "role", "joined_at", "id"], name="groups_members"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.group_id}"

    @property
    def is_running(self) -> bool:
        return self.role in RUNNING

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER

    @property
    def is_full(self) -> bool:
        return self.role in FULL


class Ban(models.Model):
    """A member whom a group keeps out until an organiser lifts it."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="bans", db_index=False)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="group_bans"
    )
    reason = models.CharField(max_length=300, blank=True)
    banned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "member"], name="groups_ban_stands_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} kept out of {self.group_id}"


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    def waiting(self) -> Self:
        return self.filter(decided_at__isnull=True)


class JoinRequest(models.Model):
    """Somebody who asks to join, with their answer to the group's question."""

    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="join_requests", db_index=False
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="join_requests"
    )
    answer = models.TextField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    is_accepted = models.BooleanField(default=False)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "member"],
                condition=Q(decided_at__isnull=True),
                name="groups_request_waits_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["group", "id"],
                name="groups_requests_waiting",
                condition=Q(decided_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} asks to join {self.group_id}"


class Invitation(models.Model):
    """A way in, for whoever has its token; of which only the hash is kept.

    One sent to an address is for the member who proved that address, and works once.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=9, choices=Role, default=Role.MEMBER)
    token_hash = models.CharField(max_length=64)
    email = models.EmailField(blank=True)
    # Sealed by accounts.sealing, and only until the mail is sent.
    sealed_token = models.TextField(blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    # Tries to send it.
    attempts = models.PositiveSmallIntegerField(default=0)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    max_uses = models.PositiveIntegerField(default=1)
    use_count = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], name="groups_invitation_tokens_differ"),
            models.CheckConstraint(
                condition=Q(use_count__lte=F("max_uses")), name="groups_invitation_is_not_overused"
            ),
            models.CheckConstraint(
                condition=Q(role__in=["organiser", "member", "guest"]),
                name="groups_nobody_is_invited_to_own",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], name="groups_invitations_to_send", condition=~Q(sealed_token="")
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation {self.pk} to {self.group_id}"


class CalendarToken(models.Model):
    """A secret address at which a member's calendar is read; only its hash is kept."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_tokens"
    )
    # What reads it: "My phone".
    label = models.CharField(max_length=60)
    token_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], name="groups_calendar_tokens_differ"),
        ]

    def __str__(self) -> str:
        return self.label
