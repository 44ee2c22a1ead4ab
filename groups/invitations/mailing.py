"""Sending invitations to the addresses that they are for.

The row with its sealed token is the record: whatever wake-up was lost, a sweep finds it. A
worker claims a row by raising its attempts, sends, and wipes the token, so that the mail is
the only place left where it stands.
"""

from __future__ import annotations

import logging
import smtplib
from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.sign_in import sealing
from groups.invitations.models import Invitation
from groups.membership.models import Membership, Role

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
# Before the second try, the third: a server that is away comes back.
PAUSES = (timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
SWEEP_SIZE = 50
# Longer ago than that, a wake-up was lost.
GRACE = timedelta(seconds=20)


def inviter_still_may(invitation: Invitation) -> bool:
    """Whether who invited could still do so today: one query."""
    inviter = invitation.invited_by
    if not inviter.is_active or inviter.is_suspended:
        return False
    running = Membership.objects.running().filter(
        group=invitation.group_id, member=invitation.invited_by_id
    )
    if invitation.role == Role.ORGANISER:
        running = running.filter(role=Role.OWNER)
    return running.exists()


def sweep() -> int:
    """Send the invitations that wait. Return how many were tried."""
    _wipe_hopeless()
    waiting = _due().filter(created_at__lt=timezone.now() - GRACE).order_by("pk")
    ids = list(waiting.values_list("pk", flat=True)[:SWEEP_SIZE])
    return sum(send(pk) for pk in ids)


def send(invitation_id: int) -> bool:
    """Mail one invitation, if it waits and nobody else has it in hand. Return whether tried."""
    invitation = _claim(invitation_id)
    if invitation is None:
        return False
    if not _is_wanted(invitation):
        _wipe(invitation)
        return False
    try:
        token = sealing.unseal(invitation.sealed_token)
        _message(invitation, token).send()
    except InvalidToken:
        # Sealed under a key that is gone: nobody can send it any more.
        logger.warning("Invitation %s can no longer be unsealed", invitation.pk)
        _wipe(invitation)
    except (OSError, smtplib.SMTPException) as error:
        # By its kind alone: the words of a mail server quote the address.
        kind, tries = type(error).__name__, invitation.attempts
        logger.warning("Invitation %s was not sent, try %d: %s", invitation.pk, tries, kind)
        if tries >= MAX_ATTEMPTS:
            _wipe(invitation)
    else:
        _wipe(invitation, mailed_at=timezone.now())
    return True


def _due() -> QuerySet[Invitation]:
    """Return the invitations whose next try is due: by how often it was tried, and when last."""
    # When it was tried is not kept: the pauses are counted from when it was made.
    now, waited, due = timezone.now(), timedelta(), Q(attempts=0)
    for tries, pause in enumerate(PAUSES, start=1):
        waited += pause
        due |= Q(attempts=tries, created_at__lt=now - waited)
    return Invitation.objects.exclude(sealed_token="").filter(due)


def _claim(invitation_id: int) -> Invitation | None:
    """Raise the attempts of an invitation that is due; of two workers one gets it."""
    with transaction.atomic():
        found = _due().filter(pk=invitation_id).select_for_update(skip_locked=True).first()
        if found is None:
            return None
        found.attempts += 1
        found.save(update_fields=["attempts"])
    return Invitation.objects.select_related("group", "invited_by").get(pk=invitation_id)


def _is_wanted(invitation: Invitation) -> bool:
    is_over = invitation.revoked_at is not None or invitation.expires_at <= timezone.now()
    return not is_over and not invitation.group.is_closed and inviter_still_may(invitation)


def _wipe_hopeless() -> None:
    """Forget the tokens that nobody will send any more: tried in vain, or out of date."""
    now = timezone.now()
    is_tried = Q(attempts__gte=MAX_ATTEMPTS, created_at__lt=now - sum(PAUSES, timedelta()) * 2)
    sealed = Invitation.objects.exclude(sealed_token="")
    sealed.filter(is_tried | Q(expires_at__lte=now)).update(sealed_token="")


def _wipe(invitation: Invitation, *, mailed_at: datetime | None = None) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(sealed_token="", mailed_at=mailed_at)


def _message(invitation: Invitation, token: str) -> EmailMessage:
    context = {
        "group": invitation.group,
        "inviter": invitation.invited_by,
        "invitation": invitation,
        "path": reverse("groups:invitation_open", args=[token]),
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
    }
    subject = render_to_string("groups/email/invitation_subject.txt", context)
    text = render_to_string("groups/email/invitation_message.txt", context)
    # One line, whatever the group's name holds.
    return EmailMessage(" ".join(subject.split()), text, to=[invitation.email])
