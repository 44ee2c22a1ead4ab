"""The addresses that the site may connect to.

A URL is read strictly, its host is resolved once, and all its addresses are judged.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
from dataclasses import dataclass
from urllib.parse import urlsplit

from common.fetch_errors import (
    FetchRefusedError,
    FetchTimeoutError,
    FetchUnreachableError,
)

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
