"""Papers that arXiv does not have: an OpenReview submission and a DOI, from end to end."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from papers.models import Paper
from papers.submitting import SubmissionError, submit
from tests.builders import PASSWORD, make_paper, make_user
from tests.discussions.builders import make_comment
from tests.groups.builders import make_group, make_meeting
from tests.replay.faults import Fault

pytestmark = pytest.mark.django_db

DOI = "10.1145/3292500.3330701"
FORUM = "Hk-Fold01"
PASTED = {DOI: f"https://doi.org/{DOI.upper()}", FORUM: f"https://openreview.net/forum?id={FORUM}"}


@pytest.fixture
def services(feed):
    feed.serve(f"works_{DOI.replace('/', '_')}.json", "crossref_work.json")
    feed.serve(f"notes_{FORUM}.json", "openreview_forum.json")
    return feed


@pytest.fixture(params=[DOI, FORUM])
def paper(request, services, member):
    return submit(text=PASTED[request.param], member=member).paper


def read(client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, response
    return response.content.decode()


def test_it_is_submitted_by_its_address(services, client, member):
    client.force_login(member)

    response = client.post("/papers/submit", {"text": PASTED[DOI]})

    paper = Paper.objects.get()
    assert response.url == f"/papers/doi/{DOI}"
    assert (paper.source, paper.doi, paper.submitted_by) == ("doi", DOI, member)
    assert paper.announced_on == timezone.now().date()
    assert not submit(text=f"doi:{DOI}", member=make_user()).created


def test_it_is_shown_with_where_it_appeared_and_where_it_is(paper, client):
    page = read(client, paper.get_absolute_url())

    assert paper.venue in page
    assert f'href="{paper.source_url}"' in page
    assert "arxiv.org" not in page


def test_it_stands_on_its_day_and_is_voted_for_saved_and_talked_about(paper, client, member):
    client.force_login(member)

    for act, data in [("vote", {"vote": "up"}), ("save", {"save": "yes"})]:
        url = f"{paper.get_absolute_url()}/{act}"
        assert url in read(client, "/papers")
        assert client.post(url, data).status_code == 302
    said = {"text": "Read it twice.", "key": str(uuid4())}
    response = client.post(f"{paper.get_absolute_url()}/comments", said)

    assert response.url.startswith(f"{paper.get_absolute_url()}?comment=")
    assert "Read it twice." in read(client, paper.get_absolute_url())
    assert paper.title_html in read(client, "/saved")
    assert paper.get_absolute_url() in read(client, f"/threads/{paper.thread.pk}.atom")
    assert paper.get_absolute_url() in read(client, "/comments")


def test_a_visitor_s_vote_is_cast_after_signing_in(paper, client):
    voter = make_user("Voter")

    client.post(
        "/sign-in",
        {"login": "Voter", "password": PASSWORD, "next": f"{paper.get_absolute_url()}/vote"},
    )

    assert paper.upvotes.filter(member=voter).exists()


def test_it_is_nominated_read_and_exported(paper, client, member):
    group = make_group("folders", owner=member)
    client.force_login(member)

    client.post("/groups/folders/nominations/new", {"paper": PASTED[paper.external_id]})
    assert group.nominations.get().paper == paper
    assert paper.title_html in read(client, "/groups/folders/nominations")
    make_meeting(group, paper=paper)

    assert "Folders" in read(client, paper.get_absolute_url())
    exported = json.loads(read(client, "/groups/folders/export.json"))
    assert exported["nominations"][0]["paper"]["id"] == paper.external_id
    assert paper.source_url in read(client, "/groups/folders/export.md")
    bibtex = read(client, "/groups/folders/bibliography.bib")
    assert "@inproceedings{" in bibtex
    assert "eprint" not in bibtex
    ris = read(client, "/groups/folders/bibliography.ris")
    assert "TY  - CPAPER" in ris
    assert f"T2  - {paper.venue}" in ris
    assert f"UR  - {paper.source_url}" in ris


def test_a_doi_leads_to_the_arxiv_paper_that_has_it(client):
    paper = make_paper(doi=DOI)

    for doi in (DOI, f"10.48550/arXiv.{paper.external_id}"):
        response = client.get(f"/papers/doi/{doi}")
        assert (response.status_code, response.url) == (302, paper.get_absolute_url())


def test_a_doi_that_was_talked_about_keeps_its_page(services, client, member):
    paper = submit(text=DOI, member=member).paper
    make_paper(doi=DOI)
    assert client.get(paper.get_absolute_url()).status_code == 302

    make_comment(paper=paper)

    assert client.get(paper.get_absolute_url()).status_code == 200


def refused(text: str, member) -> str:
    with pytest.raises(SubmissionError) as refusal:
        submit(text=text, member=member)
    assert not Paper.objects.exists()
    return str(refusal.value)


def test_a_doi_that_nobody_knows_is_refused(feed, member):
    assert refused("10.1145/nothing", member).startswith(
        "arXiv and Crossref have no paper with the DOI 10.1145/nothing."
    )


def test_a_forum_that_openreview_does_not_know_is_refused(feed, member):
    assert "no public paper with the id Hk-None" in refused(
        "openreview.net/forum?id=Hk-None", member
    )


@pytest.mark.parametrize("name", [DOI, FORUM])
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault.AWAY, "not available right now"),
        (Fault.RESET, "not available right now"),
        (Fault.PAGE, "sent an answer that we could not read"),
        (Fault.CUT, "sent an answer that we could not read"),
    ],
)
def test_what_goes_wrong_is_said_and_can_be_tried_again(services, member, name, fault, words):
    services.fail(fault)

    assert words in refused(PASTED[name], member)
    assert submit(text=PASTED[name], member=member).created


@pytest.mark.parametrize("name", [DOI, FORUM])
def test_a_service_that_refuses_is_named(services, member, name):
    services.server.refuses = True

    assert "does not show us this paper" in refused(PASTED[name], member)
    services.server.refuses = False
    assert submit(text=PASTED[name], member=member).created


def import_venue(venue: str) -> str:
    out = StringIO()
    call_command("import_papers", venue=venue, stdout=out)
    return out.getvalue()


def test_a_venue_is_imported_page_by_page(feed):
    feed.serve("notes_ICLR.cc_2024_Conference_0.json", "openreview_venue.json")
    feed.serve("notes_ICLR.cc_2024_Conference_3.json", "openreview_venue_2.json")

    summary = import_venue("ICLR.cc/2024/Conference")

    assert summary.split() == ["created", "2", "updated", "0", "unchanged", "0", "skipped", "2"]
    assert set(Paper.objects.values_list("external_id", flat=True)) == {"Hk-Fold01", "Hk-Fold04"}
    assert Paper.objects.filter(announced_on=date.today()).count() == 0
    assert "unchanged 2" in " ".join(import_venue("ICLR.cc/2024/Conference").split())


def test_a_venue_that_stops_half_way_says_so_and_keeps_what_came(feed):
    feed.serve("notes_ICLR.cc_2024_Conference_0.json", "openreview_venue.json")

    with pytest.raises(CommandError, match=r"3 papers were read before; run it again"):
        import_venue("ICLR.cc/2024/Conference")

    assert Paper.objects.get().external_id == "Hk-Fold01"


def test_a_venue_without_papers_is_refused(feed):
    (feed.folder / "notes_None_0.json").write_text('{"notes": [], "count": 0}')

    with pytest.raises(CommandError, match="no papers of the venue None"):
        import_venue("None")
