"""A member's papers on their profile."""

from __future__ import annotations

import pytest
from django.utils import timezone

from papers import voting
from tests.builders import make_authorship, make_paper, make_user

pytestmark = pytest.mark.django_db


def profile_of(client, member):
    return client.get(member.get_absolute_url()).content.decode()


def test_a_profile_shows_what_its_member_submitted_and_wrote(client):
    member = make_user()
    make_paper(title="Put on the list", submitted_by=member)
    make_authorship(make_paper(title="Their own work"), claimed_by=member)
    make_paper(title="Somebody else's")

    content = profile_of(client, member)

    assert "Put on the list" in content
    assert "Their own work" in content
    assert "Somebody else" not in content


def test_votes_stay_private(client):
    member = make_user()
    voting.cast_vote(paper=make_paper(title="Liked in private"), member=member)

    assert "Liked in private" not in profile_of(client, member)


def test_a_withdrawn_paper_is_not_shown(client):
    member = make_user()
    make_paper(title="Taken back", submitted_by=member, withdrawn_at=timezone.now())

    assert "Taken back" not in profile_of(client, member)


def test_more_papers_cost_no_more_queries(client, count_queries):
    member = make_user()
    make_authorship(make_paper(submitted_by=member), claimed_by=member)
    few = count_queries(lambda: profile_of(client, member))
    for _ in range(10):
        make_authorship(make_paper(submitted_by=member), claimed_by=member)

    assert count_queries(lambda: profile_of(client, member)) == few
