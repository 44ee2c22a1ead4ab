"""What nobody else is to read, on every way to it."""

from __future__ import annotations

import re
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from discussions.models import Block, Comment
from discussions.thread.comment_list import lone_comments
from tests.builders import make_user
from tests.discussions.builders import make_comment, make_report

pytestmark = pytest.mark.django_db

SECRET = "Between us alone."


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def page_of(client, of, **asked):
    return page_of_paper(client, of.thread.paper, **asked)


def page_of_paper(client, paper, **asked):
    return client.get(paper.get_absolute_url(), asked).content.decode()


# A comment that waits -----------------------------------------------------------------------


@pytest.fixture
def waiting():
    """A comment that was answered before an edit made it wait."""
    comment = make_comment(
        author=make_user("newcomer"), text=SECRET, held_at=timezone.now(), descendant_count=0
    )
    make_comment(parent=comment, text="An answer.")
    return comment


@pytest.mark.parametrize("is_asked_for", [False, True])
def test_a_waiting_comment_that_was_answered_leaves_its_place_alone(waiting, is_asked_for):
    asked = {"comment": waiting.pk} if is_asked_for else {}

    for reader in (Client(), client_of(make_user())):
        page = page_of(reader, waiting, **asked)
        assert "An answer." in page
        assert "waiting for a moderator’s approval" in page
        assert SECRET not in page
        assert "newcomer" not in page


def test_its_author_and_moderators_read_a_waiting_comment_that_was_answered(waiting):
    for reader in (waiting.author, make_user(is_moderator=True)):
        assert SECRET in page_of(client_of(reader), waiting)


def test_news_leave_out_what_was_made_to_wait_meanwhile(waiting):
    assert lone_comments(waiting.thread, [waiting.pk], AnonymousUser()) == []
    assert len(lone_comments(waiting.thread, [waiting.pk], waiting.author)) == 1


# Authors who are gone -----------------------------------------------------------------------


@pytest.mark.parametrize("moment", ["hidden_at", "held_at"])
def test_a_visitor_is_not_taken_for_an_author_who_is_gone(client, moment):
    comment = make_comment(text=SECRET, **{moment: timezone.now()})
    make_comment(parent=comment)
    Comment.objects.filter(pk=comment.pk).update(author=None)

    assert SECRET not in page_of(client, comment)


def test_a_waiting_comment_whose_author_is_gone_leaves_no_place(client):
    comment = make_comment(held_at=timezone.now())
    Comment.objects.filter(pk=comment.pk).update(author=None)

    assert f"comment-{comment.pk}" not in page_of(client, comment)


# Marks in a page ----------------------------------------------------------------------------


def test_a_text_that_is_shown_again_takes_no_thread_in(member_client):
    comment = make_comment(text=SECRET)
    url = f"{comment.thread.paper.get_absolute_url()}/comments"

    response = member_client.post(url, {"text": "\0comments\0" * 20, "key": uuid.uuid4()})

    assert response.status_code == 422
    assert response.content.decode().count(SECRET) == 1


# Pages about one comment --------------------------------------------------------------------

PAGES = ["history", "menu", "reactions", "reply", "reply?quote=1", "vote"]


@pytest.fixture(params=["apart", "hidden", "taken back"])
def withheld(request, member):
    """A comment that the member is not shown."""
    comment = make_comment(author=make_user("shunned"), text=SECRET)
    if request.param == "apart":
        Block.objects.create(member=comment.author, blocked=member)
    else:
        moment = {"hidden": "hidden_at", "taken back": "taken_back_at"}[request.param]
        Comment.objects.filter(pk=comment.pk).update(**{moment: timezone.now()})
    return comment


@pytest.mark.parametrize("page", PAGES)
def test_no_page_tells_the_words_or_the_author_of_what_is_not_shown(member_client, withheld, page):
    response = member_client.get(f"/comments/{withheld.pk}/{page}")

    assert response.status_code == 200
    assert SECRET not in response.content.decode()
    assert "shunned" not in response.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_of_what_is_shown_name_its_author(member_client, page):
    comment = make_comment(author=make_user("heard"))

    assert "heard" in member_client.get(f"/comments/{comment.pk}/{page}").content.decode()


def test_who_reported_a_comment_is_not_shown_it_after_it_went(member, member_client, withheld):
    make_report(withheld, reporter=member)
    url = f"/comments/{withheld.pk}/report"

    for response in (member_client.get(url), member_client.post(url, {"reason": "none such"})):
        assert response.status_code in {200, 422}
        assert SECRET not in response.content.decode()
        assert "shunned" not in response.content.decode()


# Reporters ----------------------------------------------------------------------------------


def test_a_moderator_who_is_reported_does_not_learn_by_whom():
    moderator, reporter = make_user("mia", is_moderator=True), make_user("rita")
    comment = make_comment(author=moderator)
    make_report(comment, reporter=reporter, note="She insults us.")
    make_report(member=moderator, reporter=reporter, note="She insults us.")
    pages = [
        "/moderation?show=reports",
        f"/moderation/comments/{comment.pk}",
        "/moderation/members/mia",
    ]

    for url in pages:
        own = client_of(moderator).get(url).content.decode()
        assert "rita" not in own
        assert "insults" not in own
        assert "rita" in client_of(make_user(is_moderator=True)).get(url).content.decode()


# Drafts -------------------------------------------------------------------------------------


def test_what_a_lapsed_session_typed_is_not_shown_to_another_member(client, member):
    paper = make_comment().thread.paper
    page = page_of_paper(client_of(member), paper)
    writer = re.findall(r'name="writer" value="([^"]+)"', page)[0]
    url = f"{paper.get_absolute_url()}/comments"
    client.post(url, {"text": SECRET, "key": uuid.uuid4(), "writer": writer})
    session = dict(client.session)

    for reader, is_shown in ((make_user(), False), (member, True)):
        browser = client_of(reader)
        held = browser.session
        held.update(session)
        held.save()
        assert (SECRET in page_of_paper(browser, paper)) is is_shown
