"""Changes to members' profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.signals import user_signed_up
from allauth.socialaccount.signals import social_account_added, social_account_removed
from django.db import IntegrityError, transaction
from django.dispatch import receiver
from django.utils import timezone

from accounts.models import User
from accounts.profile.orcids import normalize_orcid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from allauth.socialaccount.models import SocialAccount, SocialLogin


def update_profile(
    *,
    user: User,
    full_name: str,
    biography: str,
    links: Sequence[str],
    orcid: str,
    shows_votes: bool,
) -> None:
    """Save the profile. Typing another iD over a verified one leaves it unverified."""
    if orcid != user.orcid:
        user.orcid_verified_at = None
    user.full_name = full_name
    user.biography = biography
    user.links = list(links)
    user.shows_votes = shows_votes
    user.orcid = orcid
    fields = ["full_name", "biography", "links", "orcid", "orcid_verified_at", "shows_votes"]
    user.save(update_fields=fields)


def choose_time_zone(*, user: User, time_zone: str) -> None:
    User.objects.filter(pk=user.pk).update(time_zone=time_zone)


def verify_orcid(*, user: User, orcid: str) -> bool:
    """Save the iD that ORCID confirmed. Return False if another member has verified it."""
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(
                orcid=normalize_orcid(orcid), orcid_verified_at=timezone.now()
            )
    except (IntegrityError, ValueError):
        return False
    return True


@receiver(social_account_added, dispatch_uid="accounts.orcid_connected")
@receiver(user_signed_up, dispatch_uid="accounts.orcid_signed_up")
def on_account_connected(*, sociallogin: SocialLogin | None = None, **kwargs: Any) -> None:
    """Verify the iD of a member who signed in or connected through ORCID."""
    if sociallogin is not None and sociallogin.account.provider == "orcid":
        verify_orcid(user=sociallogin.account.user, orcid=sociallogin.account.uid)


@receiver(social_account_removed, dispatch_uid="accounts.orcid_removed")
def on_account_removed(*, socialaccount: SocialAccount, **kwargs: Any) -> None:
    """Keep the iD, but no longer as verified."""
    if socialaccount.provider == "orcid":
        User.objects.filter(pk=socialaccount.user_id).update(orcid_verified_at=None)
