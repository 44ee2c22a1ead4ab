"""What moderators do about a member, on the member's page of the desk."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from discussions.models import Act
from tests.builders import make_user
from tests.discussions.builders import make_act, make_comment, make_report

pytestmark = pytest.mark.django_db


def member_url(member):
    return reverse("discussions:member_moderate", args=[member.username])


def press(client, url, act, reason="Because.", **data):
    return client.post(url, {"act": act, "reason": reason, **data}, follow=True)


def test_a_member_is_suspended_until_a_day(desk_client, time_machine):
    time_machine.move_to("2026-11-20 12:00:00+00:00", tick=False)
    member = make_user()

    press(desk_client, member_url(member), "suspend", until="2026-11-27")

    until = User.objects.get(pk=member.pk).suspended_until
    assert until.isoformat() == "2026-11-27T00:00:00+00:00"


@pytest.mark.parametrize("until", ["", "soon", "2026-11-20", "2026-11-19", "2040-01-01"])
def test_a_suspension_without_a_fit_day_is_refused(desk_client, time_machine, until):
    time_machine.move_to("2026-11-20 12:00:00+00:00", tick=False)
    member = make_user()

    response = press(desk_client, member_url(member), "suspend", until=until)

    assert response.status_code == 422
    assert not User.objects.get(pk=member.pk).is_suspended


def test_a_warning_needs_no_day(desk_client):
    member = make_user()

    assert press(desk_client, member_url(member), "warn").status_code == 200
    assert Act.objects.get().kind == "warn"


def test_what_cannot_be_done_to_a_member_is_said(desk_client, moderator):
    colleague = make_user(is_moderator=True)
    day = f"{timezone.now() + timedelta(days=7):%Y-%m-%d}"

    for member in (moderator, colleague):
        response = press(desk_client, member_url(member), "suspend", until=day)
        assert response.status_code == 422
    assert "only an administrator" in response.content.decode()


def test_the_page_of_a_member_has_their_history_and_their_comments(desk_client):
    comment = make_comment(text="I said so.")
    make_act(comment, note="Careful.")
    make_report(member=comment.author, note="Poses as somebody.")

    page = desk_client.get(member_url(comment.author)).content.decode()

    for shown in ("I said so.", "Warned a member", "Careful.", "Poses as somebody."):
        assert shown in page


def test_the_page_of_a_member_costs_as_much_for_a_talkative_one(desk_client, count_queries):
    member = make_user()

    def speak():
        comment = make_comment(parent=make_comment(), author=member)
        make_act(comment)
        make_report(member=member)

    speak()
    short = count_queries(lambda: desk_client.get(member_url(member)))
    for _ in range(5):
        speak()

    assert count_queries(lambda: desk_client.get(member_url(member))) == short


def test_votes_are_offered_to_be_restored_once_they_are_void(desk_client):
    member = make_user()
    assert 'value="restore-votes"' not in desk_client.get(member_url(member)).content.decode()

    make_act(kind="void-votes", member=member)

    assert 'value="restore-votes"' in desk_client.get(member_url(member)).content.decode()
