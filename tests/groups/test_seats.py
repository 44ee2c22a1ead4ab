"""Taking, giving and freeing the seats of a meeting, and which seats there are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from common.refusals import Refused
from discussions.models import Notification
from groups.models import LogEntry, Membership, Seat, SeatKind
from groups.rota import seats
from groups.rota.seats import TEMPLATES, KindDraft
from tests.builders import make_user
from tests.groups.builders import make_group, make_meeting, make_membership, make_seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind(group):
    return group.seat_kinds.get()


@pytest.fixture
def ada(group):
    return make_membership(group, make_user("ada")).member


def told(member):
    return list(Notification.objects.filter(recipient=member).values_list("summary", flat=True))


def on(meeting):
    return f"Readers on {meeting.day:%B} {meeting.day.day}"


def test_a_free_seat_is_taken(meeting, kind, ada):
    seat = seats.take_seat(meeting=meeting, kind=kind, member=ada)

    assert (seat.member, seat.given_by) == (ada, ada)


def test_taking_ones_own_seat_again_changes_nothing(meeting, kind, ada):
    first = seats.take_seat(meeting=meeting, kind=kind, member=ada)

    assert seats.take_seat(meeting=meeting, kind=kind, member=ada) == first


def test_a_seat_of_somebody_else_is_not_taken(group, meeting, kind, ada):
    seats.take_seat(meeting=meeting, kind=kind, member=ada)

    with pytest.raises(Refused, match="ada already has this seat"):
        seats.take_seat(meeting=meeting, kind=kind, member=make_membership(group).member)


def test_guests_and_outsiders_take_no_seat(group, meeting, kind):
    for member in (make_membership(group, role="guest").member, make_user()):
        with pytest.raises(Refused):
            seats.take_seat(meeting=meeting, kind=kind, member=member)


@pytest.mark.parametrize("phase", ["held", "cancelled", "skipped"])
def test_a_seat_of_a_meeting_that_is_not_to_come_is_not_taken(group, kind, ada, phase):
    with pytest.raises(Refused):
        seats.take_seat(meeting=make_meeting(group, phase=phase), kind=kind, member=ada)


def test_a_seat_that_is_filled_no_more_is_not_taken(group, meeting, ada):
    old = SeatKind.objects.create(group=group, name="Critic", position=1, retired_at=timezone.now())

    with pytest.raises(Refused, match="no longer"):
        seats.take_seat(meeting=meeting, kind=old, member=ada)


def test_a_seat_of_another_group_is_not_taken(meeting, ada):
    with pytest.raises(Refused):
        seats.take_seat(meeting=meeting, kind=make_group().seat_kinds.get(), member=ada)


def test_an_organiser_gives_a_seat_and_the_member_is_told(owner, meeting, kind, ada):
    seats.give_seat(meeting=meeting, kind=kind, member=ada, by=owner)

    assert told(ada) == [f"Presenter at {on(meeting)} is yours."]
    assert LogEntry.objects.get().words == "Presenter is ada"


def test_a_seat_given_anew_is_told_to_both(group, owner, meeting, kind, ada):
    ben = make_membership(group, make_user("ben")).member
    make_seat(meeting, ben)

    seats.give_seat(meeting=meeting, kind=kind, member=ada, by=owner)

    assert Seat.objects.get().member == ada
    assert told(ben) == [f"Presenter at {on(meeting)} is no longer yours: ada has it."]


def test_the_vote_gives_the_presenters_seat_when_it_is_free(meeting, ada):
    seat = seats.give_seat(meeting=meeting, member=ada)

    assert (seat.kind.is_presenter, seat.given_by) == (True, None)
    assert told(ada) == [f"Your nomination was chosen: Presenter at {on(meeting)} is yours."]


def test_the_vote_takes_a_seat_from_nobody(group, meeting, ada):
    make_seat(meeting, make_membership(group).member)

    with pytest.raises(Refused, match="already has this seat"):
        seats.give_seat(meeting=meeting, member=ada)


def test_a_seat_is_given_to_full_members_only(group, owner, meeting, kind):
    guest = make_membership(group, role="guest").member

    with pytest.raises(Refused, match="not a full member"):
        seats.give_seat(meeting=meeting, kind=kind, member=guest, by=owner)


def test_organisers_correct_who_presented_and_tell_nobody(group, owner, kind, ada):
    held = make_meeting(group, phase="held")
    make_seat(held, make_membership(group).member)

    seats.give_seat(meeting=held, kind=kind, member=ada, by=owner)

    assert Seat.objects.get().member == ada
    assert not Notification.objects.exists()


def test_a_seat_given_up_is_free_and_organisers_are_told(owner, meeting, kind, ada):
    make_seat(meeting, ada)

    assert seats.leave_seat(meeting=meeting, kind=kind, by=ada)
    assert not Seat.objects.exists()
    assert told(owner) == [f"ada has given up Presenter at {on(meeting)}."]


def test_a_seat_that_nobody_has_is_given_up_by_nobody(meeting, kind, ada):
    assert not seats.leave_seat(meeting=meeting, kind=kind, by=ada)


def test_a_member_frees_no_seat_of_another(group, meeting, kind, ada):
    make_seat(meeting, make_membership(group).member)

    with pytest.raises(Refused, match="seat of"):
        seats.leave_seat(meeting=meeting, kind=kind, by=ada)


def test_a_member_does_not_undo_the_past(group, kind, ada):
    held = make_meeting(group, phase="held")
    make_seat(held, ada)

    with pytest.raises(Refused, match="over"):
        seats.leave_seat(meeting=held, kind=kind, by=ada)


def test_an_organiser_frees_a_seat_and_its_member_is_told(owner, meeting, kind, ada):
    make_seat(meeting, ada)

    seats.leave_seat(meeting=meeting, kind=kind, by=owner)

    assert told(ada) == [f"Presenter at {on(meeting)} is no longer yours."]


def test_leaving_frees_what_is_to_come_and_keeps_the_past(group, owner, meeting, ada):
    make_seat(meeting, ada)
    past = make_seat(make_meeting(group, phase="held", day=make_day(-7)), ada)

    assert seats.free_seats(group=group, member_id=ada.pk) == 1
    assert list(Seat.objects.all()) == [past]
    assert told(owner) == [f"ada no longer takes Presenter at {on(meeting)}."]


def test_who_leaves_several_seats_is_told_of_once(group, owner, meeting, ada):
    make_seat(meeting, ada)
    make_seat(make_meeting(group, day=make_day(14)), ada)

    seats.free_seats(group=group, member_id=ada.pk)

    assert told(owner) == [f"ada no longer takes Presenter at {on(meeting)}, and 1 more."]


def make_day(days):
    return (timezone.now() + timedelta(days=days)).date()


def set_kinds(group, owner, *drafts):
    return seats.set_seat_kinds(group=group, by=owner, kinds=list(drafts))


def in_use(group):
    return [kind.name for kind in group.seat_kinds.filter(retired_at__isnull=True)]


def test_seats_are_added_in_order(group, owner, kind):
    set_kinds(group, owner, KindDraft("Critic"), KindDraft("Presenter", pk=kind.pk))

    assert in_use(group) == ["Critic", "Presenter"]
    assert LogEntry.objects.get().words == "The seats are Critic, Presenter"


def test_the_presenters_seat_stays(group, owner):
    with pytest.raises(Refused, match="has a presenter"):
        set_kinds(group, owner, KindDraft("Critic"))


def test_the_presenters_seat_may_have_another_name(group, owner, kind):
    set_kinds(group, owner, KindDraft("Guide", pk=kind.pk))

    assert group.seat_kinds.get().is_presenter
    assert in_use(group) == ["Guide"]


def test_two_seats_change_names(group, owner, kind):
    critic = set_kinds(group, owner, KindDraft("Presenter", pk=kind.pk), KindDraft("Critic"))[1]

    set_kinds(group, owner, KindDraft("Critic", pk=kind.pk), KindDraft("Presenter", pk=critic.pk))

    assert in_use(group) == ["Critic", "Presenter"]


def test_seats_are_named_apart(group, owner, kind):
    with pytest.raises(Refused, match="same name"):
        set_kinds(group, owner, KindDraft("Critic", pk=kind.pk), KindDraft("critic"))


def test_a_seat_of_another_group_is_none_of_theirs(group, owner, kind):
    other = make_group().seat_kinds.get()

    with pytest.raises(Refused, match="in the meantime"):
        set_kinds(group, owner, KindDraft("A", pk=kind.pk), KindDraft("B", pk=other.pk))


def test_a_retired_seat_is_freed_at_what_is_to_come_and_stays_in_the_past(
    group, owner, meeting, kind, ada
):
    critic = set_kinds(group, owner, KindDraft("Presenter", pk=kind.pk), KindDraft("Critic"))[1]
    make_seat(meeting, ada, critic)
    past = make_seat(make_meeting(group, phase="held", day=make_day(-7)), ada, critic)

    set_kinds(group, owner, KindDraft("Presenter", pk=kind.pk))

    assert list(Seat.objects.all()) == [past]
    assert "no longer has the seat Critic" in told(ada)[0]


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_begins_with_the_presenter_and_is_saved(group, owner, template):
    set_kinds(group, owner, *seats.drafts_of(group, template))

    assert in_use(group) == [seat.name for seat in TEMPLATES[template].seats]
    assert group.seat_kinds.get(is_presenter=True).name == "Presenter"


def test_a_template_keeps_the_seats_that_it_names(group, owner, kind):
    critic = set_kinds(group, owner, KindDraft("Presenter", pk=kind.pk), KindDraft("critic"))[1]

    drafts = seats.drafts_of(group, "roles")

    assert [draft.pk for draft in drafts[:2]] == [kind.pk, critic.pk]


def test_a_member_who_became_a_guest_is_found_out_under_the_lock(group, meeting, kind, ada):
    Membership.objects.filter(group=group, member=ada).update(role="guest")

    with pytest.raises(Refused, match="Guests"):
        seats.take_seat(meeting=meeting, kind=kind, member=ada)
