"""What a comment has said: who may read it, and what an edit changed."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from discussions.blocks import blocks
from discussions.comments import comments, history
from discussions.comments.differences import DifferencePiece
from tests.builders import make_user
from tests.discussions.builders import make_comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def edited(member):
    comment = make_comment(author=member, text="Lemma 2 holds.")
    return comments.edit_comment(comment=comment, editor=member, text="Lemma 2 fails.")


def url_of(comment):
    return f"/comments/{comment.pk}/history"


def html_of(response):
    return response.content.decode()


def edit_times(comment, times):
    for number in range(times):
        comment = comments.edit_comment(
            comment=comment, editor=comment.author, text=f"Wording {number}."
        )
    return comment


def test_versions_come_newest_first_each_with_what_it_changed(edited):
    newest, first = history.history_of(edited).versions

    assert (newest.number, newest.is_current) == (2, True)
    assert DifferencePiece("removed", " holds") in newest.pieces
    assert DifferencePiece("added", " fails") in newest.pieces
    assert (first.number, first.is_current) == (1, False)
    assert first.pieces == [DifferencePiece("kept", "Lemma 2 holds.")]


def test_a_version_was_written_when_it_was_said(edited):
    newest, first = history.history_of(edited).versions

    assert newest.written_at == edited.edited_at
    assert first.written_at == edited.created_at


def test_a_comment_never_edited_has_one_version():
    found = history.history_of(make_comment(text="Once."))

    assert [version.number for version in found.versions] == [1]
    assert found.older is None


def test_a_long_history_comes_in_parts_that_leave_out_nothing(member):
    comment = edit_times(make_comment(author=member), 24)
    numbers, up_to = [], None
    while True:
        found = history.history_of(comment, up_to=up_to)
        numbers += [version.number for version in found.versions]
        if found.older is None:
            break
        up_to = found.older

    assert numbers == list(range(25, 0, -1))


def test_the_oldest_version_of_a_part_is_compared_with_the_one_before(member):
    comment = edit_times(make_comment(author=member), 24)

    oldest = history.history_of(comment).versions[-1]

    assert [piece.kind for piece in oldest.pieces] == ["kept", "removed", "added", "kept"]


def test_more_versions_cost_no_more_queries(member, count_queries):
    few = edit_times(make_comment(author=member), 1)
    many = edit_times(make_comment(author=member), 9)

    assert count_queries(lambda: history.history_of(many)) == 1
    assert count_queries(lambda: history.history_of(few)) == 1


def test_everybody_reads_the_history_and_hears_the_difference(client, edited):
    html = html_of(client.get(url_of(edited)))

    assert re.search(r'<ins><span\s+class="visually-hidden">\[added: </span> fails', html)
    assert re.search(r'<del><span\s+class="visually-hidden">\[removed: </span> holds', html)
    assert ", original" in html


def test_what_was_written_is_shown_and_never_run(client, member):
    comment = make_comment(author=member, text="<script>alert(1)</script>")

    html = html_of(client.get(url_of(comment)))

    assert "&lt;script&gt;alert(1)" in html


@pytest.mark.parametrize("up_to", ["1", "0", "-1", "x", "99999", "9" * 40])
def test_a_part_that_makes_no_sense_is_some_part(client, edited, up_to):
    response = client.get(url_of(edited), {"up_to": up_to})

    assert response.status_code == 200
    assert "Version 1" in html_of(response)


@pytest.mark.parametrize(
    ("state", "readers"),
    [
        ("taken_back_at", {"author"}),
        ("hidden_at", {"author", "moderator"}),
    ],
)
def test_what_is_gone_is_read_only_by_those_who_may(client, edited, state, readers):
    setattr(edited, state, timezone.now())
    edited.save()
    people = {
        "visitor": None,
        "member": make_user(),
        "author": edited.author,
        "moderator": make_user(is_moderator=True),
    }
    found = set()
    for role, user in people.items():
        client.logout()
        if user:
            client.force_login(user)
        if "Lemma" in html_of(client.get(url_of(edited))):
            found.add(role)

    assert found == readers


def test_those_who_keep_apart_read_no_history_of_each_other(client, edited):
    reader = make_user()
    blocks.block(member=reader, other=edited.author)
    client.force_login(reader)

    html = html_of(client.get(url_of(edited)))

    assert "blocked the other" in html
    assert "Lemma" not in html
