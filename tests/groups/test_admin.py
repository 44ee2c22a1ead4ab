from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from groups.membership.models import LogEntry
from groups.models import Invitation, Notice
from tests.builders import make_user
from tests.groups.builders import make_ballot, make_group, make_meeting, make_schedule
from tests.groups.conftest import client_for

pytestmark = pytest.mark.django_db

LISTS = [
    "group", "membership", "meeting", "ballot", "nomination", "invitation", "notice", "logentry",
]  # fmt: skip


@pytest.fixture
def operator_client(db):
    return client_for(make_user(is_staff=True, is_superuser=True, is_moderator=True))


def furnish(slug="readers"):
    """Make a group with one of everything that is looked at here."""
    group = make_group(slug, join_url="https://example.org/secret-room")
    make_schedule(group)
    meeting = make_meeting(group, join_url="https://example.org/secret-room")
    make_ballot(meeting)
    Invitation.objects.create(
        group=group, token_hash=slug, sealed_token="sealed", invited_by=make_user(),
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    Notice.objects.create(
        group=group, meeting=meeting, kind="ballot", subject_id=1, at=timezone.now()
    )
    LogEntry.note(group=group, kind="phase", words="It opened.", meeting=meeting, number=1)
    return group


def pk_of(group, model):
    meeting = group.meetings.get()
    return {
        "group": group.pk,
        "membership": group.memberships.get().pk,
        "meeting": meeting.pk,
        "ballot": meeting.pk,
        "nomination": group.nominations.first().pk,
        "invitation": group.invitations.get().pk,
        "notice": group.notices.get().pk,
        "logentry": group.log.get().pk,
    }[model]


@pytest.mark.parametrize("model", LISTS)
def test_the_lists_are_searched_in_a_fixed_number_of_queries(operator_client, count_queries, model):
    def read():
        response = operator_client.get(f"/admin/groups/{model}/", {"q": "readers"})
        assert response.status_code == 200
        assert operator_client.get(f"/admin/groups/{model}/").status_code == 200

    furnish()
    short = count_queries(read)
    for number in range(3):
        furnish(f"readers-{number}")

    assert count_queries(read) == short


@pytest.mark.parametrize("model", LISTS)
def test_nothing_is_added_changed_or_deleted_here(operator_client, model):
    url = f"/admin/groups/{model}/{pk_of(furnish(), model)}/"

    assert operator_client.get(f"{url}change/").status_code == 200
    assert operator_client.post(f"{url}change/", {"words": "x"}).status_code == 403
    assert operator_client.post(f"{url}delete/", {"post": "yes"}).status_code == 403
    assert operator_client.get(f"/admin/groups/{model}/add/").status_code == 403


@pytest.mark.parametrize("model", LISTS)
def test_what_opens_a_door_is_not_shown(operator_client, model):
    group = furnish()
    pages = [
        operator_client.get(f"/admin/groups/{model}/").content.decode(),
        operator_client.get(
            f"/admin/groups/{model}/{pk_of(group, model)}/change/"
        ).content.decode(),
    ]

    assert not any(secret in page for page in pages for secret in ("secret-room", "sealed"))
