"""The page that says how discussions work."""

from __future__ import annotations

import pytest

from discussions.comments import limits, points
from discussions.models import Reaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client):
    response = client.get("/about/discussions")
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_says_what_a_mark_counts(page):
    assert f">{points.POINTS_OF_REACTION} × weight<" in page
    assert all(kind.label in page for kind in Reaction.Kind)


def test_the_page_names_the_limits_that_are_kept(page):
    row = f'<td class="number">{limits.COMMENT.burst}</td>'

    assert row in page
    assert f"can mention {limits.NEW_ACCOUNT_MENTIONS_A_DAY} a day" in page


def test_the_page_shows_how_to_write(page):
    assert 'class="writing-help"' in page
