"""Demo accounts for development."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from accounts.models import User


@dataclass(frozen=True)
class DemoAccount:
    role: str
    username: str
    email: str
    password: str
    full_name: str


DEMO_ACCOUNTS: tuple[DemoAccount, ...] = (
    DemoAccount("member", "mira", "mira@example.org", "reads-every-morning", "Mira Lindqvist"),
    DemoAccount(
        "organiser", "tomas", "tomas@example.org", "thursdays-at-four", "Tomás Albuquerque"
    ),
    DemoAccount(
        "moderator", "wanjiru", "wanjiru@example.org", "keeps-the-room-calm", "Wanjiru Kamau"
    ),
    DemoAccount("operator", "ines", "ines@example.org", "sleeps-through-night", "Inès Marchetti"),
)


@transaction.atomic
def create_demo_accounts() -> list[User]:
    """Create the missing demo accounts, and return all of them."""
    if not settings.DEVELOPMENT:
        raise ImproperlyConfigured("Demo accounts have known passwords: development only.")
    return [_create(account) for account in DEMO_ACCOUNTS]


def _create(account: DemoAccount) -> User:
    user: User | None = User.objects.filter(username=account.username).first()
    if user is None:
        user = User.objects.create_user(
            account.username,
            account.email,
            account.password,
            full_name=account.full_name,
            joined_at=timezone.now() - datetime.timedelta(days=365),
            is_moderator=account.role in {"moderator", "operator"},
            is_staff=account.role == "operator",
            is_superuser=account.role == "operator",
        )
    EmailAddress.objects.get_or_create(
        user=user, email=account.email, defaults={"verified": True, "primary": True}
    )
    return user
