"""Posting to a thread: as a visitor whose session lapsed, a member, with and without htmx."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from common.rate_limits import RateLimit
from discussions.comments import drafts, limits
from discussions.models import Comment, Thread, ThreadReading
from tests.builders import PASSWORD, make_paper, make_user
from tests.discussions.builders import make_comment, make_thread

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def paper():
    return make_paper(abstract="We show that reading is good. It always was.")


@pytest.fixture
def url(paper):
    return f"{paper.get_absolute_url()}/comments"


def sent(**fields):
    return {"text": "Lemma 2 needs a bound.", "key": str(uuid.uuid4())} | fields


def html_of(response):
    return response.content.decode()


def test_a_comment_is_posted_and_led_to(member_client, member, paper, url):
    response = member_client.post(url, sent())

    comment = Comment.objects.get()
    assert (comment.author, comment.thread.paper) == (member, paper)
    assert response.url == f"/papers/{paper.external_id}?comment={comment.pk}#comment-{comment.pk}"
    assert "Lemma 2" in html_of(member_client.get(response.url))


def test_htmx_puts_the_comment_on_top_empties_the_form_and_tells_the_script(member_client, url):
    response = member_client.post(url, sent(), headers=HTMX)

    html, comment = html_of(response), Comment.objects.get()
    assert 'hx-swap-oob="afterbegin:#comments"' in html
    assert f'id="comment-{comment.pk}"' in html
    assert "1 comment</div>" in html
    assert "needs a bound" not in html[: html.index("hx-swap-oob")]
    event = json.loads(response.headers["HX-Trigger-After-Settle"])
    assert event == {"comment:posted": {"id": comment.pk}}


def test_where_the_oldest_stand_on_top_a_new_comment_goes_to_the_end(member_client, url):
    shown = {"HX-Current-URL": "http://testserver/papers/x?sort=oldest#thread"}

    html = html_of(member_client.post(url, sent(), headers=HTMX | shown))

    assert 'hx-swap-oob="beforeend:#comments"' in html


def test_a_current_address_that_is_none_loses_no_comment(member_client, url):
    response = member_client.post(url, sent(), headers=HTMX | {"HX-Current-URL": "http://[x"})

    assert response.status_code == 200
    assert Comment.objects.exists()


def test_htmx_puts_a_reply_below_what_it_answers_and_takes_its_form_away(member_client, paper, url):
    parent = make_comment(paper=paper)

    html = html_of(member_client.post(url, sent(parent=parent.pk), headers=HTMX))

    assert Comment.objects.get(parent=parent)
    assert f'hx-swap-oob="beforeend:#replies-{parent.pk}"' in html
    assert "<form" not in html


def test_a_double_press_posts_once_and_shows_the_same(member_client, url):
    press = sent()

    answers = {member_client.post(url, press).url for _ in range(2)}

    assert len(answers) == Comment.objects.count() == 1


def test_a_retry_of_htmx_is_led_to_what_the_first_press_posted(member_client, url):
    press = sent()
    member_client.post(url, press, headers=HTMX)

    response = member_client.post(url, press, headers=HTMX)

    assert f"#comment-{Comment.objects.get().pk}" in response.headers["HX-Redirect"]


def test_a_used_form_keeps_another_text_and_posts_it_with_the_next_press(member_client, url):
    press = sent()
    member_client.post(url, press)

    response = member_client.post(url, press | {"text": "A second thought."})

    html = html_of(response)
    assert response.status_code == 422
    assert "A second thought." in html
    assert press["key"] not in html


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_comment_that_is_refused_keeps_its_text_and_its_passage(member_client, url, headers):
    fields = sent(text="x " * 6_000, anchor_part="abstract", anchor_exact="reading is good")

    response = member_client.post(url, fields, headers=headers)

    html = html_of(response)
    assert response.status_code == 422
    assert "Shorten it" in html
    assert "x x x x" in html
    assert 'name="anchor_exact" value="reading is good"' in html
    assert fields["key"] in html
    assert not Comment.objects.exists()


def test_a_place_that_makes_no_sense_is_shown_again_with_the_text(member_client, url):
    html = html_of(member_client.post(url, sent(place_kind="page", place="iv")))

    assert "not the number of a page" in html
    assert 'value="iv"' in html
    assert "Lemma 2" in html


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_too_many_comments_are_refused_with_when_to_come_back(
    member_client, url, monkeypatch, headers
):
    monkeypatch.setattr(limits, "COMMENT", RateLimit("comment", per_minute=10, burst=1))
    member_client.post(url, sent())
    press = sent(text="Too quick.")

    response = member_client.post(url, press, headers=headers)

    html = html_of(response)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) >= 1
    assert "Too quick." in html
    assert "Your text was kept" in html
    assert press["key"] in html
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("parent", ["999999999", "x", "-1", "9" * 30])
def test_an_answer_to_what_is_not_there_keeps_the_text_for_a_comment(member_client, url, parent):
    response = member_client.post(url, sent(parent=parent))

    html = html_of(response)
    assert response.status_code == 422
    assert "is gone" in html
    assert "Lemma 2" in html
    assert 'name="parent" value' not in html


def test_an_answer_to_what_was_taken_back_shows_why_on_its_page(member_client, paper, url):
    parent = make_comment(paper=paper, taken_back_at=timezone.now(), text="A secret.")

    response = member_client.post(url, sent(parent=parent.pk))

    html = html_of(response)
    assert response.status_code == 422
    assert "Lemma 2" in html
    assert "A secret." not in html


def test_a_closed_thread_takes_no_comment_and_keeps_the_text(member_client, paper, url):
    make_thread(paper, locked_at=timezone.now())

    response = member_client.post(url, sent(), headers=HTMX)

    assert response.status_code == 422
    assert "closed this thread" in html_of(response)
    assert "Lemma 2" in html_of(response)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_first_link_of_a_new_account_says_that_it_waits(client, url, headers):
    client.force_login(make_user(joined_at=timezone.now() - timedelta(days=2)))

    response = client.post(url, sent(text="See https://elsewhere.example/x"), headers=headers)

    html = html_of(response) if headers else html_of(client.get(response.url))
    assert Comment.objects.get().held_at
    assert "A moderator has to approve your comment" in html


# A session that lapsed --------------------------------------------------------------------------


def test_a_lapsed_sessions_comment_waits_for_the_sign_in_and_is_there_after_it(client, paper, url):
    member = make_user()
    press = sent(place_kind="page", place="3")

    led = client.post(url, press)
    page = client.get(led.url)
    back = client.post(
        "/sign-in",
        {
            "login": member.username,
            "password": PASSWORD,
            "next": page.context["request"].GET["next"],
        },
    )

    assert "Your comment is kept; you can post it once you sign in." in html_of(page)
    assert back.url == f"/papers/{paper.external_id}?draft=1#write"
    html = html_of(client.get(back.url))
    assert "Lemma 2 needs a bound." in html
    assert press["key"] in html
    assert 'value="3"' in html
    assert not Comment.objects.exists()


def test_a_lapsed_sessions_reply_leads_back_to_its_own_form(client, paper, url):
    parent = make_comment(paper=paper)
    led = client.post(url, sent(parent=parent.pk))
    client.force_login(make_user())

    html = html_of(client.get(f"/comments/{parent.pk}/reply?draft=1"))

    assert f"%2Fcomments%2F{parent.pk}%2Freply" in led.url.replace("/", "%2F")
    assert "Lemma 2 needs a bound." in html


def test_visitors_leave_no_endless_row_of_drafts(url, monkeypatch):
    monkeypatch.setattr(limits, "DRAFT", RateLimit("draft", per_minute=0.01, burst=1))
    answers = [Client().post(url, {"text": "Buy."}).status_code for _ in range(11)]

    assert (set(answers[:10]), answers[10]) == ({302}, 429)
    assert Session.objects.count() == 10


def test_what_was_posted_after_the_sign_in_is_no_draft_any_more(client, paper, url):
    press = sent()
    client.post(url, press)
    client.force_login(make_user())

    client.post(url, press)

    assert Comment.objects.count() == 1
    assert (
        "Lemma 2"
        not in html_of(client.get(f"{paper.get_absolute_url()}?draft=1"))
        .partition("</form>")[0]
        .partition("<form")[2]
    )
    assert drafts.find(client.session, place=f"paper:{paper.external_id}") is None


def test_under_htmx_a_lapsed_session_leaves_the_page_for_the_sign_in(client, url):
    response = client.post(url, sent(), headers=HTMX)

    assert response.headers["HX-Redirect"].startswith("/sign-in?next=")
    assert client.session["discussions_drafts"]


def test_a_visitors_empty_post_keeps_nothing(client, url):
    response = client.post(url, {"text": "  "})

    assert "draft" not in response.url
    assert "discussions_drafts" not in client.session


def test_a_suspended_members_comment_is_not_posted(client, member, url):
    client.force_login(member)
    type(member).objects.filter(pk=member.pk).update(is_active=False)

    response = client.post(url, sent())

    assert response.url.startswith("/sign-in")
    assert not Comment.objects.exists()


def test_a_visitor_learns_nothing_of_a_private_thread(client, club):
    for pk in (club.thread.pk, 999_999):
        response = client.post(f"/threads/{pk}/comments", sent())
        assert response.url.startswith("/sign-in?next=/threads/")


# Threads of other apps --------------------------------------------------------------------------


def test_a_comment_in_a_private_thread_leads_to_its_page(member_client, club):
    response = member_client.post(f"/threads/{club.thread.pk}/comments", sent())

    comment = Comment.objects.get(thread=club.thread)
    assert response.url == f"/club?comment={comment.pk}#comment-{comment.pk}"


def test_an_error_in_a_private_thread_keeps_the_text(member_client, club):
    response = member_client.post(f"/threads/{club.thread.pk}/comments", sent(text="x" * 10_001))

    assert response.status_code == 422
    assert "xxxx" in html_of(response)


@pytest.mark.parametrize("path", ["", "/comments", "/attention", "/seen"])
def test_an_outsider_finds_no_private_thread(client, club, path):
    client.force_login(make_user())
    act = client.post if path else client.get

    fields = sent(attention="muted", up_to="1")
    assert act(f"/threads/{club.thread.pk}{path}", fields).status_code == 404
    assert not Comment.objects.exists()
    assert not ThreadReading.objects.exists()


def test_a_threads_address_leads_to_the_page_that_shows_it(client, member_client, paper, club):
    thread = make_thread(paper)

    assert client.get(f"/threads/{thread.pk}?sort=newest").url == (
        f"/papers/{paper.external_id}?sort=newest#thread"
    )
    assert member_client.get(f"/threads/{club.thread.pk}").url == "/club#thread"


def test_a_thread_that_no_app_answers_for_is_not_found(member_client):
    assert member_client.get(f"/threads/{Thread.objects.create().pk}").status_code == 404


# Attention, and how far one has read ---------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "kept"), [("watching", "watching"), ("muted", "muted"), ("usual", ""), ("", "")]
)
def test_a_member_chooses_what_to_hear_of_a_paper(member_client, member, paper, asked, kept):
    response = member_client.post(f"{paper.get_absolute_url()}/attention", {"attention": asked})

    reading = ThreadReading.objects.get(member=member, thread__paper=paper)
    assert reading.attention == kept
    assert response.url == f"/papers/{paper.external_id}#thread"


@pytest.mark.parametrize("attention", ["", "loud"])
def test_attention_of_no_known_kind_is_refused_and_makes_no_thread(member_client, paper, attention):
    fields = {"attention": attention} if attention else {}

    response = member_client.post(f"{paper.get_absolute_url()}/attention", fields)

    assert response.status_code == 400
    assert not Thread.objects.exists()


def test_a_member_mutes_a_private_thread(member_client, club):
    member_client.post(f"/threads/{club.thread.pk}/attention", {"attention": "muted"})

    assert ThreadReading.objects.get().attention == "muted"


def test_what_was_on_the_screen_is_noted(member_client, paper):
    comment = make_comment(paper=paper)

    response = member_client.post(f"/threads/{comment.thread_id}/seen", {"up_to": comment.pk})

    assert response.status_code == 204
    assert ThreadReading.objects.get().seen_up_to == comment.pk


@pytest.mark.parametrize("up_to", ["", "x", "-3", "9" * 40])
def test_nonsense_is_nothing_that_was_seen(member_client, up_to):
    thread = make_thread()

    response = member_client.post(f"/threads/{thread.pk}/seen", {"up_to": up_to})

    assert response.status_code == 400
