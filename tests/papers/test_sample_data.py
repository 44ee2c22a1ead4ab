"""The line that says which data is invented."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.cache import caches

from papers.models import ImportRun
from papers.seeding import notice, planting
from papers.seeding.samples import sample_papers
from tests.builders import make_paper

pytestmark = pytest.mark.django_db

LINE = "readers, votes and comments are invented"
COMMAND = "import_papers --today"


@pytest.fixture(autouse=True)
def _in_development(settings):
    settings.DEBUG = True


def footer_of(client, address="/papers") -> str:
    caches["fragments"].clear()
    return client.get(address).content.decode().partition('<footer class="footer">')[2]


def test_it_looks_for_a_paper_that_ships():
    assert notice._ONE_OF_THEM in {paper.external_id for paper in sample_papers()}


def test_a_seeded_site_says_what_is_invented_and_how_real_papers_come(client):
    make_paper(external_id=notice._ONE_OF_THEM)

    footer = footer_of(client, "/about/trending")

    assert LINE in footer
    assert COMMAND in footer


def test_once_a_feed_has_brought_papers_the_command_is_gone(client):
    make_paper(external_id=notice._ONE_OF_THEM)
    ImportRun.objects.create(source="huggingface", day=date(2026, 11, 20), created_count=12)

    footer = footer_of(client, "/about/trending")

    assert LINE in footer
    assert COMMAND not in footer


def test_a_site_without_samples_says_nothing(client):
    make_paper()

    assert LINE not in footer_of(client, "/about/trending")


def test_production_says_nothing(client, settings):
    settings.DEBUG = False
    make_paper(external_id=notice._ONE_OF_THEM)

    assert LINE not in footer_of(client, "/about/trending")


def test_the_seed_brings_the_line():
    planting.seed(now=datetime(2026, 11, 20, 12, tzinfo=UTC))
    caches["fragments"].clear()

    assert notice.sample_data() == (True, False)
