"""The groups that read a paper, on its page: public ones, and the reader's own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from groups.archive.read_by import read_by
from groups.models import MeetingPaper
from tests.builders import make_paper, make_user
from tests.groups.builders import make_group, make_meeting, make_membership
from tests.groups.conftest import client_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper():
    return make_paper()


def read_in(group, paper, day=date(2026, 11, 12), **fields):
    return make_meeting(group, paper=paper, day=day, **{"phase": "held"} | fields)


def names(paper, reader=None):
    found = read_by(paper, reader or AnonymousUser())
    return [reading.name for reading in found.readings] if found else []


def test_the_page_of_a_paper_names_the_groups_that_read_it(client, paper):
    meeting = read_in(make_group(name="Long-Context Club"), paper)

    page = client.get(paper.get_absolute_url()).content.decode()

    assert "Read by groups" in page
    assert "Long-Context Club" in page
    assert meeting.get_absolute_url() in page


def test_a_paper_that_nobody_reads_has_no_such_part(client, paper):
    assert "Read by groups" not in client.get(paper.get_absolute_url()).content.decode()


@pytest.mark.parametrize("visibility", ["private", "unlisted"])
def test_a_group_that_is_not_public_is_shown_to_its_members_alone(paper, visibility):
    group = make_group(name="Quiet Readers", visibility=visibility)
    read_in(group, paper)
    browser = client_for(make_membership(group, role="guest").member)
    url = paper.get_absolute_url()

    assert "Quiet Readers" in browser.get(url).content.decode()
    assert "Quiet Readers" not in Client().get(url).content.decode()
    assert "Quiet Readers" not in client_for(make_user()).get(url).content.decode()


def test_nor_is_it_counted(paper):
    for number in range(7):
        read_in(make_group(visibility="public" if number < 6 else "private"), paper)

    found = read_by(paper, make_user())

    assert len(found.readings) == 5
    assert found.more_count == 1


def test_a_group_stands_there_once_with_its_last_meeting(paper):
    group = make_group()
    read_in(group, paper)
    last = read_in(group, paper, day=date(2026, 11, 19))

    (reading,) = read_by(paper, AnonymousUser()).readings

    assert reading.occurs_on == last.occurs_on


@pytest.mark.parametrize("phase", ["cancelled", "skipped"])
def test_a_meeting_that_was_called_off_read_nothing(paper, phase):
    read_in(make_group(), paper, phase=phase)

    assert names(paper) == []


def test_a_meeting_to_come_says_so(client, paper):
    read_in(make_group(), paper, phase="ready")

    assert "to be read" in client.get(paper.get_absolute_url()).content.decode()


def test_one_group_or_many_cost_one_query(paper, django_assert_num_queries):
    for number in range(8):
        meeting = read_in(make_group(), paper, day=date(2026, 1, 1) + timedelta(days=number))
        MeetingPaper.objects.create(meeting=meeting, paper=make_paper())

    with django_assert_num_queries(1):
        assert len(names(paper)) == 5


def test_the_next_visitor_is_shown_what_the_first_one_was(paper, django_assert_num_queries):
    read_in(make_group(name="Long-Context Club"), paper)
    Client().get(paper.get_absolute_url())

    with django_assert_num_queries(1):
        page = Client().get(paper.get_absolute_url()).content.decode()
    assert "Long-Context Club" in page
