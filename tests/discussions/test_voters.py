"""Who voted for a paper: beside the vote, and on a page of their own."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from discussions.models import Block
from papers import voters, voting
from tests.builders import make_paper, make_user, make_vote

pytestmark = pytest.mark.django_db


def page_of(client, paper):
    return client.get(paper.get_absolute_url()).content.decode()


def list_of(client, paper, **asked):
    return client.get(f"{paper.get_absolute_url()}/voters", asked)


def row_of(page):
    """Return the voters beside the vote, "" where there are none."""
    return page.partition('<ul class="voters"')[2].partition("</ul>")[0]


def vote(paper, **fields):
    member = make_user(**fields)
    voting.cast_vote(paper=paper, member=member)
    return member


def test_the_latest_eight_voters_are_shown_and_the_others_counted(client):
    paper = make_paper()
    members = [vote(paper, full_name=f"Voter {number}") for number in range(10)]

    row = row_of(page_of(client, paper))

    names = [member.full_name for member in reversed(members)]
    assert [name for name in names if f">{name}</span>" in row] == names[:8]
    assert row.index(names[0]) < row.index(names[1])
    assert "+2<span" in row


def test_a_paper_without_votes_has_no_voters(client):
    assert row_of(page_of(client, make_paper())) == ""


HIDDEN = [
    {"shows_votes": False},
    {"is_active": False},
    {"is_active": False, "closed_at": timezone.now()},
]


@pytest.mark.parametrize("fields", HIDDEN)
def test_who_hides_their_votes_or_left_is_counted_and_not_named(client, fields):
    paper = make_paper()
    vote(paper, full_name="Shown")
    hidden = vote(paper, full_name="Hidden One")
    type(hidden).objects.filter(pk=hidden.pk).update(**fields)

    row, page = row_of(page_of(client, paper)), list_of(client, paper).content.decode()

    assert "Shown" in row
    assert "+1<span" in row
    assert "Hidden One" not in row + page
    assert "1 more" in " ".join(page.split())


def test_a_voided_vote_names_nobody(client):
    paper = make_paper()
    make_vote(paper, make_user(full_name="Sock"), voided_at=timezone.now(), void_reason="A sock.")

    assert "Sock" not in list_of(client, paper).content.decode()


@pytest.mark.parametrize("is_mine", [True, False])
def test_members_kept_apart_do_not_see_each_other_among_the_voters(member, member_client, is_mine):
    paper = make_paper()
    other = vote(paper, full_name="Kept Apart")
    pair = (member, other) if is_mine else (other, member)
    Block.objects.create(member=pair[0], blocked=pair[1])

    page = page_of(member_client, paper) + list_of(member_client, paper).content.decode()

    assert "Kept Apart" not in page
    assert "Kept Apart" in page_of(Client(), paper)


def test_a_visitor_sees_a_vote_hidden_or_shown_again_at_once(client):
    paper = make_paper()
    member = vote(paper, full_name="Ada Lovelace")
    for shows in (True, False, True):
        type(member).objects.filter(pk=member.pk).update(shows_votes=shows)
        assert ("Ada Lovelace" in page_of(client, paper)) == shows


def test_a_visitor_sees_who_voted_instead_at_once(client):
    paper, first = make_paper(), make_user(full_name="First Voter")
    voting.cast_vote(paper=paper, member=first)
    page_of(client, paper)

    voting.remove_vote(paper=paper, member=first)
    vote(paper, full_name="Second Voter")

    row = row_of(page_of(client, paper))
    assert "Second Voter" in row
    assert "First Voter" not in row


def test_a_list_of_many_voters_has_pages(client, monkeypatch):
    monkeypatch.setattr(voters, "PAGE_SIZE", 3)
    paper = make_paper()
    members = [vote(paper, full_name=f"Voter {number}") for number in range(5)]

    first, second = (list_of(client, paper, page=number).content.decode() for number in (1, 2))

    assert [each for each in members if each.full_name in first] == members[2:]
    assert [each for each in members if each.full_name in second] == members[:2]
    assert "?page=2" in first


@pytest.mark.parametrize("number", ["2", "0", "x", "99999"])
def test_a_page_of_voters_that_there_is_not_is_not_found(client, number):
    assert list_of(client, make_paper(), page=number).status_code == 404


def test_a_paper_that_is_not_here_has_no_voters(client):
    assert client.get("/papers/2401.99999/voters").status_code == 404


def test_more_voters_cost_no_more_queries(member_client, count_queries):
    paper = make_paper()
    vote(paper)
    few = [count_queries(lambda: page_of(member_client, paper))]
    few += [count_queries(lambda: list_of(member_client, paper))]
    for _ in range(12):
        vote(paper)

    assert count_queries(lambda: page_of(member_client, paper)) <= few[0]
    assert count_queries(lambda: list_of(member_client, paper)) == few[1]


def test_a_member_hides_their_votes_in_the_settings(client, member, member_client):
    paper = make_paper()
    voting.cast_vote(paper=paper, member=member)
    fields = {"full_name": "", "biography": "", "links": "", "orcid": ""}
    assert f"@{member.username}" in page_of(client, paper)

    member_client.post("/settings/profile", fields)

    member.refresh_from_db()
    assert member.shows_votes is False
    assert f"@{member.username}" not in row_of(page_of(client, paper))
    member_client.post("/settings/profile", fields | {"shows_votes": "on"})
    member.refresh_from_db()
    assert member.shows_votes is True
