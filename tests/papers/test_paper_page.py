"""The page of a paper, its abstract in a list, and the explanation of its rank."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from papers import voting
from tests.builders import make_authorship, make_organization, make_paper, make_user, make_vote

pytestmark = pytest.mark.django_db


def page_of(client, paper):
    response = client.get(paper.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_a_paper_shows_its_maths_as_mathml_and_its_name_as_text(client):
    paper = make_paper(title=r"An $O(n^2)$ bound", abstract=r"We prove $\Omega(kd)$.")

    content = page_of(client, paper)

    assert "<title>An O(n²) bound" in content
    assert content.count("<math") >= 2


def test_what_looks_like_markup_in_a_title_is_text(client):
    content = page_of(client, make_paper(title="<script>alert(1)</script> & <b>bold</b>"))

    assert "<script>alert" not in content
    assert "&lt;script&gt;alert(1)" in content


def test_a_long_list_of_authors_folds(client):
    paper = make_paper()
    for number in range(40):
        make_authorship(paper, f"Author {number}")

    content = page_of(client, paper)

    assert "and 28 more authors" in content
    assert content.index("Author 11<") < content.index('<details class="more-authors"')


def test_thirteen_authors_do_not_fold_one(client):
    paper = make_paper()
    for number in range(13):
        make_authorship(paper, f"Author {number}")

    assert "more-authors" not in page_of(client, paper)


def test_a_withdrawn_paper_keeps_its_page_and_says_so(client):
    content = page_of(client, make_paper(withdrawn_at=datetime(2026, 11, 21, tzinfo=UTC)))

    assert "withdrew this paper on November 21, 2026" in content


def test_a_withdrawn_paper_has_no_place_on_its_day(client):
    make_paper(vote_count=1)
    make_paper(vote_count=1)
    withdrawn = make_paper(vote_count=9, withdrawn_at=datetime(2026, 11, 21, tzinfo=UTC))

    content = page_of(client, withdrawn)
    explained = client.get("/about/trending", {"paper": withdrawn.external_id}).content.decode()

    assert "paper of the day" not in content
    assert "1st of 2" not in content
    assert "of its day" not in explained


def test_a_later_version_says_which_it_is(client):
    paper = make_paper(version=3, revised_at=datetime(2026, 5, 12, tzinfo=UTC))

    assert "Version 3 of May 12, 2026" in page_of(client, paper)


def test_an_address_with_an_older_version_says_that_it_is_superseded(client):
    paper = make_paper("2401.12345", version=3)

    content = client.get("/papers/2401.12345v2", follow=True).content.decode()

    assert "You asked for version 2. This page shows version 3, the latest." in content
    assert f'href="{paper.source_url}v2"' in content


@pytest.mark.parametrize("asked", ["3", "4", "0", "-1", "x", "9" * 50, "²"])
def test_an_address_with_no_older_version_says_nothing_of_it(client, asked):
    make_paper("2401.12345", version=3)

    content = client.get("/papers/2401.12345", {"version": asked}).content.decode()

    assert "You asked for" not in content


def test_a_paper_that_is_not_here_is_not_found(client):
    assert client.get("/papers/2401.99999").status_code == 404


def voted(count, **fields):
    paper = make_paper(vote_count=count)
    for _ in range(count):
        make_vote(paper, **fields)
    return paper


def test_the_first_of_a_day_wears_a_badge(client):
    best, other = voted(5), voted(3)
    for _ in range(3):
        voted(4)

    assert "1st paper of the day" in page_of(client, best)
    assert "paper of the day" not in page_of(client, other)


def test_a_badge_takes_three_votes(client):
    paper = voted(2)

    assert "paper of the day" not in page_of(client, paper)

    voting.cast_vote(paper=paper, member=make_user())
    assert "1st paper of the day" in page_of(client, paper)


@pytest.mark.parametrize(
    "fields", [{"weight": 0.0}, {"voided_at": timezone.now(), "void_reason": "Sock puppets"}]
)
def test_votes_that_do_not_rank_earn_no_badge(client, fields):
    assert "paper of the day" not in page_of(client, voted(5, **fields))


def test_the_page_says_why_a_paper_stands_where_it_does(client):
    paper = make_paper()
    make_paper()
    for _ in range(3):
        voting.cast_vote(paper=paper, member=make_user())

    content = page_of(client, paper)

    assert "3 votes, half in the last minute" in content
    assert "1st of 2." in content


@pytest.mark.parametrize("is_wanted", [True, False])
def test_a_machines_summary_is_shown_only_where_the_operator_wants_it(client, settings, is_wanted):
    settings.SHOW_AI_SUMMARIES = is_wanted

    paper = make_paper(ai_summary="A robot says so.", ai_keywords=["robots"], ai_model="robot-1")
    page = page_of(client, paper)

    assert ("AI summary from Hugging Face <span>by robot-1</span>" in page) == is_wanted
    assert ("A robot says so" in page) == is_wanted
    assert ("<bdi>robots</bdi>" in page) == is_wanted


def test_a_machines_summary_stands_apart_from_the_abstract(client, settings):
    settings.SHOW_AI_SUMMARIES = True

    page = page_of(client, make_paper(ai_summary="A robot says so.", abstract="We say so."))

    abstract, _, rest = page.partition('</details>\n<section class="machine"')
    assert "We say so." in abstract
    assert "A robot says so." in rest
    assert "<span>by" not in rest.partition("</section>")[0]


def test_the_abstract_folds_without_scripts(client):
    page = page_of(client, make_paper(abstract="We fold."))

    assert re.search(r'<details class="abstract-fold" open>\s*<summary>Abstract', page)


def test_more_authors_and_votes_cost_no_more_queries(client, count_queries):
    paper = make_paper(organization=make_organization())
    make_authorship(paper, claimed_by=make_user())
    few = count_queries(lambda: page_of(client, paper))
    for number in range(30):
        make_authorship(paper, f"Author {number}", claimed_by=make_user())
        voting.cast_vote(paper=paper, member=make_user())

    assert count_queries(lambda: page_of(client, paper)) <= few + 1  # the median vote
    assert few <= 10


def test_an_abstract_unfolds_in_a_list(client):
    paper = make_paper(abstract="word " * 300)

    response = client.get(f"{paper.get_absolute_url()}/abstract", headers={"HX-Request": "true"})

    assert response.content.decode().count("word") == 300


def test_without_htmx_the_abstract_is_on_the_papers_page(client):
    paper = make_paper()

    response = client.get(f"{paper.get_absolute_url()}/abstract")

    assert response.url == paper.get_absolute_url()


def test_the_explanation_of_trending_shows_the_numbers_of_any_paper(client):
    paper = make_paper(title="Looked up")
    voting.cast_vote(paper=paper, member=make_user())

    response = client.get(
        "/about/trending", {"paper": f"https://arxiv.org/abs/{paper.external_id}"}
    )

    paper.tally.refresh_from_db()
    assert response.context["paper"] == paper
    assert [(day.votes, day.weight) for day in response.context["days"]] == [(1, 1.0)]
    assert response.context["days"][0].share == pytest.approx(1)


@pytest.mark.parametrize(
    ("asked", "says"),
    [("2401.99999", "not on this site"), ("nonsense", "arXiv"), ("10.1000/182", "arXiv id")],
)
def test_a_paper_that_cannot_be_looked_up_keeps_what_was_typed(client, asked, says):
    make_paper(hot_score=1.0, vote_count=1)

    content = client.get("/about/trending", {"paper": asked}).content.decode()

    assert says in content
    assert f'value="{asked}"' in content


def test_the_explanation_works_before_the_first_vote(client):
    make_paper(announced_on=timezone.localdate())

    assert client.get("/about/trending").status_code == 200
