"""Mutes and blocks between members."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Mute(models.Model):
    """A member who wants no notifications about another. The other is not told."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mutes", db_index=False
    )
    muted = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="muted_by"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "muted"], name="discussions_member_mutes_another_once"
            ),
            models.CheckConstraint(
                condition=~Q(member=F("muted")), name="discussions_nobody_mutes_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} mutes {self.muted_id}"


class Block(models.Model):
    """A block between two members: neither sees what the other writes."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blocks", db_index=False
    )
    blocked = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blocked_by"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "blocked"], name="discussions_member_blocks_another_once"
            ),
            models.CheckConstraint(
                condition=~Q(member=F("blocked")), name="discussions_nobody_blocks_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} blocks {self.blocked_id}"
