"""Adapters that customize allauth."""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import get_login_redirect_url
from allauth.core import context as request_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse

from accounts import contributions
from accounts.models import User
from accounts.names import personal_names, usernames
from accounts.names.reserved_names import is_reserved
from accounts.sign_in import sealing
from accounts.suspensions import suspensions
from common import redirects

if TYPE_CHECKING:
    from allauth.account.models import EmailAddress
    from allauth.socialaccount.models import SocialLogin
    from django.http import HttpRequest, HttpResponse

WRONG_CREDENTIALS = "Wrong e-mail, username or password."


class AccountAdapter(DefaultAccountAdapter):
    """Accounts with the site's rules and messages."""

    error_messages = DefaultAccountAdapter.error_messages | {
        # One message for every failed sign-in: it must not tell which part was wrong.
        "email_password_mismatch": WRONG_CREDENTIALS,
        "username_password_mismatch": WRONG_CREDENTIALS,
        "username_blacklisted": "This name is reserved. Choose another.",
        "username_taken": "This username is taken, or too similar to one that is.",
        "incorrect_code": "Wrong code.",
        "incorrect_password": "Wrong password.",
        "enter_current_password": "Wrong current password.",
        "too_many_login_attempts": "Too many attempts. Wait a few minutes, then try again.",
        "rate_limited": "Too many requests. Wait a minute, then try again.",
    }

    def is_safe_url(self, url: str) -> bool:
        """Accept only URLs on the requested host; allauth would accept our other hosts."""
        return redirects.is_local(request_context.request, url or "")

    def clean_username(self, username: str, shallow: bool = False) -> str:  # noqa: FBT001, FBT002 - allauth's signature
        """Reject names of the wrong form, reserved names and look-alikes."""
        usernames.validate_username(username)
        if is_reserved(username):
            raise self.validation_error("username_blacklisted")
        if not shallow and User.objects.looking_like(username).exists():
            raise self.validation_error("username_taken")
        return username

    def generate_unique_username(self, txts: list[str | None], regex: str | None = None) -> str:
        """Suggest a free username for a sign-up through an identity provider."""
        base = next((name for text in txts if (name := _plain_name(text or ""))), "reader")
        for suffix in ["", *(f"-{secrets.token_hex(2)}" for _ in range(20))]:
            name = base[: usernames.MAX_LENGTH - len(suffix)] + suffix
            try:
                return self.clean_username(name)
            except ValidationError:
                continue
        raise self.validation_error("username_taken")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Add what our templates need. Links start with SITE_URL, never with the request's Host."""
        site = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
        super().send_mail(template_prefix, email, context | site)

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign the member in, or tell them that they are suspended.

        Every kind of sign-in ends here, after its last step, so only a fully authenticated
        member learns of the suspension.
        """
        if user.is_suspended:
            suspensions.remember(request, user)
            raise ImmediateHttpResponse(redirect("accounts:suspended"))
        super().login(request, user)

    def post_login(
        self, request: HttpRequest, user: User, *, redirect_url: str | None, **kwargs: Any
    ) -> HttpResponse:
        """Do the act that waited for this sign-in, whatever its method."""
        url = get_login_redirect_url(request, redirect_url, signup=kwargs["signup"])
        url = contributions.perform_pending(user, url) or url
        response: HttpResponse = super().post_login(request, user, redirect_url=url, **kwargs)
        return response

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Return to the addresses in the settings; a new member goes where they were going."""
        if self.request.user.is_authenticated:
            return reverse("account_email")
        url: str = super().get_email_verification_redirect_url(email_address)
        return url

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:security")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Add only messages that the next page does not already show."""
        if level == messages.SUCCESS and message_template == "account/messages/logged_in.txt":
            return
        super().add_message(request, level, message_template, *args, **kwargs)


class MFAAdapter(DefaultMFAAdapter):
    """Second factors, with secrets encrypted in the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "unverified_email": "Confirm all your addresses first, or remove the others.",
        "incorrect_code": "Wrong code. The app shows a new one every 30 seconds.",
    }

    def encrypt(self, text: str) -> str:
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text)

    def get_totp_label(self, user: User) -> str:
        return user.username

    def _get_site_name(self) -> str:
        return str(settings.SITE_NAME)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002
        """Suggest a name that none of the member's keys has."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Passkey" if number == 1 else f"Passkey {number}"


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Sign-ins through an identity provider."""

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> User:
        """Copy the name from the provider, cleaned as if the member had typed it."""
        user: User = super().populate_user(request, sociallogin, data)
        parts = [data.get("first_name"), data.get("last_name")]
        name = data.get("name") or " ".join(part for part in parts if part)
        user.full_name = _full_name_or_blank(name)
        return user


def _plain_name(text: str) -> str:
    """Make a username from a name or from the first half of an address."""
    folded = unicodedata.normalize("NFKD", text.partition("@")[0]).encode("ascii", "ignore")
    words = re.sub(r"[^a-z0-9]+", "-", folded.decode().lower()).strip("-")
    name = re.sub(r"^[^a-z]+", "", words)[: usernames.MAX_LENGTH]
    return name if len(name) >= usernames.MIN_LENGTH else ""


def _full_name_or_blank(name: str) -> str:
    tidy = personal_names.tidy_full_name(name)[:100].strip()
    try:
        personal_names.validate_full_name(tidy)
    except ValidationError:
        return ""
    return tidy
