"""The exported ballot: anybody counts it again, and nobody is named in it."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from groups.ballots import ballot_file, ballots, counting, nominations
from groups.models import Slip
from tests.groups.builders import make_ballot, make_meeting, make_membership
from tests.groups.conftest import client_for

pytestmark = pytest.mark.django_db


def closed(meeting, votes=((1, 2), (2,), (3, 2)), **fields):
    """Make a ballot with a withdrawn candidate, cast votes on it, and close it."""
    ballot = make_ballot(meeting, candidates=4, **fields)
    for choices in votes:
        voter = make_membership(meeting.group).member
        ballots.cast(ballot_id=ballot.pk, member=voter, choices=choices)
    gone = ballot.candidates.get(number=4).nomination
    nominations.withdraw(nomination_id=gone.pk, by=gone.nominated_by)
    ballots.close_ballot(meeting=meeting)
    return ballot


def url(meeting):
    return reverse("groups:ballot_file", args=[meeting.group.slug, meeting.occurs_on])


def fetched(meeting, client):
    return json.loads(client.get(url(meeting)).content)


@pytest.mark.parametrize("method", counting.TIE_RULES)
def test_the_count_is_made_again_from_the_file(meeting, client, method):
    ballot = closed(meeting, method=method)

    file = fetched(meeting, client)

    ballot.refresh_from_db()
    assert ballot_file.recount(file).as_json() == file["count"] == ballot.count
    assert file["winner"] == 2


def test_the_file_names_no_voter_and_no_moment(meeting, client):
    closed(meeting)

    file = fetched(meeting, client)

    assert {key for slip in file["slips"] for key in slip} == {"key", "choices"}
    text = json.dumps(file)
    assert not [
        slip
        for slip in Slip.objects.select_related("member")
        if slip.member.username in text or slip.member.email in text
    ]


def test_slips_are_listed_by_their_random_keys(meeting, client):
    closed(meeting, votes=[(1,)] * 9)

    keys = [slip["key"] for slip in fetched(meeting, client)["slips"]]

    assert keys == sorted(keys)


def test_it_says_the_rules_and_what_was_withdrawn(meeting, client):
    closed(meeting, method="runoff", quorum=2)

    file = fetched(meeting, client)

    assert file["rules"]["method"] == "runoff"
    assert file["rules"]["quorum"] == 2
    assert "latest nomination is eliminated first" in file["rules"]["tie"]
    assert [each["withdrawn"] for each in file["candidates"]] == [False] * 3 + [True]


def test_of_two_voters_neither_slips_nor_count_are_given(meeting, client):
    closed(meeting, votes=[(1,), (1, 2)])

    file = fetched(meeting, client)

    assert (file["slips"], file["count"], file["winner"]) == (None, None, 1)
    with pytest.raises(ballot_file.BallotFileError, match="Fewer than three"):
        ballot_file.recount(file)


def test_an_open_ballot_has_no_file(meeting, owner_client):
    make_ballot(meeting)

    assert owner_client.get(url(meeting)).status_code == 404


def test_a_private_groups_file_is_for_its_members(private_group, owner, outsider_client, client):
    meeting = make_meeting(private_group)
    closed(meeting)

    assert client_for(owner).get(url(meeting)).status_code == 200
    assert outsider_client.get(url(meeting)).status_code == 404
    assert client.get(url(meeting)).status_code == 404


def lying(**changes):
    file = {
        "format": "octavo-ballot",
        "version": 1,
        "rules": {"method": "approval"},
        "candidates": [{"number": 1, "withdrawn": False}, {"number": 2, "withdrawn": False}],
        "slips": [{"key": "a", "choices": [1]}, {"key": "b", "choices": [2]}],
    }
    return file | changes


def test_a_plain_file_is_counted():
    assert ballot_file.recount(lying()).winner == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": "other"}, "not a ballot file"),
        ({"version": 2}, "not a ballot file"),
        ({"rules": {}}, "incomplete"),
        ({"rules": {"method": "dice"}}, "voting method"),
        ({"slips": [{"key": "a"}]}, "incomplete"),
        ({"slips": [{"key": "a", "choices": ["1"]}]}, "incomplete"),
        ({"slips": [{"key": "a", "choices": [True]}]}, "incomplete"),
        ({"slips": [{"key": "a", "choices": 1}]}, "incomplete"),
        ({"slips": 3}, "incomplete"),
        ({"slips": [{"key": "a", "choices": [3]}]}, "not on the list"),
        ({"slips": [{"key": "a", "choices": [1]}, {"key": "a", "choices": [1]}]}, "twice"),
        ({"candidates": [{"number": 1, "withdrawn": False}] * 2}, "twice"),
    ],
)
def test_a_file_that_lies_about_its_shape_is_refused(changes, said):
    file = lying(**changes)
    if "candidates" in changes:
        file["slips"] = []

    with pytest.raises(ballot_file.BallotFileError, match=said):
        ballot_file.recount(file)
