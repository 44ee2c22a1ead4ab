"""Data for the account pages, with stated query counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Security:
    """The security settings of a member's account."""

    has_password: bool
    has_app: bool
    passkeys: list[Authenticator]
    recovery_codes_left: int | None
    session_count: int
    connections: list[SocialAccount]
    offers_connections: bool
    unconfirmed_addresses: list[str]

    @property
    def has_second_step(self) -> bool:
        return self.has_app or bool(self.passkeys)


def security_of(user: User) -> Security:
    """Return the member's security settings, in four queries."""
    authenticators = list(Authenticator.objects.filter(user=user).order_by("pk"))
    codes = [one for one in authenticators if one.type == Authenticator.Type.RECOVERY_CODES]
    addresses = EmailAddress.objects.filter(user=user, verified=False).order_by("email")
    return Security(
        has_password=user.has_usable_password(),
        has_app=any(one.type == Authenticator.Type.TOTP for one in authenticators),
        passkeys=[one for one in authenticators if one.type == Authenticator.Type.WEBAUTHN],
        recovery_codes_left=len(codes[0].wrap().get_unused_codes()) if codes else None,
        session_count=UserSession.objects.filter(user=user).count(),
        connections=list(SocialAccount.objects.filter(user=user).order_by("pk")),
        offers_connections=bool(settings.SOCIALACCOUNT_PROVIDERS),
        unconfirmed_addresses=list(addresses.values_list("email", flat=True)),
    )
