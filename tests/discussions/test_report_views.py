import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from discussions.models import Report
from tests.builders import make_user
from tests.discussions.builders import make_comment, make_thread

pytestmark = pytest.mark.django_db


def url_of(comment):
    return reverse("discussions:comment_report", args=[comment.pk])


def test_the_form_shows_what_is_reported(member_client):
    comment = make_comment(text="Buy my watches.")

    page = member_client.get(url_of(comment)).content.decode()

    assert "Buy my watches." in page
    assert "Spam or advertising" in page


def test_after_a_report_the_member_is_thanked_and_may_keep_the_author_away(member_client):
    comment = make_comment(author=make_user("seller"))

    response = member_client.post(url_of(comment), {"reason": "spam", "note": "Shop"}, follow=True)

    page = response.content.decode()
    assert "A moderator will look at it." in page
    assert reverse("discussions:member_mute", args=["seller"]) in page
    assert reverse("discussions:member_block", args=["seller"]) in page
    assert Report.objects.get().note == "Shop"


def test_a_second_report_says_that_there_is_one(member_client):
    comment = make_comment()
    for _ in range(2):
        response = member_client.post(url_of(comment), {"reason": "spam"}, follow=True)

    assert "A moderator will look at it." in response.content.decode()
    assert Report.objects.count() == 1


@pytest.mark.parametrize("data", [{}, {"reason": "bad"}, {"reason": "spam", "note": "x" * 1001}])
def test_a_report_of_no_shape_is_refused_with_what_was_typed(member_client, data):
    response = member_client.post(url_of(make_comment()), data)

    assert response.status_code == 422
    assert not Report.objects.exists()


def test_too_many_reports_are_refused_and_what_was_typed_is_kept(member_client):
    for _ in range(10):
        member_client.post(url_of(make_comment()), {"reason": "spam"})

    response = member_client.post(url_of(make_comment()), {"reason": "spam", "note": "My words"})

    assert response.status_code == 429
    assert "My words" in response.content.decode()
    assert Report.objects.count() == 10


@pytest.mark.parametrize("state", ["hidden_at", "taken_back_at", "held_at"])
def test_what_is_not_shown_cannot_be_reported(member_client, state):
    comment = make_comment(**{state: timezone.now()})

    assert member_client.get(url_of(comment)).status_code == 404
    assert member_client.post(url_of(comment), {"reason": "spam"}).status_code == 404


def test_a_reporter_learns_nothing_of_a_comment_hidden_since(member_client):
    comment = make_comment()
    member_client.post(url_of(comment), {"reason": "spam"})
    type(comment).objects.update(hidden_at=timezone.now(), html="<p>Secret</p>")

    response = member_client.get(url_of(comment))

    assert response.status_code == 200
    assert "Secret" not in response.content.decode()


def test_a_private_threads_comment_is_not_there_for_others(member_client):
    thread = make_thread()
    comment = make_comment(thread=thread)
    type(thread).objects.update(paper=None)

    assert member_client.get(url_of(comment)).status_code == 404


def test_a_member_is_reported_from_their_profile(member_client):
    make_user("poser")
    url = reverse("discussions:member_report", args=["poser"])
    assert url in member_client.get("/@poser").content.decode()

    response = member_client.post(url, {"reason": "misleading"}, follow=True)

    assert "A moderator will look at it." in response.content.decode()
    assert Report.objects.get().member.username == "poser"


def test_nobody_reports_themselves(member, member_client):
    own = [
        url_of(make_comment(author=member)),
        reverse("discussions:member_report", args=[member.username]),
    ]

    assert [member_client.post(url, {"reason": "spam"}).status_code for url in own] == [403, 403]


def test_nobody_reports_a_member_who_is_not_there(member_client):
    url = reverse("discussions:member_report", args=["nobody"])

    assert member_client.get(url).status_code == 404


def test_a_visitor_signs_in_first():
    assert Client().get(url_of(make_comment())).url.startswith("/sign-in")
