"""Days, weeks and months."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import resolve, reverse
from hypothesis import given
from hypothesis import strategies as st

from papers.lists import periods
from papers.sources import Ref

pytestmark = pytest.mark.dated

DATES = st.dates(date(1991, 1, 1), date(2100, 12, 30))


@given(DATES, st.sampled_from(["day", "week", "month"]))
def test_periods_follow_each_other_without_gap_or_overlap(of, kind):
    period = periods.PERIODS[kind](of)

    assert period.first <= of <= period.last
    after = periods.PERIODS[kind](period.last + timedelta(days=1))
    assert after.first == period.last + timedelta(days=1)
    assert periods.PERIODS[kind](after.first - timedelta(days=1)) == period


@given(DATES, st.sampled_from(["day", "week", "month"]))
def test_a_periods_address_leads_back_to_it(of, kind):
    period = periods.PERIODS[kind](of)

    (first,) = resolve(period.url).kwargs.values()

    assert periods.PERIODS[kind](first) == period


@pytest.mark.parametrize(
    ("period", "title"),
    [
        (periods.day(date(2026, 11, 20)), "Friday, November 20, 2026"),
        (periods.week(date(2026, 11, 20)), "November 16–22, 2026"),
        (periods.week(date(2026, 10, 1)), "September 28 – October 4, 2026"),
        (periods.week(date(2026, 1, 1)), "December 29, 2025 – January 4, 2026"),
        (periods.month(date(2026, 11, 20)), "November 2026"),
    ],
)
def test_a_period_is_named_as_people_name_it(period, title):
    assert period.title == title


def test_addresses_are_those_of_iso_8601():
    of = date(2026, 1, 1)

    assert periods.day(of).url == "/papers/date/2026-01-01"
    assert periods.week(of).url == "/papers/week/2026-W01"
    assert periods.month(of).url == "/papers/month/2026-01"


@pytest.mark.parametrize("path", ["date/2026-02-30", "week/2026-W54", "month/2026-13", "date/x"])
def test_a_date_that_does_not_exist_is_no_page(client, path):
    assert client.get(f"/papers/{path}").status_code == 404


@pytest.mark.parametrize(
    "path", ["date/9999-12-31", "week/9999-W52", "month/9999-12", "week/0001-W01", "month/0001-01"]
)
def test_a_date_with_nothing_beside_it_is_no_page(client, path):
    assert client.get(f"/papers/{path}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["date/1000-01-01", "week/2999-W52", "month/2999-12"])
def test_the_farthest_dates_have_a_page(client, path):
    assert client.get(f"/papers/{path}").status_code == 200


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_the_date_field_leads_to_no_date_without_a_page(client, day):
    assert client.get(f"/papers/jump?date={day}").url == "/papers"


@pytest.mark.parametrize("path", ["topics/", "authors/", "organizations/"])
def test_what_no_name_can_hold_is_not_found(client, path):
    assert client.get(f"/{path}%00").status_code == 404


@pytest.mark.parametrize("identifier", ["2401.12345", "0704.0001", "hep-th/9901001"])
def test_every_kind_of_arxiv_id_has_an_address(identifier):
    path = reverse("discussions:paper_page", args=[identifier])

    assert resolve(path).kwargs == {"ref": Ref("arxiv", identifier)}


def test_the_subject_in_an_old_id_is_not_part_of_it():
    assert resolve("/papers/math.GT/0309136").kwargs == {"ref": Ref("arxiv", "math/0309136")}
