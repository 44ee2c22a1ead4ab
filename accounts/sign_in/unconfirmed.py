"""Accounts whose e-mail address was never confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User

if TYPE_CHECKING:
    import datetime

    from accounts.models import UserQuerySet


def unconfirmed() -> UserQuerySet:
    """Return members who never signed in and never confirmed an address.

    Staff are left out: operators create them by hand.
    """
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    members: UserQuerySet = User.objects.filter(
        ~Exists(confirmed), last_login__isnull=True, is_staff=False, is_superuser=False
    )
    return members


def withdraw_sign_up(*, user: User) -> bool:
    """Delete the sign-up of somebody who mistyped their address, which frees the username."""
    deleted, _ = unconfirmed().filter(pk=user.pk).delete()
    return deleted > 0


def forget_unconfirmed(*, older_than: datetime.timedelta) -> int:
    """Delete sign-ups that were never finished, which frees their usernames. Return how many."""
    gone = unconfirmed().filter(joined_at__lt=timezone.now() - older_than)
    _, by_model = gone.delete()
    return by_model.get("accounts.User", 0)
