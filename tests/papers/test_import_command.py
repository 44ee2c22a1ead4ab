from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command

from papers.models import ImportRun, Paper
from tests.papers.conftest import entry
from tests.replay.faults import Fault

pytestmark = pytest.mark.django_db

TUESDAY, WEDNESDAY = date(2026, 11, 17), date(2026, 11, 18)


@pytest.fixture(autouse=True)
def _wednesday_noon():
    with time_machine.travel(datetime(2026, 11, 18, 12, tzinfo=UTC), tick=True):
        yield


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("import_papers", *arguments, stdout=out)
    return " ".join(out.getvalue().split())


def refusal(*arguments: str) -> str:
    with pytest.raises(CommandError) as error:
        run(*arguments)
    return str(error.value)


def test_a_span_of_days_is_imported_and_summed_up(feed):
    feed.save(TUESDAY, entry("2611.00001"), entry("nonsense"))
    feed.save(WEDNESDAY, entry("2611.00002"))

    told = run("--since", "2026-11-17", "--until", "2026-11-18")

    assert told == "days 2 created 2 updated 0 unchanged 0 skipped 1"
    assert run("--since", "2026-11-17") == "days 2 created 0 updated 0 unchanged 2 skipped 1"


def test_days_imported_by_hand_are_not_asked_for_again(feed):
    feed.save(TUESDAY, entry("2611.00001"))
    run("--since", "2026-11-17", "--until", "2026-11-17")

    assert ImportRun.objects.get().state == "done"


def test_a_busy_service_is_waited_for(feed, settings):
    settings.IMPORT_RETRY_SECONDS = 0.1
    feed.save(TUESDAY, entry("2611.00001"))
    feed.fail(Fault.AWAY, Fault.CUT)

    assert "created 1" in run("--since", "2026-11-17", "--until", "2026-11-17")


def test_a_day_that_fails_is_named_and_the_others_are_imported(feed, settings):
    settings.IMPORT_RETRY_SECONDS = 0.01
    feed.save(TUESDAY, entry("2611.00001"))
    feed.save(WEDNESDAY, entry("2611.00002"))
    feed.fail(*[Fault.PAGE] * 5)

    told = refusal("--since", "2026-11-17")

    assert told.startswith("1 of 2 days were not imported:\n  2026-11-17: Hugging Face sent")
    assert Paper.objects.get().external_id == "2611.00002"


def test_today_says_in_one_sentence_what_came(feed):
    assert run("--today") == "Hugging Face has no papers of today yet."

    feed.save(WEDNESDAY, entry("2611.00001"))
    assert run("--today") == "Imported 1 of today's papers from Hugging Face."


def test_today_says_when_the_feed_cannot_be_reached(settings):
    settings.HUGGINGFACE_URL = "http://127.0.0.1:9"
    settings.FETCH_PRIVATE_HOSTS = frozenset({"127.0.0.1"})

    told = run("--today", "--quiet-when-unreachable")

    assert told.startswith("Could not import today's papers. Hugging Face: ")
    assert told.endswith("The worker tries again by itself.")
    assert refusal("--today").startswith("Could not import today's papers.")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "Say from when on: --since 2026-11-01, or --today."),
        (["--since", "2026-11-18", "--until", "2026-11-17"], "--until 2026-11-17 is before"),
        (["--since", "2026-11-19"], "--until 2026-11-18 is before"),
        (["--since", "yesterday"], "yesterday is not a day"),
        (["--source", "arxiv", "--today"], "Name the categories to import in ARXIV_CATEGORIES"),
        (["--from-folder", "/nowhere"], "There is no folder /nowhere."),
    ],
)
def test_what_cannot_be_done_is_said(arguments, reason):
    assert reason in refusal(*arguments)


def test_saved_days_are_imported_packed_or_not(tmp_path):
    (tmp_path / "daily").mkdir()
    plain, packed = json.dumps([entry("2611.00001")]), json.dumps([entry("2611.00002")])
    (tmp_path / "daily" / "2026-11-16.json").write_text(plain)
    (tmp_path / "daily" / "2026-11-17.json.gz").write_bytes(gzip.compress(packed.encode()))
    (tmp_path / "daily" / "notes.json").write_text("{}")

    assert run("--from-folder", str(tmp_path)).startswith("days 2 created 2")
    assert Paper.objects.get(external_id="2611.00002").announced_on == TUESDAY


def test_a_saved_day_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "2026-11-16.json").write_text(json.dumps([entry("2611.00001")]))
    (tmp_path / "2026-11-17.json").write_text("[{")
    (tmp_path / "2026-11-18.json.gz").write_bytes(b"not packed")

    told = refusal("--from-folder", str(tmp_path))

    assert "2026-11-17: Hugging Face sent JSON that cannot be read." in told
    assert "2026-11-18.json.gz cannot be read" in told
    assert Paper.objects.count() == 1
