"""When a reader was here last, out of a cookie."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.http import HttpResponse

from papers.lists import visits

pytestmark = pytest.mark.dated

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def look(rf):
    """Return a function that looks at a list at a time, and says when the last visit was."""
    cookies = {}

    def at(moment):
        request = rf.get("/papers")
        request.COOKIES.update(cookies)
        with time_machine.travel(moment, tick=False):
            before = visits.last_visit(request)
            response = HttpResponse()
            visits.remember_visit(request, response)
        cookies.update({name: morsel.value for name, morsel in response.cookies.items()})
        return before

    return at


def test_the_first_look_has_no_visit_before_it(look):
    assert look(START) is None


def test_looking_again_soon_is_the_same_visit(look):
    look(START)

    assert look(START + timedelta(minutes=20)) is None


def test_the_next_day_s_visit_counts_from_the_last_look(look):
    look(START)
    look(START + timedelta(minutes=20))

    assert look(START + timedelta(days=1)) == START + timedelta(minutes=20)


def test_within_a_visit_it_keeps_counting_from_the_one_before(look):
    look(START)
    for minutes in (0, 10, 20):
        before = look(START + timedelta(days=1, minutes=minutes))

    assert before == START


def test_a_visit_leaves_one_small_cookie_that_scripts_cannot_read(client, db):
    cookie = client.get("/papers").cookies[visits.COOKIE]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert len(cookie.value) < 20
