from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import timezone

from common.pacing import postpone
from papers import submitting
from papers.models import Paper
from papers.submitting import SubmissionError, submit
from tests.builders import make_paper, make_user
from tests.papers.conftest import entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(feed):
    feed.save(date(2026, 11, 17), entry("2611.00001", title="Found"))
    return feed


@pytest.mark.parametrize(
    "text",
    [
        "2611.00001",
        "arXiv:2611.00001v2",
        "https://arxiv.org/pdf/2611.00001v1",
        "https://huggingface.co/papers/2611.00001",
        "10.48550/arXiv.2611.00001",
    ],
)
def test_a_paper_is_found_by_whatever_names_it(known, member, text):
    submitted = submit(text=text, member=member)

    assert submitted.created
    assert submitted.paper.title == "Found"


def test_a_new_paper_stands_on_today_s_list_under_its_submitter(known, member):
    paper = submit(text="2611.00001", member=member).paper

    assert paper.announced_on == timezone.now().date()
    assert paper.submitted_by == member


def test_the_page_of_a_missing_paper_adds_it(known, member_client):
    missing = member_client.get("/papers/2611.00001").content.decode()
    text = re.search(r'name="text" value="([^"]+)"', missing)[1]

    response = member_client.post("/papers/submit", {"text": text})

    assert response.url == "/papers/2611.00001"
    assert "Found" in member_client.get(response.url).content.decode()


def test_a_paper_that_is_here_is_led_to_without_asking_arxiv(feed, member):
    paper = make_paper("2611.00001")

    submitted = submit(text="2611.00001v3", member=member)

    assert (submitted.paper, submitted.created) == (paper, False)
    assert not feed.answers
    paper.refresh_from_db()
    assert paper.submitted_by is None


def test_the_first_submitter_stays(known, member):
    submit(text="2611.00001", member=member)

    submitted = submit(text="2611.00001", member=make_user())

    assert not submitted.created
    assert submitted.paper.submitted_by == member


def test_a_doi_of_a_known_paper_leads_to_it(member):
    paper = make_paper(doi="10.1145/3292500.3330701")

    assert submit(text="https://doi.org/10.1145/3292500.3330701", member=member).paper == paper


def test_a_doi_does_not_lead_to_another_paper_of_its_issue(feed, member):
    make_paper(doi="10.1002/(sici)1099-1727(199821)14:1<25::aid-sdr139>3.0.co;2-a")
    doi = "10.1002/(SICI)1099-1727(199821)14:1<3::AID-SDR140>3.0.CO;2-K"

    with pytest.raises(SubmissionError, match="arXiv and Crossref have no paper"):
        submit(text=doi, member=member)


def refused(text: str, member) -> str:
    with pytest.raises(SubmissionError) as refusal:
        submit(text=text, member=member)
    assert not Paper.objects.exists()
    return str(refusal.value)


def test_text_without_identifier_is_refused(member):
    assert (
        refused("a paper on whales", member)
        == "There is no arXiv id, DOI or OpenReview link in this text."
    )


def test_a_paper_that_arxiv_does_not_know_is_refused(feed, member):
    assert refused("2611.00099", member).startswith("arXiv has no paper 2611.00099.")


def test_a_withdrawn_paper_is_refused(feed, member):
    words = "This paper has been withdrawn by the authors."
    feed.save(date(2026, 11, 17), entry("2611.00001", summary=words))

    assert "withdrew" in refused("2611.00001", member)


def test_arxiv_being_away_is_said(feed, settings, member):
    settings.ARXIV_API_URL = "http://127.0.0.1:9/api/query"

    assert "not available right now" in refused("2611.00001", member)


def test_nobody_waits_long_for_a_turn_at_arxiv(known, member, monkeypatch):
    monkeypatch.setattr(submitting, "SECONDS_FOR_A_TURN", 0.2)
    postpone("arxiv", 30)

    assert "Try again in a minute" in refused("2611.00001", member)
    assert not known.answers


@pytest.mark.django_db
def test_a_visitor_who_wants_to_submit_is_told_what_the_sign_in_is_for(client):
    page = client.get("/papers/submit", follow=True).content.decode()

    assert "Sign in to submit a paper. You come back to the form." in page
