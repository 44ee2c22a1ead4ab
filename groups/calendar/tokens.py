"""Secret calendar addresses: shown once, stored as a hash, revocable."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.models import User
from common.refusals import Refused
from groups.calendar.models import CalendarToken

if TYPE_CHECKING:
    from django.db.models import QuerySet

MAX_TOKENS = 5
# 256 bits cannot be guessed, so that a plain hash is enough.
_BYTES = 32
_PATTERN = re.compile(r"[A-Za-z0-9_-]{43}")


def tokens_of(member: User) -> QuerySet[CalendarToken]:
    return CalendarToken.objects.filter(member=member).order_by("created_at", "id")


@transaction.atomic
def make_token(*, member: User, label: str) -> str:
    """Make a secret address, and return its token, which cannot be read again."""
    # So that two simultaneous requests are counted one after the other.
    User.objects.select_for_update(no_key=True).get(pk=member.pk)
    if tokens_of(member).count() >= MAX_TOKENS:
        raise Refused(f"You have {MAX_TOKENS} calendar addresses, the maximum. Remove one first.")
    token = secrets.token_urlsafe(_BYTES)
    CalendarToken.objects.create(member=member, label=label, token_hash=_hashed(token))
    return token


def revoke_token(*, member: User, pk: int) -> bool:
    """Revoke a member's address; return False if they have no such address."""
    count, _ = CalendarToken.objects.filter(member=member, pk=pk).delete()
    return bool(count)


def member_of(token: str) -> User | None:
    """Return the member whose calendar a token opens; None if they may not sign in."""
    if not _PATTERN.fullmatch(token):
        return None
    rows = CalendarToken.objects.select_related("member").filter(token_hash=_hashed(token))
    found = rows.first()
    if found is None or not found.member.is_active or found.member.is_suspended:
        return None
    return found.member


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
