"""Cards: what a reader decides by, and what it costs."""

from __future__ import annotations

import gzip
import json
from datetime import date, timedelta
from html import unescape

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from papers import voting
from papers.clients.records import AuthorRecord, PaperRecord
from papers.import_rows import author_slug
from papers.importing import import_records
from papers.lists import cards
from papers.lists.page import PaperList, page_of_cards
from papers.lists.periods import Period
from papers.lists.reasons import why_trending
from papers.models import Author, Thumbnail
from tests.builders import make_organization, make_paper, make_user, make_vote
from tests.data import data_folder

pytestmark = pytest.mark.django_db

DAY = "/papers/date/2026-11-20"
DIGEST = "0123456789abcdef" * 2


def card_of(client, path=DAY):
    """Return the only card of a page, in one line."""
    content = unescape(client.get(path).content.decode())
    assert content.count("<article") == 1
    return " ".join(content.partition("<article")[2].partition("</article>")[0].split())


def import_paper(*names, **fields):
    authors = tuple(AuthorRecord(name) for name in names)
    record = PaperRecord(external_id="2611.00001", title="On engines", authors=authors, **fields)
    import_records(records=[record], announced_on=date(2026, 11, 20), has_extras=True)


def make_thumbnail(paper):
    return Thumbnail.objects.create(paper=paper, url="https://a.example", digest=DIGEST)


# Authors ----------------------------------------------------------------------------------


def test_a_card_links_the_first_three_authors_and_counts_the_others(client):
    import_paper("Ada Lovelace", "José Núñez", "נועה כהן", *(f"Number {n}" for n in range(9)))

    card = card_of(client)

    assert '<a href="/authors/ada-lovelace"><bdi>Ada Lovelace</bdi></a>, ' in card
    assert '<a href="/authors/jose-nunez"><bdi>José Núñez</bdi></a>, ' in card
    assert "<bdi>נועה כהן</bdi></a> <span" in card
    assert "+ 9 more" in card


@pytest.mark.parametrize(
    "name",
    [
        "Ada Lovelace",
        "José Núñez",
        "נועה כהן",
        "محمد علي",
        "王 伟",
        "Zoë 🦊 Fox",
        "A/B Test",
        "x" * 180,
        "Łukasz Øster-Ægir",
        "İstanbul",
    ],
)
def test_the_link_of_a_name_leads_to_its_page(client, name):
    import_paper(name)
    url = card_of(client).partition('class="byline"><a href="')[2].partition('"')[0]

    assert client.get(url).status_code == 200


def test_the_address_follows_from_the_name_alone_in_real_papers():
    """Lists ask for no author: what an import stores is what a card computes."""
    names = {
        author["name"]
        for path in sorted((data_folder("hf_daily") / "daily").glob("2026-*.gz"))[-20:]
        for entry in json.loads(gzip.decompress(path.read_bytes()))
        for author in entry["paper"]["authors"]
    }
    import_paper(*sorted(names)[:5000])

    shown = Author.objects.values_list("slug", "authorships__name")

    assert not [(slug, name) for slug, name in shown if author_slug(name) != slug]


def test_a_card_of_a_thousand_authors_names_three(client):
    import_paper(*(f"Author {number}" for number in range(1000)))

    card = card_of(client)

    assert card.count("/authors/") == 3
    assert "+ 997 more" in card


# Organization, code -----------------------------------------------------------------------


def test_a_card_links_the_organization_and_the_code_with_its_stars(client):
    make_paper(organization=make_organization(), code_url="https://github.com/a/b", star_count=1234)

    card = card_of(client)

    assert '<a href="/organizations/ulab"><bdi>U Lab</bdi></a>' in card
    assert '<a href="https://github.com/a/b" rel="external noopener nofollow">Code' in card
    assert '1.2k<span class="visually-hidden"> stars</span>' in card


