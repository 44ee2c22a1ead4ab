"""Who reads and who writes in the threads of meetings, and that nothing of a private one leaks."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from discussions.comments import comments
from discussions.comments.comments import CommentRefusedError
from discussions.models import Comment, Thread
from discussions.notifications import notifications
from groups.membership import members
from groups.scheduling import words
from groups.thread_owner import MeetingThreads
from tests.builders import make_user
from tests.discussions.builders import make_comment
from tests.groups.builders import make_group, make_meeting, make_membership
from tests.groups.conftest import client_for

pytestmark = pytest.mark.django_db

SECRET = "The whale is in the attic."


@pytest.fixture
def people(owner):
    return {"member": make_user("mona"), "guest": make_user("gus"), "outsider": make_user("otto")}


def thread_in(visibility, owner, people):
    group = make_group(f"{visibility}-club", owner=owner, visibility=visibility)
    make_membership(group, people["member"])
    make_membership(group, people["guest"], role="guest")
    return make_meeting(group).thread


def post(thread, author):
    return comments.post_comment(thread=thread, author=author, text=SECRET, key=uuid.uuid4())


def clients(people):
    return {"visitor": Client(), "outsider": client_for(people["outsider"])}


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private"])
@pytest.mark.parametrize("role", ["member", "guest", "outsider"])
def test_members_and_guests_write_and_outsiders_read_along(visibility, role, owner, people):
    thread = thread_in(visibility, owner, people)
    is_inside = role != "outsider"

    readable = Thread.objects.readable_by(people[role]).filter(pk=thread.pk)
    writable = Thread.objects.writable_by(people[role]).filter(pk=thread.pk)

    assert readable.exists() == (is_inside or visibility != "private")
    assert writable.exists() == is_inside


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private"])
def test_an_outsider_posts_nothing(visibility, owner, people):
    thread = thread_in(visibility, owner, people)

    with pytest.raises(CommentRefusedError):
        post(thread, people["outsider"])
    assert not Comment.objects.exists()


def test_nobody_writes_in_a_closed_group(owner, people):
    thread = thread_in("public", owner, people)
    type(thread.meeting.group).objects.update(closed_at=thread.created_at)

    with pytest.raises(CommentRefusedError, match="only while the group is open"):
        post(thread, people["member"])


@pytest.mark.parametrize(
    ("visibility", "reader", "is_listed"),
    [
        ("public", "outsider", True),
        ("unlisted", "outsider", False),
        ("private", "outsider", False),
        ("unlisted", "guest", True),
        ("private", "guest", True),
    ],
)
def test_a_members_comments_are_listed_as_their_group_is(
    visibility, reader, is_listed, owner, people
):
    make_comment(thread=thread_in(visibility, owner, people), author=people["member"], text=SECRET)
    client = client_for(people[reader])

    for url in ("/@mona/comments", "/@mona"):
        assert (SECRET in client.get(url).content.decode()) == is_listed, url


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private"])
def test_lists_and_feeds_of_all_comments_hold_those_on_papers_only(visibility, owner, people):
    make_comment(thread=thread_in(visibility, owner, people), text=SECRET)
    make_comment(text="The whale is on paper.")

    for client in clients(people).values():
        for url in ("/comments", "/comments.atom"):
            listed = client.get(url).content.decode()
            assert "The whale is on paper." in listed
            assert SECRET not in listed


def test_of_a_private_thread_an_outsider_finds_nothing_anywhere(owner, people):
    thread = thread_in("private", owner, people)
    comment = make_comment(thread=thread, author=people["member"], text=SECRET)
    below = ("", "/history", "/reactions", "/menu", "/reply", "/vote")
    urls = [f"/comments/{comment.pk}{each}" for each in below]
    urls += [f"/threads/{thread.pk}{each}" for each in ("", "/news", "/names?q=mona", ".atom")]

    for name, client in clients(people).items():
        for url in urls:
            response = client.get(url)
            assert response.status_code in {302, 404}, (name, url)
            assert SECRET not in response.content.decode()
            assert "club" not in response.headers.get("Location", "")


def test_whoever_was_removed_reads_nothing_from_the_next_request_on(owner, people):
    thread = thread_in("private", owner, people)
    comment = make_comment(thread=thread, text=SECRET)
    client = client_for(people["member"])
    assert client.get(f"/comments/{comment.pk}/reply").status_code == 200

    members.remove(group=thread.meeting.group, by=owner, member=people["member"])

    assert client.get(f"/comments/{comment.pk}/reply").status_code == 404
    assert client.get(f"/groups/{thread.meeting.group.slug}/about").status_code == 404


def test_whoever_was_removed_is_told_nothing_more(owner, people):
    thread = thread_in("private", owner, people)
    mine = make_comment(thread=thread, author=people["member"])
    members.remove(group=thread.meeting.group, by=owner, member=people["member"])

    reply = make_comment(parent=mine, author=people["guest"], notified_at=None)
    notifications.notify_of_comment(reply.pk)

    assert not people["member"].notifications.exists()


def test_what_was_told_of_a_private_group_is_not_read_by_who_was_removed(owner, people):
    thread = thread_in("private", owner, people)
    mine = make_comment(thread=thread, author=people["member"])
    reply = make_comment(parent=mine, author=people["guest"], text=SECRET, notified_at=None)
    notifications.notify_of_comment(reply.pk)
    members.remove(group=thread.meeting.group, by=owner, member=people["member"])

    page = client_for(people["member"]).get("/inbox").content.decode()

    assert SECRET not in page
    assert "Private Club" not in page


def test_names_in_a_private_thread_are_those_of_its_readers(owner, people):
    thread = thread_in("private", owner, people)

    page = client_for(people["member"]).get(f"/threads/{thread.pk}/names?q=o").content.decode()

    assert "otto" not in page
    assert owner.username in page


def test_who_runs_the_group_has_a_badge(owner, people):
    thread = thread_in("public", owner, people)
    organiser = make_membership(thread.meeting.group, role="organiser").member

    badges = MeetingThreads().badges(thread)

    assert badges == {owner.pk: "organiser", organiser.pk: "organiser"}


def test_a_thread_stands_on_the_page_of_its_meeting(owner, people):
    thread = thread_in("public", owner, people)
    place = MeetingThreads().places([thread.pk, 0])[thread.pk]

    assert place.url == thread.meeting.get_absolute_url()
    assert place.title == f"Public Club, {words.dated(thread.meeting.day)}"


def test_readers_among_some_costs_two_queries_however_many_they_are(owner, people, count_queries):
    thread, audience = thread_in("private", owner, people), MeetingThreads()
    many = [make_user().pk for _ in range(10)]

    few = count_queries(lambda: audience.readers_among(thread, [owner.pk]))
    assert count_queries(lambda: audience.readers_among(thread, [owner.pk, *many])) == few == 2
