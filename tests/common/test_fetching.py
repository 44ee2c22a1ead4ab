"""What comes back from `fetch`, against servers on loopback."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from common.fetch_errors import (
    FetchMalformedError,
    FetchRateLimitedError,
    FetchRefusedError,
    FetchStatusError,
    FetchUnreachableError,
)
from common.fetching import Validators, fetch, parse_retry_after
from tests.common.servers import answer, serving

LOOPBACK = frozenset({"127.0.0.1"})


def test_an_answer_comes_with_body_and_headers():
    with serving(answer(b"hello", ETag='"1"', Last_Modified="Mon")) as server:
        fetched = fetch(server.url("/a?b=c"), allowed_private_hosts=LOOPBACK)

    assert (fetched.status, fetched.body) == (200, b"hello")
    assert (fetched.etag, fetched.last_modified) == ('"1"', "Mon")
    assert server.requests[0].startswith("GET /a?b=c HTTP/1.1\r\n")


def test_the_site_says_who_it_is():
    with serving(answer()) as server:
        fetch(server.url(), allowed_private_hosts=LOOPBACK)

    assert "user-agent: Octavo/" in server.requests[0]
    assert f"Host: 127.0.0.1:{server.port}\r\n" in server.requests[0]


def test_an_unchanged_answer_is_told_as_such():
    with serving(answer(status="304 Not Modified")) as server:
        fetched = fetch(
            server.url(),
            conditional=Validators('"1"', "Mon, 01 Jan 2024 00:00:00 GMT"),
            allowed_private_hosts=LOOPBACK,
        )

    assert fetched.not_modified
    assert 'if-none-match: "1"\r\n' in server.requests[0]
    assert "if-modified-since: Mon, 01 Jan 2024 00:00:00 GMT\r\n" in server.requests[0]


def test_an_unchanged_answer_to_no_question_is_an_error():
    with serving(answer(status="304 Not Modified")) as server, pytest.raises(FetchStatusError):
        fetch(server.url(), allowed_private_hosts=LOOPBACK)


def test_too_many_requests_carries_the_wait():
    with (
        serving(answer(status="429 Slow down", Retry_After="17")) as server,
        pytest.raises(FetchRateLimitedError) as caught,
    ):
        fetch(server.url(), allowed_private_hosts=LOOPBACK)

    assert caught.value.retry_after == 17
    assert caught.value.is_retryable
    assert str(caught.value) == "The server answered with status 429 and asked us to wait 17 s."


@pytest.mark.parametrize(
    ("status", "is_retryable"), [(400, False), (404, False), (500, True), (503, True)]
)
def test_only_passing_trouble_is_worth_another_try(status, is_retryable):
    with (
        serving(answer(b"why", status=f"{status} X")) as server,
        pytest.raises(FetchStatusError) as caught,
    ):
        fetch(server.url(), allowed_private_hosts=LOOPBACK)

    assert caught.value.is_retryable is is_retryable
    assert caught.value.body == b"why"


def test_a_body_cut_short_is_malformed():
    def cut(connection, request):
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this")

    with serving(cut) as server, pytest.raises(FetchMalformedError):
        fetch(server.url(), allowed_private_hosts=LOOPBACK)


@pytest.mark.parametrize(
    "nonsense", [b"", b"\0\1\2\3", b"HTTP/1.1 banana\r\n\r\n", b"SSH-2.0-x\r\n\r\n"]
)
def test_what_is_no_http_stays_in_the_family(nonsense):
    with (
        serving(lambda connection, _: connection.sendall(nonsense)) as server,
        pytest.raises((FetchMalformedError, FetchUnreachableError)),
    ):
        fetch(server.url(), allowed_private_hosts=LOOPBACK)


def test_a_port_that_nobody_listens_on_is_unreachable():
    with serving(answer()) as server:
        url = server.url()

    with pytest.raises(FetchUnreachableError):
        fetch(url, allowed_private_hosts=LOOPBACK)


def test_the_pace_is_kept_around_each_request():
    turns = []

    @contextmanager
    def pace():
        turns.append("in")
        yield
        turns.append("out")

    def redirect_once(connection, request):
        moved = answer(status="302 Found", Location="/there")
        (moved if "GET / " in request else answer(b"x"))(connection, request)

    with serving(redirect_once) as server:
        fetch(server.url(), allowed_private_hosts=LOOPBACK, pace=pace)

    assert turns == ["in", "out", "in", "out"]


def test_the_pace_hears_of_a_rate_limit():
    heard = []

    @contextmanager
    def pace():
        try:
            yield
        except FetchRateLimitedError as error:
            heard.append(error.retry_after)
            raise

    with (
        serving(answer(status="429 X", Retry_After="9")) as server,
        pytest.raises(FetchRateLimitedError),
    ):
        fetch(server.url(), allowed_private_hosts=LOOPBACK, pace=pace)

    assert heard == [9]


def test_a_validator_cannot_smuggle_another_header():
    with pytest.raises(FetchRefusedError):
        fetch("https://example.org/", conditional=Validators("a\r\nx: y"))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("99999999999999", 86_400),
        ("Fri, 01 May 2026 12:01:00 GMT", 60),
        ("Fri, 01 May 2026 11:00:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_both_forms_and_clamped(value, seconds):
    now = datetime(2026, 5, 1, 12, tzinfo=UTC)

    assert parse_retry_after(value, now=now) == seconds
