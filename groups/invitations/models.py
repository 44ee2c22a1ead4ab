"""Invitations to groups, by a link or by mail."""

from __future__ import annotations

import logging

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.sign_in import sealing
from common.mailing import OutgoingMail
from groups.membership.models import Group, Membership, Role

logger = logging.getLogger(__name__)


class Invitation(OutgoingMail):
    """A way to join for anybody with its token, of which only the hash is stored.

    An invitation sent by e-mail is for the member who confirmed that address, and works once. Its
    token is encrypted until the mail is sent; afterwards only the mail contains it.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=9, choices=Role, default=Role.MEMBER)
    token_hash = models.CharField(max_length=64)
    email = models.EmailField(blank=True)
    sealed_token = models.TextField(blank=True)
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
                fields=["due_at"],
                name="groups_invitations_to_send",
                condition=Q(due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation {self.pk} to {self.group_id}"

    @property
    def inviter_still_may(self) -> bool:
        """Whether who invited could still do so today: one query."""
        if not self.invited_by.is_active or self.invited_by.is_suspended:
            return False
        running = Membership.objects.running().filter(
            group=self.group_id, member=self.invited_by_id
        )
        if self.role == Role.ORGANISER:
            running = running.filter(role=Role.OWNER)
        return running.exists()

    def compose(self) -> EmailMessage | None:
        is_over = self.revoked_at is not None or self.expires_at <= timezone.now()
        if is_over or self.group.is_closed or not self.inviter_still_may or not self.sealed_token:
            return None
        try:
            token = sealing.unseal(self.sealed_token)
        except InvalidToken:
            # Sealed under a key that is gone: nobody can send it any more.
            logger.warning("%s can no longer be unsealed", self)
            return None
        context = {
            "group": self.group,
            "inviter": self.invited_by,
            "invitation": self,
            "path": reverse("groups:invitation_open", args=[token]),
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
        }
        subject = render_to_string("groups/email/invitation_subject.txt", context)
        text = render_to_string("groups/email/invitation_message.txt", context)
        # One line, whatever the group's name holds.
        return EmailMessage(" ".join(subject.split()), text, to=[self.email])

    def settle(self, **columns: object) -> None:
        super().settle(sealed_token="", **columns)
