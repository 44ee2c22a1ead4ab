"""The one way out: every HTTP request that the site makes goes through `fetch`.

What is bounded: the time of the whole exchange, the bytes on the wire and after
decoding, the redirects, and the addresses that may be connected to.
"""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from urllib3.exceptions import HTTPError

from common.fetch_addresses import (
    Resolver,
    Target,
    parse_target,
    resolve_host,
    vetted_addresses,
)
from common.fetch_bodies import ACCEPT_ENCODING, PIECE, decode_body
from common.fetch_connections import Deadline, open_connection
from common.fetch_errors import (
    FetchError,
    FetchMalformedError,
    FetchRateLimitedError,
    FetchRefusedError,
    FetchStatusError,
    FetchTimeoutError,
    FetchTooLargeError,
    FetchUnreachableError,
)

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection
    from urllib3.response import BaseHTTPResponse

USER_AGENT = "Octavo/1.0 (self-hosted reader of research papers)"
MAX_RETRY_AFTER = 24 * 60 * 60.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# An error page is read for its message only.
MAX_ERROR_BYTES = 64 * 1024

Pace = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How much one exchange may cost."""

    seconds: float = 20.0
    wire_bytes: int = 5 * 1024 * 1024
    decoded_bytes: int = 20 * 1024 * 1024
    ratio: int = 100
    redirects: int = 3


@dataclass(frozen=True, slots=True)
class Validators:
    """What an earlier answer said of itself, to ask whether it still holds."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer, within the limits. `headers` has lower-case names."""

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    elapsed: float = 0.0

    @property
    def not_modified(self) -> bool:
        return self.status == 304

    @property
    def etag(self) -> str:
        return self.headers.get("etag", "")

    @property
    def last_modified(self) -> str:
        return self.headers.get("last-modified", "")

    @property
    def validators(self) -> Validators:
        return Validators(self.etag, self.last_modified)


DEFAULT_LIMITS = FetchLimits()


def fetch(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    conditional: Validators | None = None,
    limits: FetchLimits = DEFAULT_LIMITS,
    allowed_private_hosts: frozenset[str] = frozenset(),
    pace: Pace = contextlib.nullcontext,
    resolve: Resolver = resolve_host,
    tls: ssl.SSLContext | None = None,
) -> Fetched:
    """GET the address, following redirects, or raise a `FetchError`.

    `pace` is entered around each single request, redirects included; the time it
    waits is not counted against the deadline.
    """
    started_at = time.monotonic()
    deadline = Deadline(limits.seconds)
    target = parse_target(url, allowed_private_hosts=allowed_private_hosts)
    sent = _request_headers(headers or {}, conditional)

    for _ in range(limits.redirects + 1):
        waiting_since = time.monotonic()
        with pace():
            deadline.extend(time.monotonic() - waiting_since)
            answer = _exchange(
                target, sent, limits=limits, deadline=deadline, resolve=resolve, tls=tls
            )
            _raise_for_status(answer, is_conditional=conditional is not None)
        if answer.status not in REDIRECTS:
            elapsed = time.monotonic() - started_at
            return Fetched(target.url, answer.status, answer.headers, answer.body, elapsed)
        previous, target = target, _redirected(target, answer, allowed_private_hosts)
        if (previous.host, previous.port) != (target.host, target.port):
            sent = _without_credentials(sent)
    raise FetchRefusedError(f"The address redirects more than {limits.redirects} times.", url=url)


def _request_headers(headers: Mapping[str, str], conditional: Validators | None) -> dict[str, str]:
    sent = {
        "user-agent": USER_AGENT,
        "accept": "*/*",
        "accept-encoding": ACCEPT_ENCODING,
        "connection": "close",
    }
    if conditional and conditional.etag:
        sent["if-none-match"] = conditional.etag
    if conditional and conditional.last_modified:
        sent["if-modified-since"] = conditional.last_modified
    sent |= {name.lower(): value for name, value in headers.items()}
    if any(not value.isprintable() for value in sent.values()):
        raise FetchRefusedError("A header holds characters that would break it.")
    return sent


def _without_credentials(headers: dict[str, str]) -> dict[str, str]:
    private = {"authorization", "cookie", "proxy-authorization"}
    return {name: value for name, value in headers.items() if name not in private}


