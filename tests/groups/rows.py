"""One of everything that an address of a group may name."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from groups.models import (
    AgendaItem,
    Ban,
    Invitation,
    JoinRequest,
    Meeting,
    MeetingFile,
    SeatKind,
    Series,
    Swap,
)
from tests.builders import make_paper, make_user
from tests.groups.builders import (
    make_ballot,
    make_group,
    make_meeting,
    make_membership,
    make_question,
    make_seat,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from groups.models import Group


def furnish(slug: str, *, visibility: str, people: Mapping[str, User]) -> tuple[Group, Any]:
    """Make a group in which everybody has their role, and return it with the keys of its rows.

    Its meeting is in three days and votes; another one follows a week later.
    """
    group = make_group(slug, owner=people["owner"], visibility=visibility, joining="open")
    for role in ("organiser", "member", "guest"):
        make_membership(group, people[role], role=role)
    plain = make_membership(group, make_user())
    meeting = _meeting(group)
    later = make_meeting(group, day=meeting.day + timedelta(days=7))
    seat, other = make_seat(meeting, people["member"]), make_seat(later, plain.member)
    swap = Swap.objects.create(
        group=group, seat=other, other_seat=seat, member=plain.member,
        other_member=people["member"], asked_by=plain.member, accepted_at=timezone.now(),
    )  # fmt: skip
    banned = people.get("banned") or make_user()
    keys = {
        "day": meeting.occurs_on,
        "username": plain.member.username,
        "ban": Ban.objects.create(group=group, member=banned).pk,
        "request": JoinRequest.objects.create(group=group, member=make_user()).pk,
        "invitation": _invitation(group, people["owner"]).pk,
        "series": Series.objects.create(group=group, title="A book").pk,
        "nomination": meeting.ballot.candidates.get(number=1).nomination_id,
        "seat": SeatKind.objects.get(group=group).pk,
        "swap": swap.pk,
        "agenda": AgendaItem.objects.create(meeting=meeting, position=1, text="Claims").pk,
        "question": make_question(meeting).pk,
        "file": MeetingFile.objects.create(
            meeting=meeting, title="Slides", url="https://example.org/slides"
        ).pk,
    }
    return group, keys


def _meeting(group: Group) -> Meeting:
    meeting = make_meeting(
        group, day=(timezone.now() + timedelta(days=3)).date(), paper=make_paper()
    )
    make_ballot(meeting)
    return meeting


def _invitation(group: Group, inviter: User) -> Invitation:
    return Invitation.objects.create(
        group=group,
        token_hash="0" * 64 if group.is_private else "1" * 64,
        invited_by=inviter,
        expires_at=timezone.now() + timedelta(days=7),
    )
