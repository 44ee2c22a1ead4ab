"""Limits on how often and how much members may write, by account age.

New accounts are cheap for spammers. A person who joins to answer one comment reaches none of
these limits.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from common.rate_limits import RateLimit, spend

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.http import MemberRequest
    from accounts.models import User

FIRST_DAY = timedelta(days=1)
NEW_FOR = timedelta(days=7)

# In one comment, for all members.
MAX_MENTIONS = 10
# For all comments of one new account.
NEW_ACCOUNT_MENTIONS_A_DAY = 30

# Each has its own buckets, so that a new account does not reduce the limit of a laboratory that
# shares its address.
COMMENT_ON_FIRST_DAY = RateLimit("comment-first-day", per_minute=2, burst=3)
COMMENT_WHILE_NEW = RateLimit("comment-new", per_minute=4, burst=6)
COMMENT = RateLimit("comment", per_minute=10, burst=20)
REACT = RateLimit("react", per_minute=60, burst=60)
REPORT = RateLimit("report", per_minute=2, burst=10)
# Drafts that visitors leave for after the sign-in: each takes a session of some 40 kB.
DRAFT = RateLimit("draft", per_minute=1, burst=3)
# A preview costs as much as a comment to render, and is requested after each pause.
PREVIEW = RateLimit("preview", per_minute=30, burst=30)


def age_of(member: User, *, now: datetime | None = None) -> timedelta:
    """Return how long ago the member joined."""
    return (now or timezone.now()) - member.joined_at


def is_new_account(member: User) -> bool:
    return age_of(member) < NEW_FOR


def comment_limit(member: User) -> RateLimit:
    """Return how often the member may post or edit."""
    age = age_of(member)
    if age < FIRST_DAY:
        return COMMENT_ON_FIRST_DAY
    return COMMENT_WHILE_NEW if age < NEW_FOR else COMMENT


def spend_for_comment(request: MemberRequest) -> None:
    """Count one comment or edit of the member; raise RateLimitExceededError at the limit."""
    spend(request, comment_limit(request.user))
