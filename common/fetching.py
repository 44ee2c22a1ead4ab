"""The one way out: every HTTP request that the site makes goes through `fetch`.

What is bounded: the time of the whole exchange, the bytes on the wire and after
decoding, the redirects, and the addresses that may be connected to. A name is resolved
once and all its addresses are judged; libcurl then connects to these and to no others.
"""

from __future__ import annotations

import contextlib
import gzip
import ipaddress
import re
import socket
import ssl
import threading
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

USER_AGENT = "Octavo/1.0 (self-hosted reader of research papers)"
MAX_RETRY_AFTER = 24 * 60 * 60.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# An error page is read for its message only.
MAX_ERROR_BYTES = 64 * 1024
# Small bodies compress without measure (a page of spaces), and harm nobody.
RATIO_FREE = 1024 * 1024
DEFAULT_PORTS = {"http": 80, "https": 443}
# Where web servers stand. A public host on another port is more likely somebody's
# mail or database server than a feed.
PUBLIC_PORTS = frozenset({80, 443, 8080, 8443})
MAX_URL_LENGTH = 4_000
MAX_ADDRESSES = 16

_HOST_NAME = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*"
    r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z"
)
_NUMBER_LIKE = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)\Z")
_UNSAFE_IN_URL = re.compile(r"[^!-~]|[\\<>\"`{}|^]")

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Ways to write a v4 address as a v6 one that no public server needs, and blocks for
# protocols and documents that older Pythons take for public. The last one is global by the
# registry, and yet the platform's own: Azure answers virtual machines there with their
# configuration.
_NEVER = [
    ipaddress.ip_network(network)
    for network in (
        "::/96", "64:ff9b:1::/48", "100::/63", "2001::/23", "2001:db8::/32", "2002::/16",
        "3fff::/20", "5f00::/16", "fec0::/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15",
        "168.63.129.16/32",
    )
]  # fmt: skip

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Pace = Callable[[], AbstractContextManager[None]]


class FetchError(Exception):
    """A request that brought no usable answer. The message is fit to show an operator."""

    is_retryable = False

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class FetchRefusedError(FetchError):
    """We did not ask: the address is one that this site does not talk to."""


class FetchUnreachableError(FetchError):
    """The host has no address, takes no connection, or hung up on us."""

    is_retryable = True


class FetchTimeoutError(FetchError):
    """The exchange as a whole took longer than it may."""

    is_retryable = True


class FetchTooLargeError(FetchError):
    """More bytes, on the wire or decoded, than we take."""


class FetchMalformedError(FetchError):
    """The answer breaks HTTP or its own content encoding."""

    is_retryable = True


class FetchBusyError(FetchError):
    """Our own pace leaves no room for the request now."""

    is_retryable = True


class FetchStatusError(FetchError):
    """The server answered with an error status."""

    # 408, 425 and 429 ask us to come back; of the 5xx these say "not now".
    RETRYABLE = frozenset({408, 425, 429, 500, 502, 503, 504})

    def __init__(self, status: int, *, retry_after: float | None = None, body: bytes = b"") -> None:
        wish = "" if retry_after is None else f" and asked us to wait {retry_after:.0f} s"
        super().__init__(
            f"The server answered with status {status}{wish}.", retry_after=retry_after
        )
        self.status = status
        self.body = body
        self.is_retryable = status in self.RETRYABLE


class FetchRateLimitedError(FetchStatusError):
    """The server answered 429."""


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


@dataclass(frozen=True, slots=True)
class Target:
    """One request's destination, taken apart once and never parsed again."""

    scheme: str
    host: str
    port: int
    path: str
    allows_private: bool

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def parse_target(url: str, *, allowed_private_hosts: frozenset[str]) -> Target:
    """Take the address apart, or refuse it."""
    if len(url) > MAX_URL_LENGTH:
        raise FetchRefusedError("The address is too long.")
    if _UNSAFE_IN_URL.search(url):
        raise FetchRefusedError("The address holds characters that must be encoded.")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise FetchRefusedError("The address cannot be read.") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise FetchRefusedError("Only http and https addresses are fetched.")
    if "@" in parts.netloc:
        raise FetchRefusedError("The address carries a user name or password.")
    host = _vetted_host(parts.hostname or "")
    try:
        port = parts.port or DEFAULT_PORTS[parts.scheme]
    except ValueError:
        raise FetchRefusedError("The address has an impossible port.") from None

    allowed = {entry.lower() for entry in allowed_private_hosts}
    named = f"[{host}]" if ":" in host else host
    allows_private = bool({host, named, f"{named}:{port}"} & allowed)
    if not allows_private and port not in PUBLIC_PORTS:
        raise FetchRefusedError(f"Port {port} is not one of a web server.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, allows_private)


def _vetted_host(host: str) -> str:
    host = host.removesuffix(".")
    if _HOST_NAME.match(host) and not _NUMBER_LIKE.match(host.rpartition(".")[2]):
        return host
    try:
        # Resolvers read 2130706433, 0x7f.1 and 0177.0.0.1 as addresses. We read only the
        # plain form.
        return str(ipaddress.ip_address(host))
    except ValueError:
        raise FetchRefusedError("The address has no valid host.") from None


def vetted_addresses(target: Target, *, timeout: float) -> list[str]:
    """The addresses that the target may be connected at, judged as a whole."""
    try:
        found = [str(ipaddress.ip_address(target.host))]
    except ValueError:
        found = _resolve_in_time(target, timeout)
    if not found:
        raise FetchUnreachableError(f"{target.host} has no address.")
    for address in found[:MAX_ADDRESSES]:
        if not _may_connect(address, allows_private=target.allows_private):
            raise FetchRefusedError(f"{target.host} leads to an address that is not public.")
    return found[:MAX_ADDRESSES]


def _resolve_in_time(target: Target, timeout: float) -> list[str]:
    """Resolve in a thread, because getaddrinfo knows no deadline."""
    outcome: list[list[str]] = []

    def ask() -> None:
        try:
            outcome.append(resolve_host(target.host, target.port))
        except (OSError, UnicodeError):
            outcome.append([])

    thread = threading.Thread(target=ask, name="fetch-resolve", daemon=True)
    thread.start()
    thread.join(timeout)
    if not outcome:
        raise FetchTimeoutError(f"Looking up {target.host} took too long.")
    return outcome[0]


def resolve_host(host: str, port: int) -> list[str]:
    """Ask the system's resolver for the host's addresses."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def _may_connect(text: str, *, allows_private: bool) -> bool:
    if "%" in text:  # a scope id: link-local by its nature
        return False
    try:
        address = _unwrapped(ipaddress.ip_address(text))
    except ValueError:
        return False
    if is_public(address):
        return True
    # Even a host that the operator named may not be the cloud's metadata service.
    is_ordinary_private = address.is_loopback or (
        address.is_private
        and not address.is_link_local
        and not address.is_unspecified
        and not address.is_reserved
        and str(address) != "fd00:ec2::254"
    )
    return allows_private and is_ordinary_private


def is_public(address: IPAddress) -> bool:
    """Whether the address belongs to the public internet and to one machine of it."""
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in network for network in _NEVER)
    )


def _unwrapped(address: IPAddress) -> IPAddress:
    """Return the v4 address inside a mapped or translated v6 one."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address
