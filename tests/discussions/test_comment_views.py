"""One comment: its permalink, answering it, editing it, deleting it."""

from __future__ import annotations

import json

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from common.rate_limits import RateLimit
from discussions.blocks import blocks
from discussions.comments import limits
from discussions.models import Comment, Revision
from tests.builders import PASSWORD, make_paper, make_user
from tests.discussions.builders import make_comment, make_thread

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def own(member):
    """A comment of the member's own."""
    return make_comment(author=member, text="Lemma 2 holds.")


def html_of(response):
    return response.content.decode()


def said_to(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def in_club(club, **fields):
    return make_comment(thread=club.thread, **fields)


# The permalink --------------------------------------------------------------------------------


def test_a_permalink_leads_to_the_place_of_the_comment(client):
    comment = make_comment(paper=make_paper("2611.00001"))

    response = client.get(f"/comments/{comment.pk}")

    assert response.url == f"/papers/2611.00001?comment={comment.pk}#comment-{comment.pk}"


def test_a_permalink_of_a_private_thread_leads_its_readers_alone(client, member_client, club):
    comment = in_club(club)

    assert member_client.get(f"/comments/{comment.pk}").url.startswith("/club?comment=")
    assert client.get(f"/comments/{comment.pk}").status_code == 404


@pytest.mark.parametrize("path", ["reply", "edit", "delete", "history", "vote", "reactions"])
def test_an_outsider_finds_no_comment_of_a_private_thread(client, club, path):
    comment = in_club(club)
    client.force_login(make_user())

    assert client.get(f"/comments/{comment.pk}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "/reply", "/history", "/reactions"])
def test_a_comment_that_waits_is_there_for_its_author_and_moderators_alone(client, path):
    author = make_user()
    comment = make_comment(author=author, held_at=timezone.now())
    found = {}
    for reader in (make_user(), author, make_user(is_moderator=True)):
        client.force_login(reader)
        found[reader] = client.get(f"/comments/{comment.pk}{path}").status_code != 404

    assert list(found.values()) == [False, True, True]


# Answering -------------------------------------------------------------------------------------


def test_without_htmx_an_answer_has_a_page_with_the_comment_above_the_form(member_client):
    parent = make_comment(text="What of n = 1?")

    html = html_of(member_client.get(f"/comments/{parent.pk}/reply"))

    assert "<!doctype html>" in html
    assert "What of n = 1?" in html
    assert f'id="write-{parent.pk}"' in html
    assert f'name="parent" value="{parent.pk}"' in html


def test_htmx_gets_the_form_alone(member_client):
    parent = make_comment()

    html = html_of(member_client.get(f"/comments/{parent.pk}/reply", headers=HTMX))

    assert "<!doctype" not in html
    assert "<form" in html


def test_a_quote_comes_with_the_form_and_without_what_it_quotes_itself(member_client):
    parent = make_comment(author=make_user("ada"), text="First.\n\n> Old.\n\nNew.")

    html = html_of(member_client.get(f"/comments/{parent.pk}/reply?quote=1"))

    assert "&gt; @ada:\n&gt;\n&gt; First.\n&gt;\n&gt; New.\n\n</textarea>" in html
    assert "&gt; &gt; Old." not in html


def test_a_long_comment_is_quoted_in_part(member_client):
    parent = make_comment(text="word " * 2_000)

    html = html_of(member_client.get(f"/comments/{parent.pk}/reply?quote=1", headers=HTMX))

    assert "word …" in html
    assert len(html) < 12_000


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("gone", ["hidden_at", "taken_back_at"])
def test_what_is_gone_is_neither_answered_nor_quoted(member_client, headers, gone):
    parent = make_comment(text="A secret.", **{gone: timezone.now()})

    html = html_of(member_client.get(f"/comments/{parent.pk}/reply?quote=1", headers=headers))

    assert "is gone" in html
    assert 'class="comment-form"' not in html
    assert "A secret." not in html


def test_in_a_closed_thread_nobody_answers_but_a_moderator(client):
    parent = make_comment(thread=make_thread(locked_at=timezone.now()))
    answers = []
    for reader in (make_user(), make_user(is_moderator=True)):
        client.force_login(reader)
        answers.append(
            'class="comment-form"' in html_of(client.get(f"/comments/{parent.pk}/reply"))
        )

    assert answers == [False, True]


def test_those_who_keep_apart_read_and_answer_nothing_of_each_other(member_client, member):
    parent = make_comment(text="A secret.")
    blocks.block(member=parent.author, other=member)

    html = html_of(member_client.get(f"/comments/{parent.pk}/reply?quote=1"))

    assert "You cannot reply to this comment" in html
    assert "A secret." not in html


# Editing ---------------------------------------------------------------------------------------


def test_an_edit_changes_the_text_and_keeps_what_it_said(member_client, own):
    response = member_client.post(f"/comments/{own.pk}/edit", {"text": "Lemma 2 fails."})

    own.refresh_from_db()
    assert own.text == "Lemma 2 fails."
    assert Revision.objects.get().text == "Lemma 2 holds."
    assert response.url.endswith(f"#comment-{own.pk}")
    assert "in its history" in said_to(response)


def test_htmx_puts_the_new_text_in_its_place(member_client, own):
    response = member_client.post(f"/comments/{own.pk}/edit", {"text": "It *fails*."}, headers=HTMX)

    html = html_of(response)
    assert f'hx-swap-oob="innerHTML:#comment-{own.pk} &gt; details &gt; .said"' in html
    assert "<em>fails</em>" in html
    assert f'/comments/{own.pk}/history">edited</a>' in html
    event = json.loads(response.headers["HX-Trigger-After-Settle"])
    assert event == {"comment:edited": {"id": own.pk}}


def test_a_second_edit_adds_no_second_link_to_the_history(member_client, own):
    for text in ("Once.", "Twice."):
        response = member_client.post(f"/comments/{own.pk}/edit", {"text": text}, headers=HTMX)

    assert "edited</a>" not in html_of(response)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_an_edit_that_is_refused_keeps_the_text(member_client, own, headers):
    response = member_client.post(
        f"/comments/{own.pk}/edit", {"text": "x" * 10_001}, headers=headers
    )

    assert response.status_code == 422
    assert "x" * 10_001 in html_of(response)


def test_an_edit_too_many_keeps_the_text_and_says_when_to_come_back(
    member_client, own, monkeypatch
):
    monkeypatch.setattr(limits, "COMMENT", RateLimit("comment", per_minute=10, burst=1))
    member_client.post(f"/comments/{own.pk}/edit", {"text": "Once."})

    response = member_client.post(f"/comments/{own.pk}/edit", {"text": "Twice."})

    assert response.status_code == 429
    assert response.headers["Retry-After"]
    assert "Twice." in html_of(response)


def test_nobody_edits_the_words_of_another(member_client):
    comment = make_comment()

    for act in (member_client.get, member_client.post):
        assert act(f"/comments/{comment.pk}/edit", {"text": "Mine now."}).status_code == 403


@pytest.mark.parametrize(
    ("state", "says"),
    [("taken_back_at", "Restore it first"), ("hidden_at", "hid "), ("held_at", "waiting")],
)
def test_a_comment_that_does_not_stand_is_not_edited_and_what_was_typed_stays(
    member_client, member, state, says
):
    own = make_comment(author=member, **{state: timezone.now()})

    asked = member_client.get(f"/comments/{own.pk}/edit")
    sent = member_client.post(f"/comments/{own.pk}/edit", {"text": "A new wording."})

    assert says in html_of(asked)
    assert 'class="comment-form"' not in html_of(asked)
    assert sent.status_code == 422
    assert "A new wording." in html_of(sent)


def test_a_moderator_edits_their_own_comment_in_a_closed_thread(client):
    moderator = make_user("Mod", is_moderator=True)
    comment = make_comment(author=moderator, thread=make_thread(locked_at=timezone.now()))
    client.force_login(moderator)

    page = html_of(client.get(f"/comments/{comment.pk}/edit"))

    assert "<textarea" in page
    assert client.post(f"/comments/{comment.pk}/edit", {"text": "Closed."}).status_code == 302


def test_a_lapsed_sessions_edit_waits_for_the_sign_in(client, own, member):
    led = client.post(f"/comments/{own.pk}/edit", {"text": "Lemma 2 fails."})
    page = client.get(led.url)
    way_back = page.wsgi_request.GET["next"]
    client.post("/sign-in", {"login": member.username, "password": PASSWORD, "next": way_back})

    assert "Your comment is kept" in html_of(page)
    assert "Lemma 2 fails." in html_of(client.get(way_back.partition("#")[0]))
    own.refresh_from_db()
    assert own.text == "Lemma 2 holds."


def test_what_is_too_long_to_be_kept_until_the_sign_in_is_not_cut(client, own):
    led = client.post(f"/comments/{own.pk}/edit", {"text": "x" * 20_001})

    assert "too long to be kept" in html_of(client.get(led.url))
    assert "draft" not in led.url


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_an_edit_that_is_too_long_is_refused_and_kept_whole(member_client, own, headers):
    text = "word " * 2_400 + "end"

    response = member_client.post(f"/comments/{own.pk}/edit", {"text": text}, headers=headers)

    assert response.status_code == 422
    assert text in html_of(response)
    assert "this text has 12,003" in html_of(response)


def test_a_saved_draft_is_forgotten(client, own, member):
    client.post(f"/comments/{own.pk}/edit", {"text": "Lemma 2 fails."})
    client.force_login(member)

    client.post(f"/comments/{own.pk}/edit", {"text": "Lemma 2 is true."})

    assert "fails" not in html_of(client.get(f"/comments/{own.pk}/edit"))


# Deleting --------------------------------------------------------------------------------------


def test_deleting_is_asked_first_and_says_what_becomes_of_it(member_client, own):
    html = html_of(member_client.get(f"/comments/{own.pk}/delete"))

    assert "Delete your comment?" in html
    own.refresh_from_db()
    assert own.taken_back_at is None


def test_a_comment_is_deleted_and_restored(member_client, own):
    url = f"/comments/{own.pk}/delete"

    response = member_client.post(url, {"do": "delete"})
    own.refresh_from_db()
    assert own.taken_back_at
    assert "You can restore it" in said_to(response)
    assert "Restore your comment?" in html_of(member_client.get(url))

    member_client.post(url, {"do": "restore"})
    own.refresh_from_db()
    assert own.taken_back_at is None


def test_taking_back_twice_is_harmless(member_client, own):
    for _ in range(2):
        response = member_client.post(f"/comments/{own.pk}/delete", {"do": "delete"})

    own.thread.refresh_from_db()
    assert response.status_code == 302
    assert own.thread.comment_count == 0


def test_what_a_moderator_hid_stays_gone_and_says_so(member_client, member):
    own = make_comment(author=member, taken_back_at=timezone.now(), hidden_at=timezone.now())

    response = member_client.post(f"/comments/{own.pk}/delete", {"do": "restore"})

    assert response.status_code == 422
    assert "A moderator hid this comment" in html_of(response)


@pytest.mark.parametrize("do", ["", "down"])
def test_a_press_that_says_nothing_deletes_nothing(member_client, own, do):
    assert member_client.post(f"/comments/{own.pk}/delete", {"do": do}).status_code == 400
    assert Comment.objects.shown().exists()


def test_nobody_takes_back_the_words_of_another(client):
    comment = make_comment()
    client.force_login(make_user(is_moderator=True))

    response = client.post(f"/comments/{comment.pk}/delete", {"do": "delete"})

    assert response.status_code == 403


def test_a_visitor_who_wants_to_reply_is_told_what_the_sign_in_is_for(client):
    comment = make_comment(author=make_user("ada", full_name="Ada Lovelace"))

    page = client.get(f"/comments/{comment.pk}/reply", follow=True).content.decode()

    assert "Sign in to reply to Ada Lovelace. You come back to the comment." in page


def test_a_visitor_who_wants_to_comment_is_told_what_the_sign_in_is_for(client):
    paper = make_paper(title="On engines")

    way_in = f"/sign-in?next={paper.get_absolute_url()}%23write"

    assert "Sign in to comment on “On engines”." in client.get(way_in).content.decode()


def test_the_sign_in_page_names_nobody_whose_comment_is_not_public(client):
    comment = make_comment(author=make_user(full_name="Ada Lovelace"), held_at=timezone.now())

    page = client.get(f"/comments/{comment.pk}/reply", follow=True).content.decode()

    assert "Ada Lovelace" not in page
