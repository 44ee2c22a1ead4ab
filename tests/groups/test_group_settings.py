"""Setting a group up, what that changes of meetings to come, and closing it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from common.refusals import Refused
from common.rendered_text import render_stale
from discussions.models import Notification
from groups.cycle import sweeping
from groups.founding import founding
from groups.models import Cycle, Group, LogEntry, Meeting, Membership, Rsvp, SeatKind
from groups.settings import changing
from groups.settings.forms import CycleForm, GroupForm
from papers.models import Topic
from tests.builders import make_paper, make_user
from tests.groups.builders import make_group, make_meeting, make_membership, make_rsvp
from tests.groups.conftest import client_for
from tests.groups.cycle_builders import make_due_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle(group):
    return Cycle.objects.get(group=group)


def typed(form, **changed):
    """Return what a browser sends of a form that was left as it is, but for some fields."""
    values = {field.name: field.value() for field in form}
    sent = {
        name: value for name, value in values.items() if value is not None and value is not False
    }
    return {name: "on" if value is True else value for name, value in sent.items()} | changed


def save(client, group, **changed):
    form = GroupForm(group=Group.objects.get(pk=group.pk))
    return client.post(reverse("groups:group_settings", args=[group.slug]), typed(form, **changed))


def save_cycle(client, group, **changed):
    form = CycleForm(cycle=Cycle.objects.get(group=group))
    return client.post(reverse("groups:cycle_settings", args=[group.slug]), typed(form, **changed))


def test_texts_are_rendered_as_comments_are(group, owner_client):
    save(owner_client, group, description="**Hi** <script>x</script>", rules="Be kind.")

    group.refresh_from_db()
    assert "<strong>Hi</strong>" in group.description_html
    assert "<script" not in group.description_html
    page = owner_client.get(f"/groups/{group.slug}/about").content.decode()
    assert "<strong>Hi</strong>" in page
    assert "<p>Be kind.</p>" in page


def test_saving_what_is_there_changes_nothing(group, owner_client):
    assert save(owner_client, group).status_code == 302

    assert not LogEntry.objects.exists()


def test_topics_are_found_by_code_and_by_name(group, owner_client):
    Topic.objects.bulk_create(
        [
            Topic(code="cs.LG", name="Machine Learning"),
            Topic(code="cs.DC", name="Distributed, Parallel, and Cluster Computing"),
        ],
        ignore_conflicts=True,
    )
    lines = "CS.lg\ndistributed, parallel, and cluster computing"

    save(owner_client, group, topics=lines)

    assert {topic.code for topic in group.topics.all()} == {"cs.LG", "cs.DC"}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"topics": "astrology"}, "There is no topic “astrology”"),
        ({"description": "x" * 10_001}, "10,000"),
        ({"join_url": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"join_url": "ftp://example.org/x"}, "must begin with https://"),
        ({"capacity": "0"}, "greater than or equal to 1"),
        ({"survey_question": " "}, "This field is required"),
    ],
)
def test_what_cannot_be_saved_is_said_and_kept(group, owner_client, changed, words):
    response = save(owner_client, group, **{"summary": "Of whales."} | changed)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert "Of whales." in response.content.decode()
    group.refresh_from_db()
    assert group.summary == ""


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("private", "public", "Everyone will be able to read"),
        ("private", "unlisted", "Everyone will be able to read"),
        ("public", "private", "Only members will be able to read"),
        ("unlisted", "public", "Everyone will be able to find"),
        ("public", "unlisted", "no longer be listed"),
    ],
)
def test_another_visibility_is_asked_for_twice(before, after, words, owner, owner_client):
    group = make_group("changers", owner=owner, visibility=before)
    first = save(owner_client, group, visibility=after)
    assert first.status_code == 422
    assert words in first.content.decode()
    assert Group.objects.get().visibility == before

    assert f'name="confirmed" value="{after}"' in first.content.decode()
    save(owner_client, group, visibility=after, confirmed=after)

    assert Group.objects.get().visibility == after


def test_members_are_told_who_sees_the_group_now(group, owner):
    member = make_membership(group).member

    changing.change_group(group=group, by=owner, visibility="private")

    assert "is now private" in member.notifications.get().summary


def test_a_group_that_turns_private_is_joined_by_invitation(group, owner_client):
    save(owner_client, group, visibility="private", confirmed="private")

    group.refresh_from_db()
    assert (group.visibility, group.joining) == ("private", "invitation")


def test_another_capacity_gives_places_to_who_waits(group, owner):
    group.capacity = 1
    group.save()
    meeting = make_meeting(group)
    first, second = make_membership(group).member, make_membership(group).member
    Rsvp.objects.create(meeting=meeting, member=first, answer="going")
    waiting = Rsvp.objects.create(meeting=meeting, member=second, answer="going", is_waiting=True)

    changing.change_group(group=group, by=owner, capacity=2)

    waiting.refresh_from_db()
    assert not waiting.is_waiting


def test_a_smaller_capacity_says_who_loses_a_place_before_it_does(group, owner_client):
    meeting = make_meeting(group)
    for _ in range(3):
        make_rsvp(meeting)

    asked = save(owner_client, group, capacity="1")
    assert (asked.status_code, Group.objects.get().capacity) == (422, None)
    assert "2 places already taken at upcoming meetings" in asked.content.decode()
    read = asked.context["form"].data["confirmed_capacity"]
    assert save(owner_client, group, capacity="1", confirmed_capacity=read).status_code == 302
    meeting.refresh_from_db()
    assert meeting.going_count == 1


def test_only_who_runs_the_group_changes_it(group):
    member = make_membership(group).member

    with pytest.raises(Refused):
        changing.change_group(group=group, by=member, name="Mine")
    with pytest.raises(Refused):
        changing.change_cycle(group=group, by=member, quorum=2)


def test_another_cycle_moves_what_is_due_for_meetings_to_come(group, owner_client):
    meeting = make_meeting(group)
    held = make_meeting(group, day=meeting.day - timedelta(days=14), phase="held")

    response = save_cycle(owner_client, group, ballot_closes_days="3", ballot_closes_hours="12")

    meeting.refresh_from_db()
    held.refresh_from_db()
    assert meeting.starts_at - meeting.ballot_closes_at == timedelta(days=3, hours=12)
    assert meeting.due_at == meeting.nominations_open_at
    assert held.ballot_closes_at is None
    page = owner_client.get(response.url).content.decode()
    assert "Changes 1 upcoming meeting." in page


def test_what_is_chosen_by_hand_has_no_ballot_from_now_on(group, owner, cycle):
    planned = make_meeting(group)
    voting = make_meeting(group, day=planned.day + timedelta(days=7), phase="voting")

    changing.change_cycle(group=group, by=owner, choice="organiser")

    planned.refresh_from_db()
    voting.refresh_from_db()
    assert (planned.choice, planned.ballot_closes_at) == ("organiser", None)
    assert voting.choice == "ballot"


def test_what_was_chosen_by_hand_is_put_to_the_vote_from_now_on(group, owner, cycle):
    cycle.choice = "organiser"
    cycle.save()
    day = (timezone.now() + timedelta(days=30)).date()
    hand = {"choice": "organiser", "phase": "ready"}
    unsettled = make_meeting(group, day=day, **hand)
    talk = make_meeting(group, day=day + timedelta(days=7), title="A talk", **hand)
    picked = make_meeting(group, day=day + timedelta(days=14), paper=make_paper(), **hand)
    soon = make_meeting(group, day=day - timedelta(days=27), **hand)

    changing.change_cycle(group=group, by=owner, choice="ballot")

    for meeting in (unsettled, talk, picked, soon):
        meeting.refresh_from_db()
    assert (unsettled.choice, unsettled.phase, unsettled.phase_number) == ("ballot", "planned", 1)
    assert unsettled.due_at == unsettled.nominations_open_at
    assert [each.choice for each in (talk, picked)] == ["organiser", "organiser"]
    assert [each.phase for each in (talk, picked, soon)] == ["ready"] * 3
    assert LogEntry.objects.get(meeting=unsettled).number == 1


def test_the_same_cycle_again_changes_no_meeting(group, owner_client):
    make_meeting(group)

    response = save_cycle(owner_client, group)

    assert "Applies from the ballot of" in owner_client.get(response.url).content.decode()
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ballot_closes_days": "9", "ballot_closes_hours": "0"}, "close after it opens"),
        ({"nominations_open_days": "5"}, "open after nominations have opened"),
        ({"quorum": "0"}, "greater than or equal to 1"),
        ({"max_candidates": "1"}, "greater than or equal to 2"),
        ({"ballot_opens_hours": "24"}, "less than or equal to 23"),
        ({"reminder_minutes": ["10080", "4320", "2880", "1440", "60"]}, "Choose 4 at most"),
        ({"method": "dice"}, "valid choice"),
    ],
)
def test_a_cycle_that_makes_no_sense_is_refused_in_words(group, owner_client, changed, words):
    response = save_cycle(owner_client, group, **changed)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert Cycle.objects.get().quorum == 1


def test_many_meetings_cost_no_more_queries_to_change(group, owner, count_queries):
    def change(hours):
        return lambda: changing.change_cycle(group=group, by=owner, ballot_closes_hours=hours)

    meeting = make_meeting(group)
    few = count_queries(change(100))
    for week in range(1, 11):
        make_meeting(group, day=meeting.day + timedelta(days=7 * week))

    assert count_queries(change(90)) == few


def test_a_closed_group_is_not_set_up(group, owner, owner_client):
    changing.close_group(group=group, by=owner)

    assert save(owner_client, group, name="Another name").status_code == 403
    assert owner_client.get(f"/groups/{group.slug}/settings").status_code == 200


def test_a_group_is_closed_and_goes_on(group, owner_client):
    url = f"/groups/{group.slug}/close"
    for wanted, is_closed in (("yes", True), ("yes", True), ("no", False)):
        owner_client.post(url, {"close": wanted})
        assert Group.objects.get().is_closed == is_closed

    kinds = LogEntry.objects.order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["closed", "reopened"]


def test_what_fell_into_the_time_in_which_a_group_was_closed_was_not_held(group, owner):
    before, _, _ = (make_due_meeting(group, days=days) for days in (-30, -7, 30))
    Meeting.objects.filter(pk=before.pk).update(phase="held", due_at=None)
    Group.objects.update(closed_at=timezone.now() - timedelta(days=20))

    changing.reopen_group(group=group, by=owner)
    sweeping.sweep()

    phases = Meeting.objects.order_by("starts_at").values_list("phase", "off_reason")
    closed = "The group was closed."
    assert list(phases) == [("held", ""), ("skipped", closed), ("planned", "")]
    assert not Notification.objects.exists()


def test_an_organiser_closes_nothing(group):
    organiser = make_membership(group, role="organiser").member

    with pytest.raises(Refused):
        changing.close_group(group=group, by=organiser)
    assert client_for(organiser).post(f"/groups/{group.slug}/close").status_code == 403


def test_a_clone_has_the_settings_and_neither_people_nor_past(group, owner):
    changing.change_group(group=group, by=owner, description="*We*", capacity=9, place="Room 1")
    changing.change_cycle(group=group, by=owner, method="schulze", quorum=3)
    SeatKind.objects.create(group=group, name="Critic", position=1)
    make_membership(group)
    make_meeting(group)

    clone = founding.clone_group(group=group, by=owner, name="Second", slug="second")

    assert (clone.capacity, clone.place) == (9, "Room 1")
    assert "<em>We</em>" in clone.description_html
    assert (clone.cycle.method, clone.cycle.quorum) == ("schulze", 3)
    names = [kind.name for kind in SeatKind.objects.filter(group=clone)]
    assert names == ["Presenter", "Critic"]
    assert Membership.objects.get(group=clone).member == owner
    assert clone.member_count == 1
    assert not Meeting.objects.filter(group=clone).exists()


def test_only_who_runs_a_group_clones_it(group):
    with pytest.raises(Refused):
        founding.clone_group(group=group, by=make_user(), name="Second", slug="second")


def test_a_clone_wants_an_address_of_its_own(group, owner):
    with pytest.raises(founding.SlugTakenError):
        founding.clone_group(group=group, by=owner, name="Second", slug=group.slug)
    assert Group.objects.count() == 1


def test_texts_of_an_older_renderer_are_rendered_anew(group):
    Group.objects.update(description="**Hi**", description_html="old", rendered_with=0)

    assert (render_stale(), render_stale()) == (1, 0)

    group.refresh_from_db()
    assert "<strong>Hi</strong>" in group.description_html
    assert group.rules_html == ""


def test_a_member_sets_what_they_want(group):
    membership = make_membership(group)
    meeting = make_meeting(group)
    client, url = client_for(membership.member), f"/groups/{group.slug}/mine"

    client.post(
        url,
        {"usual_answer": "going", "reminders": "own", "own_times": ["60"], "folds_ahead": "on"},
    )

    membership.refresh_from_db()
    assert membership.reminder_minutes == [60]
    assert membership.folds_ahead
    assert not membership.takes_turns
    assert Rsvp.objects.get(meeting=meeting).is_usual


@pytest.mark.parametrize(("said", "kept"), [("group", None), ("none", [])])
def test_reminders_follow_the_group_or_stop(group, said, kept):
    membership = make_membership(group, reminder_minutes=[60])
    client = client_for(membership.member)

    client.post(f"/groups/{group.slug}/mine", {"usual_answer": "", "reminders": said})

    membership.refresh_from_db()
    assert membership.reminder_minutes == kept


def test_own_reminders_want_a_time(group):
    client = client_for(make_membership(group).member)

    response = client.post(f"/groups/{group.slug}/mine", {"reminders": "own"})

    assert response.status_code == 422
    assert "Choose when" in response.content.decode()
