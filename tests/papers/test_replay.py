"""The stand-in itself: what it promises to be like."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from datetime import date

import pytest

from tests.papers.conftest import entry
from tests.replay.faults import Fault, FaultPlan, spoil
from tests.replay.limits import FixedWindow

DAY = date(2026, 11, 17)


def get(feed, **headers: str):
    url = f"{feed.server.url}/api/daily_papers?date={DAY}"
    return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5)


def test_a_saved_day_is_sent_as_it_is(feed):
    feed.save(DAY, entry("2611.00001"))

    with get(feed) as answer:
        assert json.load(answer) == [entry("2611.00001")]


def test_a_day_that_did_not_change_is_not_sent_twice(feed):
    with get(feed) as answer:
        etag = answer.headers["ETag"]

    with pytest.raises(urllib.error.HTTPError) as refusal:
        get(feed, **{"If-None-Match": etag})
    assert refusal.value.code == 304


def test_the_window_is_told_of_and_closes(feed):
    feed.server.limit = FixedWindow(quota=1, window=300)
    with get(feed) as answer:
        assert answer.headers["RateLimit"] == '"api";r=0;t=300'

    with pytest.raises(urllib.error.HTTPError) as refusal:
        get(feed)
    assert refusal.value.code == 429
    assert refusal.value.headers["Retry-After"] == "300"


def test_a_window_opens_again(monkeypatch):
    now = 1_000.0
    monkeypatch.setattr("tests.replay.limits.time.monotonic", lambda: now)
    window = FixedWindow(quota=1, window=300)
    allowed = [window.turn().is_allowed, window.turn().is_allowed]

    now += 300
    assert [*allowed, window.turn().is_allowed] == [True, False, True]


def test_one_seed_gives_one_run_of_faults():
    def drawn(seed: int) -> list[Fault | None]:
        plan = FaultPlan(seed=seed, share=0.5, kinds=list(Fault))
        return [plan.draw() for _ in range(50)]

    assert drawn(7) == drawn(7) != drawn(8)


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.PAGE])
def test_a_spoiled_body_is_no_json(fault):
    with pytest.raises(json.JSONDecodeError):
        json.loads(spoil(b'[{"paper": 1}]', fault))


def test_entries_can_come_twice():
    assert json.loads(spoil(b"[1, 2]", Fault.TWICE)) == [1, 2, 1, 2]
