"""The one way out: every HTTP request that the site makes goes through `fetch`.

What is bounded: the time of the whole exchange, the bytes on the wire and after
decoding, the redirects, and the addresses that may be connected to. A name is resolved
once and all its addresses are judged; libcurl then connects to these and to no others.
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit

import pycurl
from django.utils import timezone

from common.fetch_addresses import (
    Target,
    parse_target,
    vetted_addresses,
)
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

USER_AGENT = "Octavo/1.0 (self-hosted reader of research papers)"
MAX_RETRY_AFTER = 24 * 60 * 60.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# An error page is read for its message only.
MAX_ERROR_BYTES = 64 * 1024
# Small bodies compress without measure (a page of spaces), and harm nobody.
RATIO_FREE = 1024 * 1024
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

    @property
    def not_modified(self) -> bool:
        return self.status == 304

    @property
    def etag(self) -> str:
        return self.headers.get("etag", "")

    @property
    def last_modified(self) -> str:
        return self.headers.get("last-modified", "")


DEFAULT_LIMITS = FetchLimits()


def fetch(
    url: str,
    *,
    conditional: Validators | None = None,
    limits: FetchLimits = DEFAULT_LIMITS,
    allowed_private_hosts: frozenset[str] = frozenset(),
    pace: Pace = contextlib.nullcontext,
) -> Fetched:
    """GET the address, following redirects, or raise a `FetchError`.

    `allowed_private_hosts` holds names, or `name:port` to allow one port only. `pace` is
    entered around each single request, redirects included; the time it waits is not
    counted against the deadline.
    """
    target = parse_target(url, allowed_private_hosts=allowed_private_hosts)
    sent = _request_headers(conditional)
    seconds = limits.seconds
    for _ in range(limits.redirects + 1):
        with pace():
            started_at = time.monotonic()
            answer = _exchange(target, sent, limits, seconds)
            seconds -= time.monotonic() - started_at
            _raise_for_status(answer, is_conditional=conditional is not None)
        if answer.status not in REDIRECTS:
            return answer
        target = _redirected(target, answer, allowed_private_hosts)
    raise FetchRefusedError(f"The address redirects more than {limits.redirects} times.")


def _request_headers(conditional: Validators | None) -> list[str]:
    sent = [f"user-agent: {USER_AGENT}", "accept: */*", "accept-encoding: gzip"]
    if conditional and conditional.etag:
        sent.append(f"if-none-match: {conditional.etag}")
    if conditional and conditional.last_modified:
        sent.append(f"if-modified-since: {conditional.last_modified}")
    if not all(line.isprintable() for line in sent):
        raise FetchRefusedError("A header holds characters that would break it.")
    return [*sent, "connection: close"]


def _exchange(target: Target, headers: list[str], limits: FetchLimits, seconds: float) -> Fetched:
    """Send one request and read its answer, decoded."""
    ends_at = time.monotonic() + seconds
    addresses = vetted_addresses(target, timeout=seconds)
    head: list[bytes] = []
    wire = BytesIO()
    authorities = ssl.get_default_verify_paths()  # SSL_CERT_FILE names an operator's own
    options = {
        pycurl.URL: target.url,
        pycurl.HTTPHEADER: headers,
        pycurl.PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
        pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_1_1,
        pycurl.PROXY: "",
        pycurl.NOSIGNAL: True,
        pycurl.PATH_AS_IS: True,
        # A host that is an address is not looked up.
        pycurl.RESOLVE: [f"{target.host}:{target.port}:{','.join(addresses)}"]
        if addresses != [target.host]
        else None,
        pycurl.OPENSOCKETFUNCTION: partial(open_socket, frozenset(addresses)),
        pycurl.HEADERFUNCTION: head.append,
        pycurl.WRITEFUNCTION: wire.write,
        pycurl.MAXFILESIZE_LARGE: limits.wire_bytes,
        pycurl.TIMEOUT_MS: max(1, int((ends_at - time.monotonic()) * 1000)),
        pycurl.SSLVERSION: pycurl.SSLVERSION_TLSv1_2,
        pycurl.CAINFO: authorities.cafile,
        pycurl.CAPATH: authorities.capath,
    }
    with contextlib.closing(pycurl.Curl()) as curl:
        for option, value in options.items():
            if value is not None:
                curl.setopt(option, value)
        try:
            _perform(curl, target, limits)
            encoding = _headers_in(head).get("content-encoding", "")
            body = _unfolded(wire.getvalue(), encoding, limits)
        except FetchTimeoutError:
            raise
        except FetchError:
            if curl.getinfo(pycurl.RESPONSE_CODE) < 300:
                raise
            body = b""  # the status says enough
        status = curl.getinfo(pycurl.RESPONSE_CODE)
    return Fetched(target.url, status, _headers_in(head), body)


def open_socket(addresses: frozenset[str], purpose: int, address: Any) -> Any:
    """Open a socket to an address that was judged, and to no other."""
    if address.addr[0] not in addresses:
        return pycurl.SOCKET_BAD
    return socket.socket(address.family, address.socktype, address.protocol)


def _headers_in(lines: Iterable[bytes]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.decode("latin-1").partition(":")
        name, value = name.strip().lower(), value.strip()
        if not colon and name.startswith("http/"):
            headers = {}  # an interim answer came before
        elif colon:
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


_ERRORS = {
    pycurl.E_OPERATION_TIMEDOUT: (FetchTimeoutError, "{host} took too long to answer."),
    pycurl.E_FILESIZE_EXCEEDED: (FetchTooLargeError, "The answer is larger than {most:,} bytes."),
    pycurl.E_COULDNT_CONNECT: (FetchUnreachableError, "{host} takes no connection."),
} | dict.fromkeys(
    [pycurl.E_PEER_FAILED_VERIFICATION, pycurl.E_SSL_CONNECT_ERROR],
    (FetchUnreachableError, "The certificate of {host} is not valid."),
) | dict.fromkeys(
    [pycurl.E_GOT_NOTHING, pycurl.E_SEND_ERROR, pycurl.E_RECV_ERROR],
    (FetchUnreachableError, "{host} closed the connection."),
)  # fmt: skip


def _perform(curl: pycurl.Curl, target: Target, limits: FetchLimits) -> None:
    try:
        curl.perform()
    except pycurl.error as error:
        breaks_http = FetchMalformedError, "{host} sent an answer that breaks HTTP."
        kind, message = _ERRORS.get(error.args[0], breaks_http)
        raise kind(message.format(host=target.host, most=limits.wire_bytes)) from error


def _unfolded(wire: bytes, encoding: str, limits: FetchLimits) -> bytes:
    """Undo the content encoding, of which we ask for one, so that a bomb never unfolds."""
    names = [name.strip().lower() for name in encoding.split(",")]
    names = [name for name in names if name not in {"", "identity"}]
    if not names or not wire:
        return wire
    if len(names) > 1:  # nobody stacks encodings but to hide a bomb in a bomb
        raise FetchMalformedError("The answer is encoded more than once.")
    if names[0] not in {"gzip", "x-gzip"}:
        raise FetchMalformedError(f"The answer's encoding is unknown: {names[0][:40]}")
    by_ratio = max(limits.ratio * len(wire), RATIO_FREE)
    most = min(limits.decoded_bytes, by_ratio)
    try:
        body = gzip.GzipFile(fileobj=BytesIO(wire)).read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FetchMalformedError("The answer is not the gzip data it says it is.") from error
    if len(body) > limits.decoded_bytes:
        raise FetchTooLargeError(f"The answer unfolds to more than {most:,} bytes.")
    if len(body) > by_ratio:
        raise FetchTooLargeError(f"The answer unfolds to more than {limits.ratio} times its size.")
    return body


def _raise_for_status(answer: Fetched, *, is_conditional: bool) -> None:
    if 200 <= answer.status < 300 or answer.status in REDIRECTS:
        return
    if answer.not_modified and is_conditional:
        return
    error = FetchRateLimitedError if answer.status == 429 else FetchStatusError
    retry_after = parse_retry_after(answer.headers.get("retry-after", ""))
    raise error(answer.status, retry_after=retry_after, body=answer.body[:MAX_ERROR_BYTES])


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
    seconds = (moment - (now or timezone.now())).total_seconds()
    return min(max(seconds, 0.0), MAX_RETRY_AFTER)


def _redirected(target: Target, answer: Fetched, allowed_private_hosts: frozenset[str]) -> Target:
    location = answer.headers.get("location", "")
    if not location:
        raise FetchMalformedError("The redirect leads nowhere.")
    try:
        address = urljoin(target.url, location)
        scheme = urlsplit(address).scheme
    except ValueError:
        raise FetchRefusedError("The redirect cannot be read.") from None
    if target.scheme == "https" and scheme == "http":
        raise FetchRefusedError("The redirect leaves https for plain http.")
    return parse_target(address.partition("#")[0], allowed_private_hosts=allowed_private_hosts)
