"""What a comment offers beyond a press."""

from __future__ import annotations

import pytest
from django.utils import timezone

from discussions.models import Block
from tests.builders import make_user
from tests.discussions.builders import make_comment

pytestmark = pytest.mark.django_db


def menu_of(client, comment, **headers):
    response = client.get(f"/comments/{comment.pk}/menu", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_by_htmx_the_menu_alone_comes_open(member_client):
    menu = menu_of(member_client, make_comment(), **{"HX-Request": "true"})

    assert menu.lstrip().startswith('<details class="menu comment-menu" open')


def test_without_htmx_the_menu_is_a_page(member_client):
    assert "A comment by" in menu_of(member_client, make_comment())


def test_others_comments_may_be_reported_and_their_authors_kept_away(member_client):
    comment = make_comment(author=make_user("rui"))

    menu = menu_of(member_client, comment)

    assert f"/comments/{comment.pk}/report" in menu
    assert "/@rui/block" in menu
    assert "/edit" not in menu


def test_whoever_keeps_an_author_away_comes_back_to_the_comment(member_client):
    comment = make_comment(author=make_user("rui"))
    url = f"/@rui/block?next=/comments/{comment.pk}"
    assert url in menu_of(member_client, comment)

    page = member_client.get(url).content.decode()
    answer = member_client.post("/@rui/block", {"block": "on", "next": f"/comments/{comment.pk}"})

    assert f'href="/comments/{comment.pk}">Cancel' in page
    assert answer.url == f"/comments/{comment.pk}"


def test_ones_own_comment_may_be_changed(member, member_client):
    comment = make_comment(author=member)

    menu = menu_of(member_client, comment)

    assert f"/comments/{comment.pk}/edit" in menu
    assert f"/comments/{comment.pk}/delete" in menu
    assert "/report" not in menu


def test_who_is_kept_apart_is_not_named(member, member_client):
    other = make_user("shunned")
    Block.objects.create(member=other, blocked=member)

    assert "shunned" not in menu_of(member_client, make_comment(author=other))


def test_only_moderators_are_offered_to_moderate(client, member_client):
    comment = make_comment()
    client.force_login(make_user(is_moderator=True))

    assert f"/moderation/comments/{comment.pk}" in menu_of(client, comment)
    assert "/moderation/comments" not in menu_of(member_client, comment)


def test_a_comment_that_waits_has_no_menu_for_others(member_client):
    comment = make_comment(held_at=timezone.now())

    assert member_client.get(f"/comments/{comment.pk}/menu").status_code == 404
