"""What is about sections that a member has not read: folded for who asked for it, and there."""

from __future__ import annotations

import uuid

import pytest

from discussions.models import Comment
from groups.models import CommentPlace, Progress, Section
from tests.builders import make_user
from tests.discussions.builders import make_comment
from tests.groups.builders import make_membership, make_question
from tests.groups.conftest import client_for

pytestmark = pytest.mark.django_db

FOLDED = "which you haven’t read yet"


@pytest.fixture
def section(meeting):
    return Section.objects.create(meeting=meeting, position=1, title="The butler")


@pytest.fixture
def reader(group):
    return make_membership(group, make_user("reader"), folds_ahead=True).member


def said_of(section, **fields):
    comment = make_comment(thread=section.meeting.thread, text="He did it.", **fields)
    CommentPlace.objects.create(comment=comment, section=section)
    return comment


def page_for(reader, meeting):
    return client_for(reader).get(meeting.get_absolute_url()).text


def test_what_is_ahead_is_folded_and_there(reader, meeting, section):
    said_of(section)

    text = page_for(reader, meeting)
    assert f"About <bdi>section 1, The butler</bdi>, {FOLDED}" in text
    assert '<details class="ahead"><summary>' in text
    assert "He did it." in text


@pytest.mark.parametrize("fields", [{"state": "read"}, {"state": "reading", "has_read": True}])
def test_what_is_read_is_open(reader, meeting, section, fields):
    said_of(section)
    read = [section.pk] if fields.pop("has_read", False) else []
    Progress.objects.create(meeting=meeting, member=reader, sections_read=read, **fields)

    text = page_for(reader, meeting)
    assert FOLDED not in text
    assert "About <bdi>section 1, The butler</bdi></p>" in text


def test_it_is_folded_for_those_alone_who_asked(client, member_client, meeting, section):
    said_of(section)

    assert FOLDED not in client.get(meeting.get_absolute_url()).text
    assert FOLDED not in member_client.get(meeting.get_absolute_url()).text


def test_nobodys_own_words_are_folded(reader, meeting, section):
    said_of(section, author=reader)

    assert FOLDED not in page_for(reader, meeting)


def test_answers_are_folded_with_what_they_answer(reader, meeting, section):
    top = said_of(section)
    reply = make_comment(parent=top, text="With the candle.")

    text = page_for(reader, meeting)
    fold = text.index('<details class="ahead"><summary>')
    assert fold < text.index(f'id="comment-{reply.pk}"')
    assert text.count("<details") == text.count("</details>")


def test_questions_fold_too(reader, client, meeting, section):
    make_question(meeting, "Was it he?", section=section)
    marker = 'class="ahead" id="question-about-'

    folded = page_for(reader, meeting)
    assert f"{marker}" in folded
    assert f"About <bdi>section 1, The butler</bdi>, {FOLDED}" in folded
    unfolded = client.get(meeting.get_absolute_url()).text
    assert " open>" in unfolded[unfolded.index(marker) :][:60]
    assert FOLDED not in unfolded


def test_what_is_folded_counts(reader, meeting, section):
    said_of(section)

    assert "1 comment" in page_for(reader, meeting)


def post(client, meeting, **fields):
    fields = {"text": "A thought.", "key": str(uuid.uuid4())} | fields
    return client.post(f"/threads/{meeting.thread_id}/comments", fields)


def test_a_comment_is_tagged_with_a_section(member_client, meeting, section):
    assert 'name="about"' in member_client.get(meeting.get_absolute_url()).text
    response = post(member_client, meeting, about=section.pk)

    comment = Comment.objects.get()
    assert response["Location"].startswith(f"{meeting.get_absolute_url()}?comment={comment.pk}")
    assert CommentPlace.objects.get().section == section


def test_a_comment_is_about_all_of_it_unless_it_says_so(member_client, meeting, section):
    post(member_client, meeting)

    assert Comment.objects.exists()
    assert not CommentPlace.objects.exists()


def test_a_comment_is_about_no_section_of_another_meeting(member_client, meeting, section):
    response = post(member_client, meeting, about=section.pk + 1000)

    assert response.status_code == 422
    assert not Comment.objects.exists()


def test_without_sections_nothing_is_asked(member_client, meeting):
    assert 'name="about"' not in member_client.get(meeting.get_absolute_url()).text


def test_what_comes_in_while_one_reads_is_folded_too(reader, meeting, section):
    said_of(section)
    client = client_for(reader)
    text = client.get(f"/threads/{meeting.thread_id}/news?after=0&show=1").text

    assert FOLDED in text
