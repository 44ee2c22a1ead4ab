"""Invitations: a way to join by a token, or by owning an e-mail address.

Only a token's hash is stored. The token of an invitation by e-mail is encrypted until its mail is
sent, and then deleted.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.sign_in import sealing
from common import tasks, wake_ups
from common.refusals import Refused
from groups import access
from groups.invitations.models import Invitation
from groups.membership import members
from groups.membership.models import Ban, Group, LogEntry, Role
from groups.membership.rights import membership_of, require_organiser, require_running

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

MAX_DAYS, DEFAULT_DAYS = 30, 7
MAX_USES = 100
# Per group: nobody looks through a longer list.
MAX_STANDING = 200


class InvitationRefusal(Enum):
    """Why an invitation does not let somebody in: one clear sentence each."""

    UNKNOWN = "This link is not a valid invitation. Check that you copied all of it."
    REVOKED = "This invitation was revoked. Ask for a new one."
    EXPIRED = "This invitation has expired. Ask for a new one."
    SPENT = "This invitation was already used. Ask for a new one."
    CLOSED = "The group of this invitation is closed."
    OTHER_ADDRESS = (
        "This invitation is for a different e-mail address. If that address is yours too, add "
        "it to your account and confirm it, then open the link again."
    )
    BANNED = "The organisers have removed you from this group, so you cannot use the invitation."


class InvitationRefusedError(Refused):
    """The invitation does not let them in. The message is fit to show."""

    def __init__(self, refusal: InvitationRefusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class Made(NamedTuple):
    """An invitation and its token, which is shown once and cannot be recovered."""

    invitation: Invitation
    token: str


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(
    *,
    group: Group,
    by: User,
    role: str = Role.MEMBER,
    days: int = DEFAULT_DAYS,
    max_uses: int = 1,
    email: str = "",
) -> Made:
    """Create an invitation by link; with an address, one that is mailed there and works once."""
    group = access.lock_group(group)
    require_running(group)
    own = require_organiser(group, by)
    _require_sensible(own.is_owner, role=role, days=days, max_uses=max_uses)
    if standing_in(group).count() >= MAX_STANDING:
        raise Refused(
            f"{MAX_STANDING} invitations are open, the maximum. Revoke some before you create more."
        )
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        group=group,
        role=role,
        token_hash=hash_of(token),
        email=email.lower(),
        sealed_token=sealing.seal(token) if email else "",
        due_at=timezone.now() if email else None,
        invited_by=by,
        expires_at=timezone.now() + timedelta(days=days),
        max_uses=1 if email else max_uses,
    )
    # Only managers of invitations see the address.
    how = "by e-mail" if email else "by link"
    words = f"Invited {how}, as {Role(role).label.lower()}"
    LogEntry.note(group=group, kind="invited", words=words, actor=by)
    if email:
        wake_ups.wake(tasks.send_mail, invitation._meta.label, invitation.pk)  # noqa: SLF001
    return Made(invitation, token)


@transaction.atomic
def revoke(*, group: Group, by: User, invitation_id: int) -> bool:
    """Revoke an invitation. Return whether it was still valid."""
    group = access.lock_group(group)
    require_organiser(group, by)
    standing = Invitation.objects.filter(group=group, pk=invitation_id, revoked_at__isnull=True)
    is_new = standing.update(revoked_at=timezone.now(), sealed_token="", due_at=None)
    if is_new:
        LogEntry.note(
            group=group, kind="invitation revoked", words="Revoked an invitation", actor=by
        )
    return bool(is_new)


def find(token_hash: str) -> Invitation | None:
    """Return the invitation of a token, with its group: one query."""
    found = Invitation.objects.select_related("group", "invited_by")
    return found.filter(token_hash=token_hash).first() if token_hash else None


def why_not(invitation: Invitation | None, member: User | None) -> InvitationRefusal | None:
    """Return the reason why the invitation does not let the member in, or None.

    For a visitor only the invitation itself is checked. Nobody who is refused learns which group it
    is for.
    """
    if invitation is None:
        return InvitationRefusal.UNKNOWN
    wrong = _wrong_with(invitation)
    if wrong is not None or member is None:
        return wrong
    if invitation.email and not _has_proved(member, invitation.email):
        return InvitationRefusal.OTHER_ADDRESS
    if Ban.objects.filter(group=invitation.group_id, member=member).exists():
        return InvitationRefusal.BANNED
    return None


@transaction.atomic
def accept(*, invitation: Invitation, member: User) -> Group:
    """Join a group by an invitation, and return the group.

    An existing member does not use up the invitation. Raise InvitationRefusedError if it does not
    let them in, also if somebody else used it first.
    """
    group = access.lock_group(invitation.group_id)
    if membership_of(group, member) is not None:
        return group
    # Read again under the lock.
    found = find(invitation.token_hash)
    refusal = why_not(found, member)
    if refusal is not None or found is None:
        raise InvitationRefusedError(refusal or InvitationRefusal.UNKNOWN)
    spent = Invitation.objects.filter(
        pk=found.pk,
        use_count__lt=F("max_uses"),
        revoked_at__isnull=True,
        expires_at__gt=timezone.now(),
    ).update(use_count=F("use_count") + 1, sealed_token="", due_at=None)
    if not spent:
        raise InvitationRefusedError(InvitationRefusal.SPENT)
    group.join_requests.filter(member=member, decided_at__isnull=True).update(
        decided_at=timezone.now(), decided_by=found.invited_by, is_accepted=True
    )
    words = f"Joined by an invitation from @{found.invited_by.username}"
    members.add(group=group, member=member, role=found.role, words=words)
    return group


def standing_in(group: Group) -> QuerySet[Invitation]:
    """Return a group's invitations that can still be used."""
    return Invitation.objects.filter(
        group=group,
        revoked_at__isnull=True,
        expires_at__gt=timezone.now(),
        use_count__lt=F("max_uses"),
    )


def _wrong_with(invitation: Invitation) -> InvitationRefusal | None:
    if invitation.revoked_at is not None:
        return InvitationRefusal.REVOKED
    if invitation.expires_at <= timezone.now():
        return InvitationRefusal.EXPIRED
    if invitation.use_count >= invitation.max_uses:
        return InvitationRefusal.SPENT
    if invitation.group.is_closed:
        return InvitationRefusal.CLOSED
    # Invitations end when the inviter no longer runs the group.
    return None if invitation.inviter_still_may else InvitationRefusal.REVOKED


def _has_proved(member: User, email: str) -> bool:
    proved = EmailAddress.objects.filter(user=member, verified=True)
    return bool(proved.filter(email__iexact=email).exists())


def _require_sensible(is_owner: bool, *, role: str, days: int, max_uses: int) -> None:  # noqa: FBT001
    if role not in {Role.ORGANISER, Role.MEMBER, Role.GUEST}:
        raise Refused("Choose guest, member or organiser.")
    if role == Role.ORGANISER and not is_owner:
        raise Refused("Only an owner can invite organisers.")
    if not 1 <= days <= MAX_DAYS:
        raise Refused(f"An invitation is valid for 1 to {MAX_DAYS} days.")
    if not 1 <= max_uses <= MAX_USES:
        raise Refused(f"A link is for 1 to {MAX_USES} people.")
