"""Past meetings: listed, searched, and known to whom the group is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from groups.access import Visit
from groups.archive import page as archive_page
from groups.archive import search
from groups.meeting.minutes import minutes as keeping
from groups.models import Attendance, MeetingFile
from papers.models import Author
from tests.builders import make_paper, make_user
from tests.groups.builders import make_meeting, make_question, make_seat

pytestmark = pytest.mark.django_db


def held(group, weeks_ago=1, **fields):
    day = timezone.now().date() - timedelta(weeks=weeks_ago)
    return make_meeting(group, day=day, phase="held", **fields)


def found(group, **asked):
    visit = Visit(group=group, reader=make_user(), membership=None)
    return search.search(visit, search.ArchiveQuery.of(asked)).rows


@pytest.fixture
def archive_url(group):
    return reverse("groups:archive", args=[group.slug])


def write(meeting, text):
    keeping.save(meeting=meeting, editor=make_user(), text=text, base_version=0)


def test_past_meetings_come_last_first_and_others_not_at_all(group, meeting):
    older, newer = held(group, 2), held(group, 1)
    make_meeting(group, day=newer.day - timedelta(days=1), phase="skipped")

    assert found(group) == [newer, older]


def test_a_row_says_what_was_read_and_what_is_left_of_it(client, group, archive_url):
    meeting = held(group, paper=make_paper(title="Attention, once more"))
    make_seat(meeting, make_user("ana", full_name="Ana P."))
    Attendance.objects.create(meeting=meeting, member=make_user())
    write(meeting, "We agreed.")
    MeetingFile.objects.create(
        meeting=meeting, kind="slides", title="Slides", url="https://example.org/s"
    )

    page = client.get(archive_url).content.decode()

    for part in (
        "Attention, once more",
        "Ana P.",
        "1 attended",
        "/minutes",
        "https://example.org/s",
    ):
        assert part in page


@pytest.mark.parametrize(
    "words",
    ["sparse attention", "Turing", "retrieved", "benchmark leakage", "ana", '"leaked from"',
     "attention leaks -recipes"],
)  # fmt: skip
def test_words_are_found_wherever_they_stand(group, words):
    paper = make_paper(title="Sparse Attention")
    turing = Author.objects.create(slug="alan-turing", name="Alan Turing")
    paper.authorships.create(author=turing, position=1, name="Alan Turing")
    meeting = held(group, paper=paper)
    make_seat(meeting, make_user("ana"))
    write(meeting, "It **leaked** from the test set, we retrieve it.")
    make_question(meeting, "Is there benchmark leakage?")
    other = held(group, 2, title="A talk about recipes")

    assert found(group, q=words) == [meeting]
    assert found(group, q="recipes") == [other]


@pytest.mark.parametrize(
    "words",
    ["'", '"', "a & | !", "((", ":*", "\\", "x\0y", "-" * 500, "- " * 90, '-"' * 90, "or " * 60,
     '"' * 190, "-or " * 50, "-a " * 60],
)  # fmt: skip
def test_whatever_is_typed_is_a_search_and_no_error(client, group, archive_url, words):
    held(group)

    assert client.get(archive_url, {"q": words}).status_code == 200


def test_a_year_narrows_the_archive(client, group, archive_url):
    now = held(group, 1)
    long_ago = held(group, 60)

    assert found(group, year=str(long_ago.day.year)) == [long_ago]
    assert f'value="{now.day.year}"' in client.get(archive_url).content.decode()


def test_pages_of_twenty_do_not_overlap(group):
    meetings = [held(group, weeks) for weeks in range(1, 46)]

    pages = [found(group, page=str(number)) for number in (1, 2, 3, 4)]

    assert [len(page) for page in pages] == [20, 20, 5, 0]
    assert [meeting for page in pages for meeting in page] == meetings


@pytest.mark.parametrize("page", ["0", "-1", "abc", "99999999", "9999"])
def test_an_odd_page_is_no_error(client, group, archive_url, page):
    held(group)

    assert client.get(archive_url, {"page": page, "year": page}).status_code == 200


def test_an_empty_archive_says_so(client, archive_url):
    assert "No meeting has been held yet" in client.get(archive_url).content.decode()


def test_a_search_in_vain_says_so(client, group, archive_url):
    held(group)

    assert "Nothing found" in client.get(archive_url, {"q": "zebra"}).content.decode()


def test_another_group_is_never_found(group, private_group):
    held(private_group, title="A secret talk")

    assert found(group, q="secret") == []


def test_a_private_archive_is_not_found_by_outsiders(client, private_group, owner_client):
    held(private_group)
    url = reverse("groups:archive", args=[private_group.slug])

    assert client.get(url).status_code == 404
    assert owner_client.get(url).status_code == 200


def test_what_was_searched_is_escaped(client, archive_url):
    page = client.get(archive_url, {"q": '"><script>alert(1)</script>'}).content.decode()

    assert "<script>alert" not in page


@pytest.mark.parametrize("query", ["", "?q=attention"])
def test_a_long_archive_costs_no_more_queries(group, archive_url, count_queries, query):
    def furnish(weeks):
        meeting = held(group, weeks, paper=make_paper(title="Attention"))
        make_seat(meeting, make_user())
        write(meeting, "Words")
        Attendance.objects.create(meeting=meeting, member=make_user())

    furnish(1)
    short = count_queries(lambda: Client().get(archive_url + query))
    for weeks in range(2, 14):
        furnish(weeks)

    assert count_queries(lambda: Client().get(archive_url + query)) == short


def test_the_last_few_say_how_many_there_are(group):
    for weeks in range(1, 8):
        held(group, weeks)
    visit = Visit(group=group, reader=make_user(), membership=None)

    last = archive_page.past(visit, limit=5)

    assert len(last.rows) == 5
    assert last.total == 7
    assert archive_page.past(visit).total == 7
