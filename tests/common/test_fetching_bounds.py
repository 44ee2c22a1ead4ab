"""Servers that drip, swell or send one round in circles."""

from __future__ import annotations

import contextlib
import gzip
import random
import time

import pytest

from common import fetch_addresses
from common.fetch_errors import (
    FetchError,
    FetchMalformedError,
    FetchRefusedError,
    FetchTimeoutError,
    FetchTooLargeError,
)
from common.fetching import FetchLimits, fetch
from tests.common.servers import answer, serving

LOOPBACK = frozenset({"127.0.0.1"})
SHORT = FetchLimits(seconds=0.4)
SMALL = FetchLimits(wire_bytes=100_000, decoded_bytes=3_000_000, ratio=100)
TEXT = b"All papers are alike; each survey is long in its own way. " * 40


def drip(first: bytes):
    """Send a beginning, and then a byte now and then for far too long."""

    def handler(connection, request):
        with contextlib.suppress(OSError):
            connection.sendall(first)
            for _ in range(100):
                connection.sendall(b"x")
                time.sleep(0.05)

    return handler


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nx-header: ",
        b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
        b"HTTP/1.1 500 Oh\r\ncontent-length: 9999\r\n\r\n",
    ],
    ids=["status", "headers", "body", "endless", "chunks", "error page"],
)
def test_a_drip_ends_at_the_deadline(first):
    started_at = time.monotonic()

    with serving(drip(first)) as server, pytest.raises(FetchError):
        fetch(server.url(), limits=SHORT, allowed_private_hosts=LOOPBACK)

    assert time.monotonic() - started_at < 3


def test_silence_ends_at_the_deadline():
    with (
        serving(lambda connection, _: time.sleep(2)) as server,
        pytest.raises(FetchTimeoutError) as caught,
    ):
        fetch(server.url(), limits=SHORT, allowed_private_hosts=LOOPBACK)

    assert caught.value.is_retryable


def test_a_slow_handshake_ends_at_the_deadline():
    with serving(drip(b"\x16\x03\x03\x40\x00")) as server, pytest.raises(FetchTimeoutError):
        fetch(server.url(scheme="https"), limits=SHORT, allowed_private_hosts=LOOPBACK)


def test_a_slow_name_server_ends_at_the_deadline(monkeypatch):
    def resolve(host, port):
        time.sleep(2)
        return ["127.0.0.1"]

    monkeypatch.setattr(fetch_addresses, "resolve_host", resolve)
    with pytest.raises(FetchTimeoutError):
        fetch("http://slow.example/", limits=SHORT)


def test_waiting_for_our_turn_costs_none_of_the_time():
    @contextlib.contextmanager
    def pace():
        time.sleep(0.5)
        yield

    with serving(answer(b"x")) as server:
        fetched = fetch(server.url(), limits=SHORT, allowed_private_hosts=LOOPBACK, pace=pace)

    assert fetched.body == b"x"


def test_the_encoding_is_undone():
    with serving(answer(gzip.compress(TEXT), Content_Encoding="gzip")) as server:
        fetched = fetch(server.url(), allowed_private_hosts=LOOPBACK)

    assert fetched.body == TEXT
    assert "accept-encoding: gzip\r\n" in server.requests[0]


def test_a_bomb_stops_unfolding():
    bomb = gzip.compress(bytes(40_000_000))
    with (
        serving(answer(bomb, Content_Encoding="gzip")) as server,
        pytest.raises(FetchTooLargeError),
    ):
        fetch(server.url(), limits=SMALL, allowed_private_hosts=LOOPBACK)


def test_an_encoding_cut_short_is_malformed():
    with (
        serving(answer(gzip.compress(TEXT)[:-6], Content_Encoding="gzip")) as server,
        pytest.raises(FetchMalformedError),
    ):
        fetch(server.url(), allowed_private_hosts=LOOPBACK)


@pytest.mark.parametrize("encoding", ["gzip, br", "lzma", "br", "gzip"])
def test_an_encoding_that_is_not_what_it_says_is_malformed(encoding):
    with (
        serving(answer(b"plain text", Content_Encoding=encoding)) as server,
        pytest.raises(FetchMalformedError),
    ):
        fetch(server.url(), allowed_private_hosts=LOOPBACK)


def test_a_small_answer_may_unfold_without_measure():
    body = gzip.compress(bytes(900_000))
    with serving(answer(body, Content_Encoding="gzip")) as server:
        fetched = fetch(server.url(), limits=SMALL, allowed_private_hosts=LOOPBACK)

    assert len(fetched.body) == 900_000


def test_too_many_bytes_on_the_wire_are_not_read():
    def flood(connection, request):
        with contextlib.suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            for _ in range(90):
                connection.sendall(bytes(100_000))

    with serving(flood) as server, pytest.raises(FetchTooLargeError, match="than 100,000 bytes"):
        fetch(server.url(), limits=SMALL, allowed_private_hosts=LOOPBACK)


def test_too_many_bytes_announced_are_not_waited_for():
    def announce(connection, request):
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 9000000\r\n\r\n")
        time.sleep(4)

    started_at = time.monotonic()
    with serving(announce) as server, pytest.raises(FetchTooLargeError):
        fetch(server.url(), limits=SMALL, allowed_private_hosts=LOOPBACK)

    assert time.monotonic() - started_at < 3


def test_the_size_unfolded_has_a_limit_whatever_the_ratio():
    body = gzip.compress(random.Random(1).randbytes(60_000) * 2)
    limits = FetchLimits(decoded_bytes=100_000)
    with (
        serving(answer(body, Content_Encoding="gzip")) as server,
        pytest.raises(FetchTooLargeError, match="more than 100,000 bytes"),
    ):
        fetch(server.url(), limits=limits, allowed_private_hosts=LOOPBACK)


def test_the_ratio_has_a_limit_whatever_the_size():
    body = gzip.compress(bytes(2_000_000))
    with (
        serving(answer(body, Content_Encoding="gzip")) as server,
        pytest.raises(FetchTooLargeError, match="100 times its size"),
    ):
        fetch(server.url(), allowed_private_hosts=LOOPBACK)


def test_a_bomb_in_a_bomb_is_not_opened():
    body = gzip.compress(gzip.compress(b"x"))
    with (
        serving(answer(body, Content_Encoding="gzip, gzip")) as server,
        pytest.raises(FetchMalformedError, match="more than once"),
    ):
        fetch(server.url(), allowed_private_hosts=LOOPBACK)


def test_redirects_are_followed_only_so_far():
    with (
        serving(answer(status="302 Found", Location="/again")) as server,
        pytest.raises(FetchRefusedError),
    ):
        fetch(server.url(), allowed_private_hosts=LOOPBACK)

    assert len(server.requests) == 4
