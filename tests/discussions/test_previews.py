"""What a text will look like, and the way back from there to its form."""

from __future__ import annotations

import pytest

from common.rate_limits import RateLimit
from discussions.comments import limits, rendering
from discussions.models import Comment
from tests.builders import make_paper, make_user
from tests.discussions.builders import make_comment

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def own(member):
    """A comment of the member's own."""
    return make_comment(author=member, text="Lemma 2 holds.")


def html_of(response):
    return response.content.decode()


def preview(client, headers=HTMX, **fields):
    fields = {"text": "It is $x^2$.", "where": "paper:2611.00001"} | fields
    return client.post("/comments/preview", fields, headers=headers)


@pytest.fixture
def paper():
    return make_paper("2611.00001")


def test_a_preview_is_what_would_be_stored(member_client, paper):
    html = html_of(preview(member_client))

    assert rendering.render("It is $x^2$.").html in html
    assert 'id="preview-write"' in html
    assert not Comment.objects.exists()


def test_without_htmx_a_preview_is_a_page_with_the_form_as_it_was(member_client, paper):
    key = "12345678-1234-4234-8234-123456789012"

    html = html_of(preview(member_client, headers={}, key=key, place_kind="figure", place="2"))

    assert "<math" in html
    assert "It is $x^2$.</textarea>" in html
    assert key in html
    assert 'value="2"' in html
    assert "/papers/2611.00001/comments" in html


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_preview_of_nothing_says_so(member_client, paper, headers):
    response = preview(member_client, headers=headers, text=" ")

    assert response.status_code == 422
    assert "Write something first" in html_of(response)


def test_a_preview_knows_an_answer_and_an_edit(member_client, own):
    parent = make_comment()

    reply = html_of(preview(member_client, headers={}, where=f"reply:{parent.pk}"))
    edit = html_of(preview(member_client, headers={}, where=f"edit:{own.pk}"))

    assert f'id="write-{parent.pk}"' in reply
    assert f'action="/comments/{own.pk}/edit"' in edit


def test_a_preview_knows_a_private_thread(member_client, club):
    html = html_of(preview(member_client, headers={}, where=f"thread:{club.thread.pk}"))

    assert f'action="/threads/{club.thread.pk}/comments"' in html


@pytest.mark.parametrize(
    "where", ["", "moon:1", "thread:x", "reply:", "edit:99999", "reply:" + "9" * 30, "paper:x"]
)
def test_a_preview_from_nowhere_shows_the_text_and_no_form(member_client, where):
    response = preview(member_client, headers={}, where=where)

    assert response.status_code == 200
    assert 'class="comment-form"' not in html_of(response)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_passage_is_taken_off_the_form_and_the_text_stays(member_client, paper, headers):
    passage = {"anchor_part": "abstract", "anchor_exact": "reading is good"}

    html = html_of(preview(member_client, headers=headers, preview="without-passage", **passage))

    assert "It is $x^2$.</textarea>" in html
    assert "reading is good" not in html


def test_previews_have_a_limit(member_client, paper, monkeypatch):
    monkeypatch.setattr(limits, "PREVIEW", RateLimit("preview", per_minute=1, burst=1))
    preview(member_client)

    assert preview(member_client).status_code == 429


def test_a_lapsed_sessions_preview_leads_back_to_the_form_with_its_text(client, paper):
    led = preview(client, headers={})
    client.force_login(make_user())

    assert led.url == "/sign-in?next=/papers/2611.00001%3Fdraft%3D1%23write"
    assert "It is $x^2$." in html_of(client.get("/papers/2611.00001?draft=1"))


def test_a_lapsed_sessions_preview_of_an_edit_leads_back_to_the_edit(client, own, member):
    led = preview(client, headers={}, where=f"edit:{own.pk}", text="A new wording.")
    client.force_login(member)

    assert led.url.startswith(f"/sign-in?next=/comments/{own.pk}/edit")
    assert "A new wording." in html_of(client.get(f"/comments/{own.pk}/edit"))


@pytest.mark.parametrize("where", ["", "moon:1", "paper:../x", "edit:x", "thread:-1", "reply:"])
def test_a_lapsed_sessions_preview_from_nowhere_leads_to_the_sign_in(client, where):
    assert preview(client, headers={}, where=where).url == "/sign-in?next=/"
