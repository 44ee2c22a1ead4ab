"""Real days of the daily feed, replayed: signals on cards and in the order, names in any order."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db.models.functions import Now

from papers import import_runs
from papers.importing import import_records
from papers.models import ImportRun, Organization, Paper, PaperTally
from papers.saved_answers import read_day, saved_days
from tests.data import data_folder

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db

DAY = date(2025, 1, 8)


@pytest.fixture
def captures():
    """Several answers of one day, the earliest first."""
    folder = data_folder("hf_daily")
    earlier = sorted((folder / "recaptures").glob(f"{DAY}.capture*.json.gz"))
    return [*earlier, folder / "daily" / f"{DAY}.json.gz"]


def votes_in(capture) -> dict[str, int]:
    entries = json.loads(gzip.decompress(capture.read_bytes()))
    return {entry["paper"]["id"]: entry["paper"]["upvotes"] for entry in entries}


def read(feed, capture) -> None:
    """Let the service answer with a capture, and perform the day's run as if a day had passed."""
    shutil.copy(capture, feed.folder / f"{DAY}.json.gz")
    run, _ = ImportRun.objects.get_or_create(source="huggingface", day=DAY)
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.WAITING, due_at=Now())
    performed = import_runs.perform(run.pk)
    assert performed is not None
    assert performed.error == ""


def votes_on_cards(client) -> list[int]:
    content = client.get(f"/papers/date/{DAY}").content.decode()
    return [int(number) for number in re.findall(r"(\d+) on Hugging Face", content)]


def test_a_day_without_own_votes_shows_and_follows_the_votes_of_the_feed(feed, client, captures):
    read(feed, captures[0])

    expected = sorted(filter(None, votes_in(captures[0]).values()), reverse=True)
    assert votes_on_cards(client) == expected
    assert len(expected) == 13


def test_a_later_capture_raises_the_numbers(feed, client, captures):
    for capture in captures:
        read(feed, capture)

    stored = PaperTally.objects.values_list("paper__external_id", "external_vote_count")
    assert dict(stored) == votes_in(captures[-1])
    assert sum(votes_in(captures[0]).values()) == 158
    assert sum(votes_on_cards(client)) == 237


def test_an_earlier_capture_that_comes_last_changes_nothing(captures):
    for hours, capture in reversed(list(enumerate(captures))):
        read_at = datetime(2025, 1, 8, tzinfo=UTC) + timedelta(hours=hours)
        records = [
            replace(record, signals=replace(record.signals, read_at=read_at))
            for record in read_day(capture, DAY).records
        ]
        import_records(records=records, has_extras=True)

    stored = PaperTally.objects.values_list("paper__external_id", "external_vote_count")
    assert dict(stored) == votes_in(captures[-1])


def test_an_organization_that_was_renamed_has_its_newest_name_in_any_order():
    days = days_of_renamed_organizations()

    found = []
    for order in (1, -1):
        for day, path in days[::order]:
            import_records(records=read_day(path, day).records, has_extras=True)
        names = Paper.objects.values_list("external_id", "organization__name")
        found.append((dict(names), dict(Organization.objects.values_list("slug", "name"))))
        Paper.objects.all().delete()
        Organization.objects.all().delete()

    assert found[0] == found[1]
    assert found[0][1]["Salesforce"] == "Salesforce AI Research"
    assert found[0][1]["fnlp"] == "OpenMOSS (SII, FNLP)"


def days_of_renamed_organizations() -> list[tuple[date, Path]]:
    """Return the days that name an organization which has had more than one name."""
    names: dict[str, set[str]] = defaultdict(set)
    days: dict[str, set[date]] = defaultdict(set)
    paths = saved_days(data_folder("hf_daily"))
    for day, path in paths.items():
        if day < date(2025, 10, 1):
            continue
        for record in read_day(path, day).records:
            if told := record.organization:
                names[told.slug].add(told.name)
                days[told.slug].add(day)
    renamed = {day for slug, each in names.items() if len(each) > 1 for day in days[slug]}
    return [(day, paths[day]) for day in sorted(renamed)]
