"""Pages are compressed for those who take it, and stay what they were."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from common.compressing import LEAST, PADDING, QuickGzipMiddleware, compress

PAGE = "A page about papers. " * 200


def answer(response, accept="gzip, deflate, br"):
    headers = {"Accept-Encoding": accept} if accept else {}
    return QuickGzipMiddleware(lambda request: response)(RequestFactory().get("/", headers=headers))


@given(st.binary(max_size=5_000))
def test_what_is_compressed_comes_back_whole(content):
    assert gzip.decompress(compress(content)) == content


def test_a_page_is_compressed_for_a_browser_that_takes_gzip():
    response = answer(HttpResponse(PAGE))

    assert response["Content-Encoding"] == "gzip"
    assert response["Vary"] == "Accept-Encoding"
    assert gzip.decompress(response.content).decode() == PAGE


@pytest.mark.parametrize("accept", ["", "br", "identity", "gzip;q=0", "gzip; q=0.0, br"])
def test_a_page_stays_plain_for_others_and_says_that_it_varies(accept):
    response = answer(HttpResponse(PAGE), accept)

    assert "Content-Encoding" not in response
    assert response["Vary"] == "Accept-Encoding"
    assert response.content.decode() == PAGE


def test_a_preference_is_no_refusal():
    assert answer(HttpResponse(PAGE), "gzip;q=0.5, br;q=1")["Content-Encoding"] == "gzip"


def test_a_length_that_was_said_is_said_anew():
    response = HttpResponse(PAGE, headers={"Content-Length": str(len(PAGE))})

    assert int(answer(response)["Content-Length"]) == len(response.content)


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse("a" * (LEAST - 1)),
        HttpResponse(PAGE, headers={"Content-Encoding": "br"}),
        HttpResponse(PAGE, headers={"ETag": '"as it is"'}),
        StreamingHttpResponse([PAGE]),
    ],
    ids=["short", "encoded already", "strongly tagged", "streaming"],
)
def test_some_answers_are_left_alone(response):
    assert answer(response).get("Content-Encoding") != "gzip"


def test_the_same_page_is_not_always_as_long():
    lengths = {len(compress(PAGE.encode())) for _ in range(60)}

    assert 10 < len(lengths) <= PADDING + 1
