"""Pages that list papers: what they show, to whom, in which order, at what cost."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.utils import timezone

from papers import voting
from tests.builders import make_authorship, make_organization, make_paper, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.dated]

DAY = "/papers/date/2026-11-20"


def titles(response):
    """The papers of a page, in order."""
    content = unescape(response.content.decode())
    return [part.partition("</a>")[0].rpartition(">")[2] for part in content.split("<h2><a")[1:]]


def test_a_day_lists_its_papers_by_votes(client):
    make_paper(title="First", vote_count=9)
    make_paper(title="Third", vote_count=3)
    make_paper(title="Second", vote_count=5)
    make_paper(title="Other day", announced_on=date(2026, 11, 19))

    assert titles(client.get(DAY)) == ["First", "Second", "Third"]


def test_papers_is_the_latest_day_that_has_any(client):
    make_paper(title="Yesterday's", announced_on=timezone.localdate() - timedelta(days=1))
    make_paper(title="Older", announced_on=timezone.localdate() - timedelta(days=9))

    assert titles(client.get("/papers")) == ["Yesterday's"]


def test_a_day_without_papers_leads_to_the_nearest_before_it_and_says_so(client):
    make_paper(title="On Friday")

    response = client.get("/papers/date/2026-11-22", follow=True)

    assert response.redirect_chain[0][0].startswith(DAY)
    assert titles(response) == ["On Friday"]
    assert b"No papers on Sunday, November 22, 2026" in response.content


def test_the_way_to_the_next_day_leaves_out_days_without_papers(client):
    make_paper(announced_on=date(2026, 11, 20))
    make_paper(announced_on=date(2026, 11, 23))

    content = client.get(DAY).content.decode()

    assert re.search(r'href="/papers/date/2026-11-23"\s+rel="next"', content)
    assert 'rel="prev"' not in content


def test_a_card_without_names_counts_its_authors(client):
    make_paper(author_count=5)

    assert "5 authors" in client.get(DAY).content.decode()


def test_before_the_first_day_the_way_leads_forward(client):
    make_paper(title="The first")

    assert titles(client.get("/papers/date/1999-01-01", follow=True)) == ["The first"]


def test_without_any_paper_the_page_says_what_will_come(client):
    response = client.get("/papers")

    assert response.status_code == 200
    assert b"once they are imported" in response.content


@pytest.mark.parametrize("path", ["/papers/week/2026-W47", "/papers/month/2026-11"])
def test_a_week_and_a_month_gather_their_days(client, path):
    make_paper(title="Friday's", vote_count=1)
    make_paper(title="Monday's", vote_count=2, announced_on=date(2026, 11, 16))
    make_paper(title="October's", announced_on=date(2026, 10, 16))

    assert titles(client.get(path)) == ["Monday's", "Friday's"]


def test_trending_orders_by_recent_votes_and_leaves_the_rest_after(client):
    cold, warm, hot = (make_paper(title=title) for title in ("Cold", "Warm", "Hot"))
    voting.cast_vote(paper=warm, member=make_user())
    for _ in range(2):
        voting.cast_vote(paper=hot, member=make_user())

    assert titles(client.get("/papers/trending")) == ["Hot", "Warm", "Cold"]
    assert cold.tally.hot_score is None


def test_a_topic_filters_a_day_and_stays_chosen(client):
    make_paper(title="Vision", categories=["cs.CV", "cs.LG"])
    make_paper(title="Language", categories=["cs.CL"])

    response = client.get(f"{DAY}?topic=cs.CL")

    assert titles(response) == ["Language"]
    assert b'?topic=cs.CL" aria-current="true"' in response.content


def test_a_topic_that_a_day_lacks_says_so(client):
    make_paper()

    assert b"no papers on this topic that day" in client.get(f"{DAY}?topic=hep-th").content


def test_a_withdrawn_paper_is_in_no_list(client):
    make_paper(title="Stands")
    make_paper(title="Gone", withdrawn_at=timezone.now())

    assert titles(client.get(DAY)) == ["Stands"]


def test_the_pages_of_topic_organization_and_author_hold_their_papers(client):
    lab = make_organization()
    paper = make_paper(title="Theirs", organization=lab, categories=["cs.CL"])
    make_paper(title="Others'", categories=["hep-th"])
    author = make_authorship(paper).author

    for path in ("/topics/cs.CL", lab.get_absolute_url(), author.get_absolute_url()):
        assert titles(client.get(path)) == ["Theirs"], path


def test_newest_first_is_one_press_away(client):
    make_paper(title="Old", vote_count=1, hot_score=1)
    make_paper(title="New", published_at=datetime(2026, 11, 21, tzinfo=UTC))

    assert titles(client.get("/topics/cs.LG")) == ["Old", "New"]
    assert titles(client.get("/topics/cs.LG?sort=newest")) == ["New", "Old"]


def test_pages_neither_overlap_nor_leave_out(client, monkeypatch):
    monkeypatch.setattr("papers.lists.page.PAGE_SIZE", 4)
    for number in range(9):
        make_paper(title=f"Paper {number}")

    seen = [titles(client.get(f"{DAY}?page={page}")) for page in (1, 2, 3)]

    assert [len(page) for page in seen] == [4, 4, 1]
    assert len({title for page in seen for title in page}) == 9


@pytest.mark.parametrize("page", ["0", "-1", "x", "2", "9" * 30, "٣"])
def test_a_page_that_is_not_there_is_not_found(client, page):
    make_paper()

    assert client.get(DAY, {"page": page}).status_code == 404


def test_a_member_sees_their_own_votes_marked(member, member_client):
    mine, others = make_paper(), make_paper()
    voting.cast_vote(paper=mine, member=member)
    voting.cast_vote(paper=others, member=make_user())

    content = member_client.get(DAY).content.decode()

    assert content.count('aria-pressed="true"') == 1
    assert f'id="vote-{mine.pk}"' in content


def test_a_visitor_gets_a_link_where_a_member_gets_a_button(client):
    paper = make_paper()

    content = " ".join(client.get(DAY).content.decode().split())

    assert f'<a class="vote" href="/papers/{paper.external_id}/vote"' in content
    assert "csrf" not in content


def test_a_visitor_never_sees_what_was_rendered_for_a_member(client, member, member_client):
    voting.cast_vote(paper=make_paper(), member=member)
    member_client.get(DAY)

    assert b"aria-pressed" not in client.get(DAY).content


def test_the_next_visit_counts_what_is_new(client):
    day = timezone.localdate()
    make_paper(announced_on=day)
    before = timezone.now() - timedelta(hours=3)
    client.cookies["visits"] = f"0.{int(before.timestamp()) // 60}"

    assert b"1 new since your last visit" in client.get(f"/papers/date/{day}").content


def test_the_first_visit_counts_nothing(client):
    make_paper()

    assert b"since your last visit" not in client.get(DAY).content


@pytest.mark.parametrize("cookie", ["x", "1", ".", "99999999999.1", "-5.5", "²².²²"])
def test_a_forged_visit_is_a_first_visit(client, cookie):
    make_paper()
    client.cookies["visits"] = cookie

    assert client.get(DAY).status_code == 200


@pytest.mark.parametrize(
    "path",
    [DAY, "/papers/week/2026-W47", "/papers/trending", "/topics/cs.LG", "/organizations/ulab"],
)
def test_a_long_list_costs_no_more_queries_than_a_short_one(member_client, count_queries, path):
    lab = make_organization()
    make_authorship(make_paper(organization=lab))
    short = count_queries(lambda: member_client.get(path))
    for _ in range(10):
        make_authorship(make_paper(organization=lab))

    assert count_queries(lambda: member_client.get(path)) == short


def test_a_visitors_second_look_costs_no_query(client, django_assert_num_queries):
    make_paper()
    client.get(DAY)

    with django_assert_num_queries(0):
        client.get(DAY)


def test_the_date_field_leads_to_its_day(client):
    assert client.get("/papers/jump?date=2026-11-20").headers["Location"] == DAY
    assert client.get("/papers?date=2026-11-20").headers["Location"] == DAY
    assert client.get("/papers/jump?date=tomorrow").headers["Location"] == "/papers"


@pytest.mark.parametrize("topic", ["\0", "cs.CL\n", "x" * 33, "cs CL", "ÿ"])
def test_what_can_be_no_topic_filters_nothing_and_is_kept_nowhere(client, recwarn, topic):
    make_paper(title="Shown")

    assert titles(client.get(DAY, {"topic": topic})) == ["Shown"]
    assert not recwarn.list


@time_machine.travel("2026-11-20T02:00:00Z", tick=False)
def test_the_day_is_the_same_for_readers_everywhere(client):
    make_paper(title="Of the new day", announced_on=date(2026, 11, 20))
    client.force_login(make_user(time_zone="Pacific/Honolulu"))

    assert titles(client.get("/papers")) == ["Of the new day"]


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [("/papers/week", "/papers/week/2026-W47"), ("/papers/month", "/papers/month/2026-11")],
)
@time_machine.travel("2026-12-01T12:00:00Z", tick=False)
def test_the_latest_week_and_month_have_addresses_to_keep(client, path, leads_to):
    make_paper(announced_on=date(2026, 11, 20))

    assert client.get(path).headers["Location"] == leads_to
