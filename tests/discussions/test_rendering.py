"""Comments rendered with what the site knows, and anew."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.safestring import SafeString

from common import rendered_text, tasks
from common.rendered_text import render_slice, render_stale
from discussions.comments import rendering
from discussions.comments.rendering import RENDERED_WITH, preview, render
from discussions.markdown.comment_text import TextError
from discussions.models import Comment
from tests.builders import make_paper, make_user
from tests.discussions.builders import make_comment

pytestmark = pytest.mark.django_db


def test_members_and_papers_are_linked_to_their_pages():
    member, paper = make_user("Ada_L"), make_paper("2401.12345")
    html = render("@ada_l on arXiv:2401.12345").html

    assert isinstance(html, SafeString)
    assert f'href="{member.get_absolute_url()}">@Ada_L</a>' in html
    assert f'href="{paper.get_absolute_url()}">arXiv:2401.12345</a>' in html


def test_a_paper_of_the_old_kind_is_linked_to_its_page():
    paper = make_paper("hep-th/9901001")

    assert f'href="{paper.get_absolute_url()}"' in render("arXiv:hep-th/9901001").html


def test_a_name_that_only_looks_like_a_members_is_text():
    make_user("modem")

    assert render("@rnodem and @mo-dem").mentioned_ids == ()


def test_a_member_who_left_is_not_mentioned():
    make_user("ada", is_active=False, closed_at=timezone.now())

    assert render("@ada").mentioned_ids == ()


def test_those_called_by_name_are_given_in_order():
    ada, bob, _eve = make_user("ada"), make_user("Bob"), make_user("eve")
    rendered = render("@bob @ada @BOB\n\n> @eve")

    assert rendered.mentioned_ids == (bob.pk, ada.pk)
    assert '"/@eve"' in rendered.html


def test_links_to_this_site_and_to_arxiv_do_not_lead_out(settings):
    settings.SITE_HOST = "octavo.example.org"
    text = "https://octavo.example.org/x https://arxiv.org/pdf/2401.12345"

    assert not render(text).links_out
    assert render(f"{text} https://a.org").foreign_links == ("https://a.org",)
    assert render(f"{text} <mailto:shop@a.org>").links_out


def test_a_host_in_disguise_leads_out(settings):
    settings.SITE_HOST = "octavo.example.org"

    assert render("https://octavo.example.org@a.org/").links_out


def test_rendering_costs_two_queries_however_much_is_named(django_assert_num_queries):
    text = " ".join(f"@name{n} arXiv:2401.{n:05}" for n in range(1, 100))

    with django_assert_num_queries(2):
        render(text)


def test_plain_words_cost_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        render("Just words, and $x^2$.")


def test_a_preview_is_what_would_be_stored():
    make_user("ada")

    assert preview("@ada[^1]\n\n[^1]: $x$") == render("@ada[^1]\n\n[^1]: $x$").html


def test_what_cannot_be_rendered_is_refused():
    with pytest.raises(TextError):
        render("x" * 10_001)


# Anew ------------------------------------------------------------------------------------


def test_comments_of_an_older_renderer_are_rendered_anew():
    make_user("ada")
    comment = make_comment(text="**@ada**", html="old", rendered_with=0)

    assert render_stale() == 1
    comment.refresh_from_db()
    assert comment.html == '<p><strong><a class="mention" href="/@ada">@ada</a></strong></p>\n'
    assert comment.rendered_with == RENDERED_WITH


def test_what_is_rendered_stays():
    make_comment(html="kept", rendered_with=RENDERED_WITH)

    assert render_stale() == 0
    assert Comment.objects.get().html == "kept"


def test_a_text_refused_today_is_shown_as_it_was_typed():
    make_comment(text="> " * 30 + "a <b>", rendered_with=0)
    render_stale()

    assert Comment.objects.get().html == "<p>" + "&gt; " * 30 + "a &lt;b&gt;</p>"


def test_a_comment_that_cannot_be_rendered_keeps_no_other_one_waiting(monkeypatch):
    fine, broken = (make_comment(text=text, rendered_with=0) for text in ("*fine*", "<b>"))
    parse = rendering.parse
    monkeypatch.setattr(
        rendering, "parse", lambda text: parse(text) if text == "*fine*" else parse(1 / 0)
    )

    assert render_stale() == 2
    fine.refresh_from_db()
    broken.refresh_from_db()
    assert "<em>fine</em>" in fine.html
    assert broken.html == "<p>&lt;b&gt;</p>"


def test_beat_has_comments_rendered_anew():
    comment = make_comment(text="*anew*", rendered_with=0)

    assert tasks.render_texts.name in {
        entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()
    }
    tasks.render_texts()
    comment.refresh_from_db()
    assert "<em>anew</em>" in comment.html


def test_a_slice_is_rendered_at_a_time(monkeypatch):
    monkeypatch.setattr(rendered_text, "SLICE", 2)
    for _ in range(3):
        make_comment(rendered_with=0)

    assert [render_slice(Comment) for _ in range(3)] == [2, 1, 0]


def test_slices_follow_until_all_is_done(monkeypatch):
    monkeypatch.setattr(rendered_text, "SLICE", 2)
    for _ in range(3):
        make_comment(rendered_with=0)

    assert render_stale() == 3


def test_a_slice_costs_no_more_queries_than_one_comment(count_queries):
    make_user("ada")
    make_comment(text="@ada arXiv:2401.12345", rendered_with=0)
    one = count_queries(lambda: render_slice(Comment))
    for _ in range(10):
        make_comment(text="@ada arXiv:2401.12345", rendered_with=0)

    assert count_queries(lambda: render_slice(Comment)) == one


@pytest.mark.django_db(transaction=True)
def test_two_at_once_share_the_work(monkeypatch):
    monkeypatch.setattr(rendered_text, "SLICE", 3)
    for _ in range(4):
        make_comment(rendered_with=0)
    with transaction.atomic():
        render_slice(Comment)
        with ThreadPoolExecutor(1) as other:
            done_by_the_other = other.submit(_render_in_a_thread).result(timeout=20)

    assert done_by_the_other == 1
    assert not Comment.objects.filter(rendered_with=0).exists()


def _render_in_a_thread() -> int:
    try:
        return render_slice(Comment)
    finally:
        connection.close()
