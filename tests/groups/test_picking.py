"""What an organiser picks alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from common.refusals import Refused
from discussions.models import Notification
from groups.ballots import ballots, picking
from groups.models import LogEntry, Meeting, MeetingPaper, Nomination, Notice
from tests.builders import make_paper
from tests.groups.builders import (
    make_ballot,
    make_group,
    make_meeting,
    make_membership,
    make_nomination,
    make_slip,
)

pytestmark = pytest.mark.django_db


def url(meeting):
    return reverse("groups:ballot_pick", args=[meeting.group.slug, meeting.occurs_on])


def pick(meeting, owner, **what):
    return picking.pick(meeting=meeting, by=owner, **{"reason": "It is short."} | what)


def read_by(meeting):
    return list(MeetingPaper.objects.filter(meeting=meeting).values_list("paper", flat=True))


def test_a_nomination_is_picked_and_leaves_the_list(meeting, owner, group):
    nomination = make_nomination(group)

    pick(meeting, owner, paper=nomination.paper)

    nomination.refresh_from_db()
    assert nomination.state == "chosen"
    assert read_by(meeting) == [nomination.paper_id]


def test_any_paper_may_be_picked(meeting, owner):
    paper = make_paper()

    pick(meeting, owner, paper=paper)

    assert read_by(meeting) == [paper.pk]


def test_the_reason_is_logged_and_members_are_told(meeting, owner, group):
    member = make_membership(group).member
    paper = make_paper()

    pick(meeting, owner, paper=paper)

    entry = LogEntry.objects.get(kind="picked")
    assert (entry.actor, entry.detail) == (owner, {"paper": paper.pk, "reason": "It is short."})
    assert paper.title_text in Notification.objects.get(recipient=member).summary


def test_no_ballot_opens_for_what_is_picked(meeting, owner):
    Meeting.objects.update(ballot_opens_at=timezone.now() + timedelta(days=1))

    pick(meeting, owner, paper=make_paper())

    meeting.refresh_from_db()
    assert (meeting.choice, meeting.ballot_opens_at) == ("organiser", None)
    assert meeting.due_at == meeting.starts_at


def test_a_ballot_that_chose_nothing_is_made_good(meeting, owner):
    ballot = make_ballot(meeting, quorum=5)
    ballots.close_ballot(meeting=meeting)
    nomination = ballot.candidates.get(number=2).nomination

    pick(meeting, owner, paper=nomination.paper)

    assert read_by(meeting) == [nomination.paper_id]


def test_what_the_members_chose_stands_again_when_another_is_picked(meeting, owner):
    ballot = make_ballot(meeting)
    make_slip(ballot, owner, [2])
    winner = ballots.close_ballot(meeting=meeting).winner.nomination
    picking.set_paper(meeting=meeting, paper=winner.paper)

    pick(meeting, owner, paper=make_paper())

    winner.refresh_from_db()
    assert (winner.state, winner.ended_at) == ("standing", None)
    assert len(read_by(meeting)) == 1


def test_picking_the_same_again_changes_nothing_but_the_log(meeting, owner, group):
    nomination = make_nomination(group)

    for _ in range(2):
        pick(meeting, owner, paper=nomination.paper)

    nomination.refresh_from_db()
    assert nomination.state == "chosen"
    assert read_by(meeting) == [nomination.paper_id]
    assert Notice.objects.filter(kind="picked").count() == 1


def test_what_is_picked_again_after_another_is_told_again(meeting, owner):
    first, second = make_paper(), make_paper()
    for paper in (first, second, first):
        pick(meeting, owner, paper=paper)

    assert Notice.objects.filter(kind="picked").count() == 3


def test_what_is_picked_is_struck_from_another_meetings_ballot(meeting, owner, group):
    later = make_meeting(group, day=meeting.day + timedelta(days=7))
    candidate = make_ballot(later).candidates.get(number=1)

    pick(meeting, owner, paper=candidate.nomination.paper)

    candidate.refresh_from_db()
    assert candidate.withdrawn_at is not None


def test_nothing_is_picked_while_the_ballot_is_open(meeting, owner):
    make_ballot(meeting)

    with pytest.raises(Refused, match="The ballot is open"):
        pick(meeting, owner, paper=make_paper())


@pytest.mark.parametrize("phase", ["held", "cancelled", "skipped"])
def test_nothing_is_picked_for_a_meeting_that_is_over(meeting, owner, phase):
    Meeting.objects.update(phase=phase, due_at=None)

    with pytest.raises(Refused, match="over or cancelled"):
        pick(meeting, owner, paper=make_paper())


def test_a_paper_withdrawn_from_arxiv_is_not_picked(meeting, owner):
    with pytest.raises(Refused, match="withdrawn"):
        pick(meeting, owner, paper=make_paper(withdrawn_at=timezone.now()))


def test_an_organiser_picks_on_the_page(meeting, owner_client, group):
    nomination = make_nomination(group)
    assert nomination.paper.title_text in owner_client.get(url(meeting)).content.decode()

    response = owner_client.post(
        url(meeting), {"nomination": nomination.pk, "reason": "We promised it."}
    )

    assert response.url == meeting.get_absolute_url()
    assert read_by(meeting) == [nomination.paper_id]


def test_an_organiser_picks_a_paper_by_its_id(meeting, owner_client):
    paper = make_paper("2401.12345")

    owner_client.post(url(meeting), {"paper": "arxiv.org/abs/2401.12345", "reason": "Short."})

    assert read_by(meeting) == [paper.pk]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"paper": "2401.12345"}, "Say why"),
        ({"reason": "Keep this."}, "Choose a nomination, or give another paper."),
        ({"paper": "2401.54321", "reason": "Keep this."}, "not on this site yet"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_kept(meeting, owner_client, sent, said):
    make_paper("2401.12345")

    response = owner_client.post(url(meeting), sent)

    assert response.status_code == 422
    page = response.content.decode()
    assert said in page
    for typed in sent.values():
        assert typed in page


def test_a_nomination_of_another_group_cannot_be_picked(meeting, owner_client):
    other = make_nomination(make_group())

    sent = {"nomination": other.pk, "reason": "Why not."}

    assert owner_client.post(url(meeting), sent).status_code == 404
    assert Nomination.objects.get().state == "standing"


def test_the_ballots_page_says_that_an_organiser_picked(meeting, owner, client):
    make_ballot(meeting)
    ballots.close_ballot(meeting=meeting)
    pick(meeting, owner, paper=make_paper(), reason="The ballot chose nothing.")

    page = client.get(
        reverse("groups:ballot_page", args=[meeting.group.slug, meeting.occurs_on])
    ).content.decode()

    assert "The ballot chose nothing." in page


def test_what_is_nominated_anew_at_the_moment_it_is_replaced_stays_chosen(
    meeting, owner, group, monkeypatch
):
    chosen = make_nomination(group, state="chosen")
    picking.set_paper(meeting=meeting, paper=chosen.paper)
    save = Nomination.save

    def save_late(nomination, **options):
        Nomination.objects.bulk_create([Nomination(group=group, paper=chosen.paper)])
        save(nomination, **options)

    monkeypatch.setattr(Nomination, "save", save_late)
    other = pick(meeting, owner, paper=make_paper())

    assert read_by(meeting) == [other.pk]
    chosen.refresh_from_db()
    assert chosen.state == "chosen"
