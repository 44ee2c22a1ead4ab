"""Rate limits: token buckets in Postgres.

They are exact under concurrency, because a bucket is one row changed by one statement, and they
work while Redis is down. The table is unlogged: a crash resets all limits, which is harmless,
and spending a token writes no write-ahead log.
"""

from __future__ import annotations

import ipaddress
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.db import connection

from common.errors import too_many_requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class RateLimit:
    """`burst` acts at once, and `per_minute` in the long run.

    An address may do `per_address` times as much as a member: a whole laboratory may share one.
    """

    name: str
    per_minute: float
    burst: int
    per_address: int = 10


VOTE = RateLimit("vote", per_minute=60, burst=60)
SUBMIT = RateLimit("submit", per_minute=2, burst=10)


class RateLimitExceededError(Exception):
    """The limit is used up. The message is fit to show; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many requests. Try again in {retry_after} seconds.")
        self.retry_after = retry_after


def spend(request: HttpRequest, limit: RateLimit) -> None:
    """Count one act for the member and their address, for a visitor only for the address.

    Raise RateLimitExceededError when either has none left. A refused act is not counted, so
    that repeated tries do not delay the next allowed act.
    """
    buckets = [(f"{limit.name}:address:{address_range(request)}", limit.per_address)]
    if request.user.is_authenticated:
        buckets.append((f"{limit.name}:member:{request.user.pk}", 1))
    keys = [key for key, _ in buckets]
    bursts = [float(limit.burst * times) for _, times in buckets]
    rates = [limit.per_minute / 60 * times for _, times in buckets]
    with connection.cursor() as cursor:
        cursor.execute(_SPEND_SQL, [keys, bursts, rates])
        answers = cursor.fetchall()
        waits = [(1 - tokens) / rate for _, is_granted, tokens, rate in answers if not is_granted]
        if not waits:
            return
        # Otherwise the refused tries of one member would use up the limit of others at the address.
        cursor.execute(_GIVE_BACK_SQL, [[key for key, is_granted, *_ in answers if is_granted]])
    raise RateLimitExceededError(math.ceil(max(waits)))


class RateLimitMiddleware:
    """Middleware that answers 429, with the time to try again, to RateLimitExceededError."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, RateLimitExceededError):
            return too_many_requests(request, retry_after_seconds=error.retry_after)
        return None


def address_range(request: HttpRequest) -> str:
    """Return the client's address; for IPv6, the /64 network of a household."""
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


# The tokens now: those left, plus those added since, up to the burst. Concurrent acts may see
# the clock out of order.
_REFILLED = """
    least(excluded.burst, bucket.tokens + excluded.rate
          * greatest(0, extract(epoch FROM excluded.at - bucket.at)::float8))
"""

_SPEND_SQL = f"""
    INSERT INTO common_allowance AS bucket (key, tokens, burst, rate, at, is_granted)
    SELECT key, burst - 1, burst, rate, clock_timestamp(), true
    FROM unnest(%s::text[], %s::float8[], %s::float8[]) AS asked (key, burst, rate)
    ORDER BY key
    ON CONFLICT (key) DO UPDATE SET
        tokens = {_REFILLED} - CASE WHEN {_REFILLED} >= 1 THEN 1 ELSE 0 END,
        is_granted = {_REFILLED} >= 1,
        burst = excluded.burst,
        rate = excluded.rate,
        at = greatest(bucket.at, excluded.at)
    RETURNING key, is_granted, tokens, rate
"""  # noqa: S608 - constants only

# At most one of the two buckets gets a token back, so this cannot deadlock.
_GIVE_BACK_SQL = "UPDATE common_allowance SET tokens = tokens + 1 WHERE key = ANY(%s)"
