"""Connections that go to one vetted address and end at the deadline."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from functools import cache
from typing import TYPE_CHECKING

from urllib3.connection import HTTPConnection, HTTPSConnection

from common.fetch_errors import FetchTimeoutError, FetchUnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from common.fetch_addresses import Target


class Deadline:
    """The moment at which an exchange ends, whatever it is doing.

    Socket timeouts bound the silence between two bytes, so a server that sends one
    byte a second holds a reader for hours. At the deadline the socket is shut from
    outside, which wakes a reader in the handshake, the headers or the body alike.
    """

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds

    @property
    def remaining(self) -> float:
        return self._ends_at - time.monotonic()

    def check(self) -> None:
        if self.remaining <= 0:
            raise FetchTimeoutError("The answer took too long.")

    def extend(self, seconds: float) -> None:
        """Give back time that was spent waiting for our own turn."""
        self._ends_at += seconds

    @contextlib.contextmanager
    def guarding(self, sock: socket.socket) -> Iterator[None]:
        """Shut the socket when the deadline comes before the block ends."""
        # A duplicate, because TLS takes the original file descriptor over.
        twin = sock.dup()

        def shut() -> None:
            with contextlib.suppress(OSError):
                twin.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(max(self.remaining, 0.001), shut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
            twin.close()


class _PinnedHTTPConnection(HTTPConnection):
    """A connection over a socket that is already open."""

    pinned: socket.socket

    def _new_conn(self) -> socket.socket:
        return self.pinned


class _PinnedHTTPSConnection(HTTPSConnection):
    """The same with TLS: name indication and certificate go by the host's name."""

    pinned: socket.socket

    def _new_conn(self) -> socket.socket:
        return self.pinned


@contextlib.contextmanager
def open_connection(
    target: Target,
    addresses: list[str],
    *,
    deadline: Deadline,
    tls: ssl.SSLContext | None,
) -> Iterator[HTTPConnection]:
    """Connect to the first address that answers, and to nothing else."""
    sock = _connect(target, addresses, deadline)
    with contextlib.closing(sock), deadline.guarding(sock):
        connection: _PinnedHTTPConnection | _PinnedHTTPSConnection
        timeout = max(deadline.remaining, 0.001)
        if target.scheme == "https":
            connection = _PinnedHTTPSConnection(
                target.host,
                target.port,
                timeout=timeout,
                ssl_context=tls or system_tls(),
            )
        else:
            connection = _PinnedHTTPConnection(target.host, target.port, timeout=timeout)
        connection.pinned = sock
        with contextlib.closing(connection):
            connection.connect()
            yield connection


def _connect(target: Target, addresses: list[str], deadline: Deadline) -> socket.socket:
    failure: OSError | None = None
    for position, address in enumerate(addresses):
        deadline.check()
        # A dead first address (v6 without a route) must leave time for the others.
        timeout = deadline.remaining / (len(addresses) - position)
        try:
            return socket.create_connection((address, target.port), timeout=timeout)
        except OSError as error:
            failure = error
    deadline.check()
    raise FetchUnreachableError(f"{target.host} takes no connection.", url=target.url) from failure


@cache
def system_tls() -> ssl.SSLContext:
    """The system's certificate authorities; SSL_CERT_FILE adds an operator's own."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
