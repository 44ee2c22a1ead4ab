"""The page of a ballot: voting on it, and reading what came of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from groups.ballots import ballots
from groups.models import Meeting, Slip
from tests.builders import make_user
from tests.groups.builders import make_ballot, make_meeting, make_membership, make_slip
from tests.groups.conftest import client_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(group):
    return make_membership(group, make_user("mira")).member


@pytest.fixture
def browser(member):
    return client_for(member)


def url(meeting):
    return reverse("groups:ballot_page", args=[meeting.group.slug, meeting.occurs_on])


def page_of(client, meeting):
    return client.get(url(meeting)).content.decode()


def htmx(meeting):
    return {"HX-Request": "true", "HX-Target": f"ballot-{meeting.pk}"}


def vote_of_many(ballot, votes):
    for choices in votes:
        make_slip(ballot, make_membership(ballot.meeting.group).member, choices)


def test_a_member_approves_of_papers(meeting, browser, member):
    make_ballot(meeting)

    response = browser.post(url(meeting), {"choices": ["1", "3"], "will_come": "1"})

    assert response.url == url(meeting)
    slip = Slip.objects.get(member=member)
    assert (slip.choices, slip.will_come) == ([1, 3], True)
    page = page_of(browser, meeting)
    assert "Your vote is recorded." in page
    assert re.findall(r'name="(\w+)"\s+value="(\d)"\s+id="\S+"\s+checked', page) == [
        ("choices", "1"),
        ("choices", "3"),
        ("will_come", "1"),
    ]


def test_a_member_ranks_papers_without_javascript(meeting, browser):
    make_ballot(meeting, method="schulze")

    browser.post(url(meeting), {"rank_1": "2", "rank_2": "", "rank_3": "1"})

    assert Slip.objects.get().choices == [3, 1]
    assert re.findall(r'<option value="(\d)" selected', page_of(browser, meeting)) == ["2", "1"]


def test_gaps_in_a_ranking_do_not_matter(meeting, browser):
    make_ballot(meeting, method="runoff")

    browser.post(url(meeting), {"rank_1": "3", "rank_2": "1"})

    assert Slip.objects.get().choices == [2, 1]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"rank_1": "1", "rank_2": "1"}, "Two papers have rank 1."),
        ({"rank_1": "first"}, "A rank is a number"),
        ({"rank_1": "0"}, "A rank is a number"),
        ({}, "Choose at least one paper."),
    ],
)
def test_a_ranking_that_makes_no_sense_is_refused_and_kept(meeting, browser, sent, said):
    make_ballot(meeting, method="runoff")

    response = browser.post(url(meeting), {"rank_3": "2"} | sent if sent else sent)

    assert response.status_code == 422
    page = response.content.decode()
    assert said in page
    assert not Slip.objects.exists()
    if sent:
        assert '<option value="2" selected' in page


def test_a_vote_for_a_paper_that_is_not_there_is_refused(meeting, browser):
    make_ballot(meeting)

    for choice in ("9", "x", "1 "):
        assert browser.post(url(meeting), {"choices": [choice]}).status_code == 422


def test_htmx_gets_the_ballot_alone(meeting, browser):
    make_ballot(meeting)

    response = browser.post(url(meeting), {"choices": ["1"]}, headers=htmx(meeting))

    page = response.content.decode()
    assert page.lstrip().startswith("<section")
    assert "Your vote is recorded." in page


def test_a_vote_is_taken_back_with_a_button(meeting, browser):
    make_ballot(meeting)
    browser.post(url(meeting), {"choices": ["1"]})
    assert "Withdraw my ballot" in page_of(browser, meeting)

    browser.post(url(meeting), {"act": "none"})

    assert not Slip.objects.exists()
    assert "Withdraw my ballot" not in page_of(browser, meeting)


@pytest.mark.parametrize("headers", [{}, None])
def test_a_vote_after_the_close_is_refused_and_shown_again(meeting, browser, headers):
    ballot = make_ballot(meeting)
    ballots.close_ballot(meeting=meeting)

    response = browser.post(
        url(meeting), {"choices": ["2", "3"]}, headers=htmx(meeting) if headers is None else {}
    )

    assert response.status_code == 422
    page = response.content.decode()
    assert "This ballot is closed." in page
    lost = " ".join(page.split()).partition("they were not counted")[2].partition("</ol>")[0]
    for number in (2, 3):
        assert ballot.candidates.get(number=number).nomination.paper.title_html in lost


def test_past_the_deadline_the_page_offers_no_vote(meeting, browser):
    make_ballot(meeting)
    Meeting.objects.update(ballot_closes_at=timezone.now() - timedelta(minutes=1))

    page = page_of(browser, meeting)

    assert 'name="choices"' not in page
    assert "being counted" in page


def test_a_visitor_sees_the_candidates_and_no_form(meeting, client):
    ballot = make_ballot(meeting)

    page = page_of(client, meeting)

    assert ballot.candidates.get(number=2).nomination.paper.title_text in page
    assert 'name="choices"' not in page
    assert "Only members of the group can vote." in page


def test_the_page_says_the_rules(meeting, browser):
    make_ballot(meeting, quorum=5, max_approvals=2, electorate="attended", electorate_meetings=4)
    Meeting.objects.update(ballot_closes_at=timezone.now() + timedelta(days=1))

    page = page_of(browser, meeting)

    assert "Approve up to 2 papers." in page
    assert "the earlier nomination wins" in page
    assert "At least 5 must vote" in page
    assert "at least one of the last 4 meetings" in page
    assert "Hidden until the ballot closes." in page
    assert "in Berlin" in page
    assert "If one of mine wins, I’ll attend" in page


def test_results_are_hidden_until_the_close(meeting, browser, member):
    ballot = make_ballot(meeting)
    vote_of_many(ballot, [[1], [1], [2]])
    make_slip(ballot, member, [1])

    page = page_of(browser, meeting)

    assert "4 voted so far" in page
    assert 'class="tally"' not in page


def test_open_results_show_only_to_those_who_voted(meeting, browser, member):
    ballot = make_ballot(meeting, hides_results=False)
    vote_of_many(ballot, [[1], [1], [2]])
    assert 'class="tally"' not in page_of(browser, meeting)

    make_slip(ballot, member, [1])

    assert page_of(browser, meeting).count('class="tally"') == 3


def test_open_results_of_two_are_shown_to_nobody(meeting, browser, member):
    ballot = make_ballot(meeting, hides_results=False)
    vote_of_many(ballot, [[1]])
    make_slip(ballot, member, [1])

    assert 'class="tally"' not in page_of(browser, meeting)


def test_the_result_says_who_won_and_that_the_tie_rule_decided(meeting, client):
    ballot = make_ballot(meeting)
    vote_of_many(ballot, [[1], [2], [3, 2], [1]])
    ballots.close_ballot(meeting=meeting)

    page = page_of(client, meeting)

    assert "There was a tie." in page
    assert page.count("Chosen") == 1
    assert reverse("groups:ballot_file", args=[meeting.group.slug, meeting.occurs_on]) in page


def test_of_a_runoff_the_rounds_are_shown(meeting, client):
    ballot = make_ballot(meeting, method="runoff")
    vote_of_many(ballot, [[1], [1], [2], [2], [3, 2]])
    ballots.close_ballot(meeting=meeting)

    page = page_of(client, meeting)

    assert "Round 2" in page
    assert ">out<" in page
    assert ">wins<" in page


def test_of_schulze_the_pairs_and_paths_are_shown(meeting, client):
    ballot = make_ballot(meeting, method="schulze")
    vote_of_many(ballot, [[1, 2], [1, 3], [2, 1], [2, 3]])
    ballots.close_ballot(meeting=meeting)

    page = page_of(client, meeting)

    assert "Pairwise comparison" in page
    assert "Strongest paths" in page


def test_of_two_votes_only_what_was_chosen_is_shown(meeting, client):
    ballot = make_ballot(meeting)
    vote_of_many(ballot, [[2], [2, 1]])
    ballots.close_ballot(meeting=meeting)

    page = page_of(client, meeting)

    assert "Fewer than three voted" in page
    assert "Chosen" in page
    assert 'class="tally"' not in page
    assert 'id="count"' not in page


def test_a_member_alone_is_shown_the_key_of_their_ballot(meeting, browser, member, client):
    ballot = make_ballot(meeting)
    vote_of_many(ballot, [[1], [2]])
    key = str(make_slip(ballot, member, [1]).key)
    ballots.close_ballot(meeting=meeting)

    assert key in page_of(browser, meeting)
    assert key not in page_of(client, meeting)


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"quorum": 3}, "Too few voted"), ({"candidates": 0}, "No paper was left on this ballot")],
)
def test_a_ballot_that_chose_nothing_says_why(meeting, client, fields, said):
    make_ballot(meeting, **fields)
    ballots.close_ballot(meeting=meeting)

    assert said in page_of(client, meeting)


def test_a_withdrawn_paper_is_shown_as_withdrawn_and_cannot_be_chosen(meeting, browser):
    ballot = make_ballot(meeting)
    ballot.candidates.filter(number=2).update(withdrawn_at=timezone.now())

    page = page_of(browser, meeting)

    assert "Withdrawn from the ballot" in page
    assert page.count('name="choices"') == 2


def test_before_the_ballot_the_page_says_when_it_opens(meeting, browser):
    Meeting.objects.update(ballot_opens_at=timezone.now() + timedelta(days=2))

    assert "There is no ballot for this meeting yet" in " ".join(page_of(browser, meeting).split())
    assert browser.post(url(meeting), {"choices": ["1"]}).status_code == 422


def test_an_old_address_leads_to_the_true_one(meeting, client):
    former = meeting.occurs_on - timedelta(days=1)
    Meeting.objects.update(former_days=[former])

    response = client.get(reverse("groups:ballot_page", args=[meeting.group.slug, former]))

    assert response.url == url(meeting)


def test_a_closed_group_takes_no_votes(meeting, browser, group):
    make_ballot(meeting)
    type(group).objects.update(closed_at=timezone.now())

    assert browser.post(url(meeting), {"choices": ["1"]}).status_code == 403


def test_voting_too_often_is_slowed_down(meeting, browser):
    make_ballot(meeting)

    codes = [browser.post(url(meeting), {"choices": ["1"]}).status_code for _ in range(30)]

    assert codes[:20] == [302] * 20
    assert 429 in codes


@pytest.mark.parametrize("is_open", [True, False])
def test_a_large_ballot_costs_no_more_queries(meeting, browser, member, count_queries, is_open):
    next_week = make_meeting(meeting.group, day=meeting.day + timedelta(days=7))
    small = make_ballot(meeting, hides_results=False, method="schulze")
    large = make_ballot(next_week, candidates=12, hides_results=False, method="schulze")
    for ballot, number in ((small, 3), (large, 40)):
        make_slip(ballot, member, [1, 2])
        vote_of_many(ballot, [[at % 3 + 1] for at in range(number)])
    if not is_open:
        for each in (meeting, next_week):
            ballots.close_ballot(meeting=each)

    few = count_queries(lambda: page_of(browser, meeting))

    assert count_queries(lambda: page_of(browser, next_week)) == few


def test_hostile_pitches_and_titles_stay_words(meeting, client):
    ballot = make_ballot(meeting)
    nomination = ballot.candidates.get(number=1).nomination
    type(nomination).objects.filter(pk=nomination.pk).update(pitch='"><img src=x onerror=alert(1)>')

    assert "<img src=x" not in page_of(client, meeting)