def _exchange(
    target: Target,
    headers: Mapping[str, str],
    *,
    limits: FetchLimits,
    deadline: Deadline,
    resolve: Resolver,
    tls: ssl.SSLContext | None,
) -> Fetched:
    """Send one request and read its answer, decoded."""
    addresses = vetted_addresses(target, resolve=resolve, timeout=deadline.remaining)
    with (
        _as_fetch_errors(target, deadline),
        open_connection(target, addresses, deadline=deadline, tls=tls) as connection,
    ):
        response = _send(connection, target, headers)
        received = {name.lower(): value for name, value in response.headers.items()}
        if response.status in REDIRECTS or response.status == 304:
            return Fetched(target.url, response.status, received)
        max_wire = limits.wire_bytes if response.status < 400 else MAX_ERROR_BYTES
        try:
            wire = _read_wire(response, max_bytes=max_wire)
            body = decode_body(
                wire,
                received.get("content-encoding", ""),
                max_bytes=limits.decoded_bytes,
                max_ratio=limits.ratio,
                check_deadline=deadline.check,
            )
        except (FetchError, HTTPError, HTTPException, OSError):
            if response.status < 400:
                raise
            body = b""  # the status says enough
        deadline.check()
    return Fetched(target.url, response.status, received, body)


def _send(
    connection: HTTPConnection, target: Target, headers: Mapping[str, str]
) -> BaseHTTPResponse:
    connection.request(
        "GET",
        target.path,
        headers={"host": target.netloc, **headers},
        preload_content=False,
        decode_content=False,
    )
    return connection.getresponse()


def _read_wire(response: BaseHTTPResponse, *, max_bytes: int) -> bytes:
    declared = response.headers.get("content-length", "")
    if declared.isdigit() and len(declared) < 20 and int(declared) > max_bytes:
        raise FetchTooLargeError(f"The answer is larger than {max_bytes:,} bytes.")
    pieces: list[bytes] = []
    size = 0
    while piece := response.read(PIECE, decode_content=False):
        size += len(piece)
        if size > max_bytes:
            raise FetchTooLargeError(f"The answer is larger than {max_bytes:,} bytes.")
        pieces.append(piece)
    return b"".join(pieces)


@contextlib.contextmanager
def _as_fetch_errors(target: Target, deadline: Deadline) -> Iterator[None]:
    """Turn whatever a connection throws into our own family.

    A socket shut at the deadline looks like a server that hung up, so the clock
    is asked first.
    """
    try:
        yield
    except FetchError as error:
        error.url = error.url or target.url
        raise
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        if deadline.remaining <= 0 or isinstance(error, TimeoutError):
            raise FetchTimeoutError(
                f"{target.host} took too long to answer.", url=target.url
            ) from error
        if _is_certificate_error(error):
            raise FetchUnreachableError(
                f"The certificate of {target.host} is not valid.", url=target.url
            ) from error
        if isinstance(error, OSError):
            raise FetchUnreachableError(
                f"{target.host} closed the connection.", url=target.url
            ) from error
        raise FetchMalformedError(
            f"{target.host} sent an answer that breaks HTTP.", url=target.url
        ) from error


def _is_certificate_error(error: BaseException) -> bool:
    return isinstance(error, ssl.SSLError) or any(
        isinstance(argument, ssl.SSLError) for argument in error.args
    )


def _raise_for_status(answer: Fetched, *, is_conditional: bool) -> None:
    if 200 <= answer.status < 300 or answer.status in REDIRECTS:
        return
    if answer.status == 304 and is_conditional:
        return
    error = FetchRateLimitedError if answer.status == 429 else FetchStatusError
    raise error(
        answer.status,
        url=answer.url,
        retry_after=parse_retry_after(answer.headers.get("retry-after", "")),
        body=answer.body,
    )


def parse_retry_after(value: str, *, now: datetime | None = None) -> float | None:
    """Seconds to wait, from the two forms of Retry-After, clamped to a day."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:12]), MAX_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = (moment - (now or datetime.now(UTC))).total_seconds()
    return min(max(seconds, 0.0), MAX_RETRY_AFTER)


def _redirected(target: Target, answer: Fetched, allowed_private_hosts: frozenset[str]) -> Target:
    location = answer.headers.get("location", "")
    if not location:
        raise FetchMalformedError("The redirect leads nowhere.", url=target.url)
    try:
        address = urljoin(target.url, location)
        scheme = urlsplit(address).scheme
    except ValueError:
        raise FetchRefusedError("The redirect cannot be read.", url=target.url) from None
    if target.scheme == "https" and scheme == "http":
        raise FetchRefusedError("The redirect leaves https for plain http.", url=target.url)
    return parse_target(address.partition("#")[0], allowed_private_hosts=allowed_private_hosts)
