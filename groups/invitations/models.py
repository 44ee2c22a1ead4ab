"""Who belongs to a group, and the ways in and out."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from groups.membership.models import Group, Role


class Invitation(models.Model):
    """A way in, for whoever has its token; of which only the hash is kept.

    One sent to an address is for the member who proved that address, and works once.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=9, choices=Role, default=Role.MEMBER)
    token_hash = models.CharField(max_length=64)
    email = models.EmailField(blank=True)
    # Sealed by accounts.sign_in.sealing, and only until the mail is sent.
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
