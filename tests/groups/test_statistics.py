"""Turn-out, shares of the work, topics and answers; names for members alone."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from groups.access import Visit
from groups.archive import charts
from groups.archive import statistics as archive_statistics
from groups.models import Attendance, SurveyAnswer
from tests.builders import make_paper, make_user
from tests.groups.builders import make_meeting, make_membership, make_seat


def held(group, weeks_ago=1, came=0, **fields):
    day = timezone.now().date() - timedelta(weeks=weeks_ago)
    meeting = make_meeting(group, day=day, phase="held", **fields)
    for _ in range(came):
        Attendance.objects.create(meeting=meeting, member=make_user())
    return meeting


def statistics_of(group, membership=None):
    visit = Visit(group=group, reader=make_user(), membership=membership)
    return archive_statistics.statistics_of(visit)


@pytest.fixture
def url(group):
    return reverse("groups:statistics", args=[group.slug])


@pytest.mark.django_db
def test_the_median_is_over_the_last_ten_meetings_of_which_it_is_known(group):
    for weeks in range(1, 11):
        held(group, weeks, came=3 if weeks % 2 else 2)
    held(group, 11, came=9)
    held(group, 12, came=0)
    group.member_count = 46

    assert (
        archive_statistics.turn_out(group).words
        == "Median 2.5 of 46 members over the last ten meetings."
    )


@pytest.mark.django_db
def test_without_attendance_there_is_no_turn_out(group):
    held(group)

    assert archive_statistics.turn_out(group) is None
    assert statistics_of(group).unnoted_count == 1


@pytest.mark.django_db
def test_members_see_who_comes_and_visitors_do_not(client, group, url):
    regular = make_membership(group, make_user("rita", full_name="Rita Regular"))
    meeting = held(group)
    Attendance.objects.create(meeting=meeting, member=regular.member)
    browser = Client()
    browser.force_login(regular.member)

    assert "Rita Regular" not in client.get(url).content.decode()
    assert "Rita Regular" in browser.get(url).content.decode()


@pytest.mark.django_db
def test_whoever_left_is_not_among_those_who_come(group):
    meeting = held(group, came=1)
    member = make_membership(group)
    Attendance.objects.create(meeting=meeting, member=member.member)

    assert [each.username for each in statistics_of(group, member).regulars] == [
        member.member.username
    ]


@pytest.mark.django_db
def test_presenters_are_counted_over_all_meetings_that_were_held(group):
    ana, ben = make_membership(group).member, make_membership(group).member
    for weeks in (1, 2, 3):
        make_seat(held(group, weeks), ana)
    make_seat(held(group, 4), ben)
    make_seat(make_meeting(group), ben)

    presenting = statistics_of(group).presenting

    assert [(each.username, each.count) for each in presenting.presenters] == [
        (ana.username, 3), (ben.username, 1),
    ]  # fmt: skip
    assert presenting.words.startswith("2 of 3 members have presented.")


@pytest.mark.django_db
def test_topics_are_those_of_papers_that_were_read(group):
    held(group, 1, paper=make_paper(categories=["cs.CL", "cs.LG"]))
    held(group, 2, paper=make_paper(categories=["cs.CL"]))
    make_meeting(group, paper=make_paper(categories=["math.AG"]))

    assert [count for _, count in statistics_of(group).topics] == [2, 1]


@pytest.mark.django_db
def test_answers_are_counted_without_names(client, group, url):
    meeting = held(group)
    for answer in ("yes", "yes", "no"):
        member = make_user(full_name="Shy Answerer")
        SurveyAnswer.objects.create(meeting=meeting, member=member, answer=answer)

    shown = statistics_of(group, make_membership(group)).answers
    assert [count for _, count in shown] == [2, 0, 1]
    assert "Shy Answerer" not in client.get(url).content.decode()


@pytest.mark.django_db
def test_answers_are_the_groups_own(group):
    meeting = held(group)
    for _ in range(3):
        SurveyAnswer.objects.create(meeting=meeting, member=make_user(), answer="yes")

    assert statistics_of(group).answers == []


@pytest.mark.django_db
def test_answers_to_a_meeting_of_which_two_spoke_are_not_told(group):
    for weeks in (1, 2):
        meeting = held(group, weeks)
        for _ in range(2):
            SurveyAnswer.objects.create(meeting=meeting, member=make_user(), answer="no")

    assert statistics_of(group, make_membership(group)).answers == []


@pytest.mark.django_db
def test_a_group_without_a_past_has_a_page(client, url):
    page = client.get(url)

    assert page.status_code == 200
    assert "Nobody has presented yet." in page.content.decode()


@pytest.mark.django_db
def test_more_meetings_cost_no_more_queries(group, url, count_queries):
    def furnish(weeks):
        make_seat(held(group, weeks, came=2, paper=make_paper()), make_membership(group).member)

    furnish(1)
    few = count_queries(lambda: Client().get(url))
    for weeks in range(2, 12):
        furnish(weeks)

    assert count_queries(lambda: Client().get(url)) == few


@pytest.mark.django_db
def test_every_chart_has_a_name_a_description_and_a_table(client, group, url):
    meeting = held(group, came=3, paper=make_paper(categories=["cs.CL"]))
    make_seat(meeting, make_user(full_name='<b>"Bo" & Co</b>'))
    page = client.get(url).content.decode()

    drawn = re.findall(r"<svg class=\"chart\".*?</svg>", page, re.DOTALL)
    parsed = [ET.fromstring(svg) for svg in drawn]

    assert len(parsed) == 3
    assert all(svg.get("role") == "img" for svg in parsed)
    assert all(svg.find("title").text and svg.find("desc").text for svg in parsed)
    assert page.count("<table>") == 3


@given(st.lists(st.tuples(st.text(max_size=80), st.integers(0, 10**6)), max_size=60))
def test_every_shape_stands_inside_its_chart(values):
    level = sum(value for _, value in values) / len(values) if values else None
    for chart in (charts.columns("c", "C", values, level=level), charts.bars("b", "B", values)):
        for shape in chart.shapes:
            assert shape.x >= 0
            assert shape.y >= 0
            assert shape.width >= 0
            assert shape.x + shape.width <= chart.width + 0.2
            assert shape.y + shape.height <= chart.height + 0.2
        assert chart.line is None or 0 <= chart.line.y <= chart.height


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=40))
def test_the_columns_keep_the_order_of_their_values(values):
    shapes = charts.columns("c", "C", [("", value) for value in values]).shapes

    for one, other in pairwise(shapes):
        assert (one.value < other.value) <= (one.height <= other.height)


@pytest.mark.parametrize(
    ("counts", "size", "expected"),
    [([1, 1, 1, 1], 4, 0), ([4], 4, 0.75), ([], 5, 0), ([3, 1], 2, 0.25), ([1], 1, 0)],
)
def test_the_index_of_evenness_is_ginis(counts, size, expected):
    assert archive_statistics.gini(counts, size) == pytest.approx(expected)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30))
def test_the_index_agrees_with_the_mean_difference(counts):
    total, size = sum(counts), len(counts)
    pairs = sum(abs(one - other) for one in counts for other in counts)
    expected = pairs / (2 * size * total) if total else 0

    assert archive_statistics.gini(counts, size) == pytest.approx(expected)
