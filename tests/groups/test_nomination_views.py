"""The pages on which papers are proposed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from groups.ballots import nominations
from groups.models import Nomination, Second
from tests.builders import make_paper, make_user
from tests.groups.builders import (
    make_group,
    make_meeting,
    make_membership,
    make_nomination,
)
from tests.groups.conftest import client_for

pytestmark = pytest.mark.django_db


def url(group, name="nomination_list", *args):
    return reverse(f"groups:{name}", args=[group.slug, *args])


def text_of(response):
    return response.content.decode()


@pytest.fixture
def member(group):
    return make_membership(group, make_user("mira")).member


@pytest.fixture
def browser(member):
    return client_for(member)


def test_an_empty_list_says_what_to_do(group, browser):
    assert "Nothing is nominated" in text_of(browser.get(url(group)))


def test_a_visitor_reads_the_list_and_has_no_button(client, group):
    nomination = make_nomination(group, pitch="Short, and it scales.", would_present=True)

    page = text_of(client.get(url(group)))

    assert nomination.paper.title_text in page
    assert "Short, and it scales." in page
    assert "who would present it" in page
    assert 'name="second"' not in page


def test_the_list_says_how_old_a_nomination_is_and_what_was_read(group, browser):
    nomination = make_nomination(group, rounds=2)
    day = (timezone.now() - timedelta(days=30)).date()
    make_meeting(group, day=day, paper=nomination.paper, phase="held")

    page = text_of(browser.get(url(group)))

    assert "Carried over twice" in page
    assert f"Read on {day:%B} {day.day}" in page


def test_most_seconds_come_first(group, browser):
    late, early = make_nomination(group, second_count=2), make_nomination(group)

    page = text_of(browser.get(url(group)))

    assert page.index(late.paper.title_text) < page.index(early.paper.title_text)


def test_a_long_list_costs_no_more_queries(group, browser, count_queries):
    make_nomination(group)
    few = count_queries(lambda: browser.get(url(group)))
    for _ in range(12):
        make_nomination(group)

    assert count_queries(lambda: browser.get(url(group))) == few


def test_a_list_has_pages(group, browser):
    for _ in range(51):
        make_nomination(group)

    assert "?page=2" in text_of(browser.get(url(group)))
    assert text_of(browser.get(url(group) + "?page=2")).count('class="nomination"') == 1
    assert browser.get(url(group) + "?page=x").status_code == 404


def test_a_paper_is_nominated_by_its_address(group, browser, member):
    paper = make_paper("2401.12345")
    sent = {"paper": "https://arxiv.org/abs/2401.12345v2", "pitch": "Short.", "would_present": "on"}

    response = browser.post(url(group, "nomination_create"), sent)

    assert response.status_code == 302
    made = Nomination.objects.get()
    assert (made.paper, made.nominated_by, made.pitch) == (paper, member, "Short.")
    assert made.would_present


def test_an_unknown_paper_is_led_to_submitting_and_the_pitch_stays(group, browser):
    sent = {"paper": "2401.54321", "pitch": "Do not lose me."}

    response = browser.post(url(group, "nomination_create"), sent)

    assert response.status_code == 422
    page = text_of(response)
    assert reverse("papers:submit") + "?text=2401.54321" in page
    assert "Do not lose me." in page
    assert 'value="2401.54321"' in page


def test_a_paper_that_stands_is_offered_to_be_seconded(group, browser):
    existing = make_nomination(group, make_paper("2401.12345"))

    response = browser.post(url(group, "nomination_create"), {"paper": "2401.12345"})

    assert response.status_code == 422
    assert url(group, "nomination_second", existing.pk) in text_of(response)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"paper": ""}, "Choose a paper."),
        ({"paper": "nothing here"}, "no arXiv id"),
        ({"paper": "2401.12345", "pitch": "x" * 501}, "Up to 500 characters"),
    ],
)
def test_what_cannot_be_is_refused(group, browser, sent, said):
    make_paper("2401.12345")

    response = browser.post(url(group, "nomination_create"), sent)

    assert response.status_code == 422
    assert said in text_of(response)


def test_too_many_nominations_at_once_are_slowed_down(group, browser, monkeypatch):
    monkeypatch.setattr(nominations, "MAX_STANDING", 100)
    papers = [make_paper() for _ in range(15)]

    codes = [
        browser.post(url(group, "nomination_create"), {"paper": paper.external_id}).status_code
        for paper in papers
    ]

    assert codes[:10] == [302] * 10
    assert 429 in codes


def test_seconding_answers_htmx_with_the_button(group, browser):
    nomination = make_nomination(group)

    response = browser.post(
        url(group, "nomination_second", nomination.pk),
        {"second": "yes"},
        headers={"HX-Request": "true", "HX-Target": f"second-{nomination.pk}"},
    )

    assert 'aria-pressed="true"' in text_of(response)
    assert "<html" not in text_of(response)
    assert Second.objects.count() == 1


def test_seconding_without_javascript_leads_back_to_the_nomination(group, browser):
    nomination = make_nomination(group)
    address = url(group, "nomination_second", nomination.pk)

    assert browser.post(address, {"second": "yes"}).url.endswith(f"#nomination-{nomination.pk}")
    browser.post(address, {"second": "none"})

    assert not Second.objects.exists()


def test_seconding_by_address_asks_first(group, browser):
    nomination = make_nomination(group)

    response = browser.get(url(group, "nomination_second", nomination.pk))

    assert "Second this nomination?" in text_of(response)
    assert not Second.objects.exists()


def test_seconding_what_was_withdrawn_says_so(group, browser):
    nomination = make_nomination(group, state="withdrawn")

    response = browser.post(url(group, "nomination_second", nomination.pk), {"second": "yes"})

    assert response.status_code == 422
    assert "withdrawn in the meantime" in text_of(response)


def test_a_nomination_of_another_group_is_not_found_here(group, browser):
    other = make_nomination(make_group())

    assert browser.get(url(group, "nomination_second", other.pk)).status_code == 404


def test_members_withdraw_their_own(group, browser, member):
    nomination = make_nomination(group, nominated_by=member)

    browser.post(url(group, "nomination_withdraw", nomination.pk))

    nomination.refresh_from_db()
    assert nomination.state == "withdrawn"


def test_members_do_not_withdraw_what_others_nominated(group, browser):
    nomination = make_nomination(group)

    assert browser.post(url(group, "nomination_withdraw", nomination.pk)).status_code == 403


def test_organisers_withdraw_any(group, owner_client):
    nomination = make_nomination(group)

    owner_client.post(url(group, "nomination_withdraw", nomination.pk))

    nomination.refresh_from_db()
    assert nomination.state == "withdrawn"


def test_nothing_is_nominated_in_a_closed_group(group, browser):
    type(group).objects.update(closed_at=timezone.now())

    assert browser.get(url(group, "nomination_create")).status_code == 403
    assert "Nominate a paper</a>" not in text_of(browser.get(url(group)))


def paper_url(paper):
    return reverse("groups:paper_nominate", args=[paper.external_id])


def test_a_papers_page_leads_to_nominating_it(client, browser):
    paper = make_paper()

    for reader in (client, browser):
        assert paper_url(paper) in text_of(reader.get(paper.get_absolute_url()))


def test_who_is_in_no_group_reads_how_to_find_one(outsider_client):
    page = text_of(outsider_client.get(paper_url(make_paper())))

    assert reverse("groups:group_list") in page
    assert reverse("groups:group_create") in page


def test_a_paper_is_nominated_from_its_page(group, browser):
    paper = make_paper()
    assert "checked" in text_of(browser.get(paper_url(paper)))

    response = browser.post(paper_url(paper), {"group": group.slug, "pitch": "Short."})

    assert response.url == url(group)
    assert Nomination.objects.get(paper=paper).group == group


def test_groups_that_have_it_already_say_so(group, browser, member):
    second_group = make_group()
    make_membership(second_group, member)
    paper = make_paper()
    theirs = make_nomination(group, paper)
    make_nomination(second_group, paper, nominated_by=member)

    page = text_of(browser.get(paper_url(paper)))

    assert url(group, "nomination_second", theirs.pk) in page
    assert "You nominated it here" in page


def test_no_other_group_is_offered_or_taken(browser, member):
    hidden = make_group("hidden-readers", visibility="private")
    as_guest = make_group("guest-readers")
    make_membership(as_guest, member, role="guest")
    paper = make_paper()

    page = text_of(browser.get(paper_url(paper)))

    assert "hidden-readers" not in page
    assert "guest-readers" not in page
    for other in (hidden, as_guest):
        assert browser.post(paper_url(paper), {"group": other.slug}).status_code == 422


def test_many_groups_cost_no_more_queries(group, browser, member, count_queries):
    paper = make_paper()
    few = count_queries(lambda: browser.get(paper_url(paper)))
    for _ in range(8):
        make_nomination(make_membership(make_group(), member).group, paper)

    assert count_queries(lambda: browser.get(paper_url(paper))) == few


def test_hostile_words_are_shown_as_words(group, browser):
    make_nomination(group, pitch="<script>alert(1)</script>")

    assert "<script>alert(1)" not in text_of(browser.get(url(group)))


def test_a_visitor_who_wants_to_nominate_is_told_what_the_sign_in_is_for(client):
    paper = make_paper("2401.00001", title="On engines")

    page = client.get(f"/papers/{paper.ref}/nominate", follow=True).content.decode()

    assert "Sign in to nominate “On engines” for a reading group. You come back to it." in page