@pytest.mark.parametrize("stars", [None, 0])
def test_code_without_stars_says_nothing_of_them(client, stars):
    make_paper(code_url="https://github.com/a/b", star_count=stars)

    assert "stars" not in card_of(client)


# Thumbnail --------------------------------------------------------------------------------


def test_a_thumbnail_comes_from_our_host_lazily_and_in_a_fixed_box(client):
    make_thumbnail(make_paper(thumbnail_url="https://cdn.example/1.png"))

    card = card_of(client)

    assert f'<img src="/thumbnails/{DIGEST}.webp" alt="" width="320" height="180"' in card
    assert 'loading="lazy"' in card
    assert "cdn.example" not in card


def test_the_thumbnail_is_no_second_link_for_keyboards_and_screen_readers(client):
    paper = make_paper()
    make_thumbnail(paper)

    link = f'<a class="thumbnail" href="/papers/{paper.external_id}"'
    assert f'{link} tabindex="-1" aria-hidden="true">' in card_of(client)


def test_switched_off_no_card_shows_a_thumbnail(client, settings):
    settings.SHOW_THUMBNAILS = False
    make_thumbnail(make_paper())

    assert "<img" not in card_of(client)


def test_a_card_without_a_thumbnail_has_no_place_for_one(client):
    make_paper(thumbnail_url="https://cdn.example/1.png")

    card = card_of(client)

    assert "has-picture" not in card
    assert "<img" not in card


# Why it trends ----------------------------------------------------------------------------


def votes(paper, number, *, hours_ago, **fields):
    for _ in range(number):
        make_vote(paper, cast_at=timezone.now() - timedelta(hours=hours_ago), **fields)


@pytest.mark.parametrize(
    ("today", "before", "why"),
    [
        (0, 9, None),
        (1, 0, None),
        (2, 0, "2 votes today"),
        (2, 1, "2 votes today"),
        (3, 1, "rising today"),
        (3, 2, "3 votes today"),
        (5, 2, "rising today"),
        (5, 0, "5 votes today"),
    ],
)
def test_why_a_paper_trends_is_what_its_votes_say(today, before, why):
    paper = make_paper()
    votes(paper, today, hours_ago=2)
    votes(paper, before, hours_ago=30)

    assert why_trending([paper.pk]).get(paper.pk) == why


def test_votes_that_do_not_rank_are_no_reason():
    paper = make_paper()
    votes(paper, 5, hours_ago=1, weight=0)
    votes(paper, 5, hours_ago=1, voided_at=timezone.now(), void_reason="bought")

    assert not why_trending([paper.pk])


def test_only_the_trending_list_says_why(client):
    paper = make_paper()
    for _ in range(2):
        voting.cast_vote(paper=paper, member=make_user())

    assert "2 votes today" in card_of(client, "/papers/trending")
    assert "votes today" not in card_of(client)


def test_the_reasons_are_explained(client):
    page = " ".join(client.get("/about/trending").content.decode().split())

    assert "rising today" in page
    assert "last 24 hours" in page


# Costs ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "queries"), [("week", 1), ("trending", 2)])
def test_cards_cost_a_visitor_one_query_and_their_reasons_another(kind, queries, count_queries):
    week = Period("week", date(2026, 11, 16), date(2026, 11, 22)) if kind == "week" else None
    for _ in range(3):
        paper = make_paper(lead_authors=["Ada Lovelace", "Grace Hopper"])
        make_thumbnail(paper)
        votes(paper, 2, hours_ago=1)

    def render_page():
        papers = PaperList(kind, "/papers", week)
        page = page_of_cards(papers, number=1, reader=AnonymousUser())
        return cards.render(page.cards, is_member=False)

    assert count_queries(render_page) == queries


def test_a_card_has_few_stops_for_the_keyboard(client):
    import_paper(*(f"Author {n}" for n in range(9)), code_url="https://github.com/a/b")

    card = card_of(client)

    stops = card.count("<a ") + card.count("<button") - card.count('tabindex="-1"')
    assert stops <= 9
