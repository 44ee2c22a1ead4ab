from __future__ import annotations

import pytest
from django.urls import reverse

from papers.models import Author, ImportRun, Organization, Paper, PaperTally, Topic, Upvote
from tests.builders import make_authorship, make_organization, make_paper, make_user, make_vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator_client(client):
    client.force_login(make_user("operator", is_staff=True, is_superuser=True))
    return client


def make_run(**fields) -> ImportRun:
    fields = {
        "source": "huggingface",
        "day": "2026-11-17",
        "state": "dead",
        "error": "Hugging Face sent a web page instead of data.",
        "skipped": [{"entry": "<b>odd</b>", "reason": "has no title"}],
    } | fields
    return ImportRun.objects.create(**fields)


@pytest.mark.parametrize("model", [Paper, PaperTally, Author, Organization, Topic, Upvote])
def test_an_operator_looks_at_everything_and_changes_nothing(operator_client, model):
    paper = make_paper(organization=make_organization())
    make_authorship(paper)
    vote = make_vote(paper)
    name = model._meta.model_name
    page = operator_client.get(reverse(f"admin:papers_{name}_changelist"), {"q": "a"})
    assert page.status_code == 200

    row = {PaperTally: paper.tally, Upvote: vote}.get(model) or model.objects.first()
    shown = operator_client.get(reverse(f"admin:papers_{name}_change", args=[row.pk]))
    assert shown.status_code == 200
    assert b'name="_save"' not in shown.content
    assert operator_client.get(reverse(f"admin:papers_{name}_add")).status_code == 403


def test_a_long_list_of_papers_costs_no_more_queries(operator_client, count_queries):
    url = reverse("admin:papers_paper_changelist")
    make_paper(organization=make_organization())
    short = count_queries(lambda: operator_client.get(url))

    for number in range(8):
        make_paper(organization=make_organization(f"lab{number}"))
    assert count_queries(lambda: operator_client.get(url)) == short


def test_runs_are_listed_with_what_went_wrong(operator_client):
    run = make_run()

    page = operator_client.get(reverse("admin:papers_importrun_changelist"), {"state": "dead"})
    assert b"a web page instead" in page.content

    shown = operator_client.get(reverse("admin:papers_importrun_change", args=[run.pk]))
    assert b"&lt;b&gt;odd&lt;/b&gt;: has no title" in shown.content


def run_again(client, *runs: ImportRun):
    data = {"action": "run_again", "_selected_action": [run.pk for run in runs]}
    return client.post(reverse("admin:papers_importrun_changelist"), data, follow=True)


def test_a_dead_run_can_be_run_again(operator_client):
    run = make_run()

    page = run_again(operator_client, run)

    run.refresh_from_db()
    assert (run.state, run.error, run.attempts) == ("waiting", "", 0)
    assert b"1 imports will run again" in page.content


def test_staff_without_the_right_cannot_run_again(client):
    client.force_login(make_user("helper", is_staff=True))
    run = make_run()

    assert run_again(client, run).status_code == 403
    run.refresh_from_db()
    assert run.state == "dead"
