"""What a lapsed session's post leaves behind: bounded, its own, and gone in time."""

from __future__ import annotations

import time

import pytest
from django.contrib.sessions.backends.db import SessionStore

from discussions.comments import drafts


@pytest.fixture
def session():
    return SessionStore()


def test_what_was_typed_is_found_at_its_place(session):
    drafts.keep(session, place="paper:1", fields={"text": "Lemma 2 fails.", "key": "k"})

    assert drafts.find(session, place="paper:1") == {"text": "Lemma 2 fails.", "key": "k"}
    assert drafts.find(session, place="paper:2") is None


def test_whoever_else_signs_in_at_the_browser_is_not_shown_it(session):
    drafts.keep(session, place="paper:1", fields={"text": "Lemma 2 fails.", "writer": "ada"})

    assert drafts.find(session, place="paper:1", reader="ada") == {"text": "Lemma 2 fails."}
    assert drafts.find(session, place="paper:1", reader="charles") is None


def test_nothing_is_kept_but_the_form_s_own_fields(session):
    drafts.keep(session, place="paper:1", fields={"text": "x", "csrfmiddlewaretoken": "secret"})

    assert drafts.find(session, place="paper:1") == {"text": "x"}


def test_a_second_draft_at_one_place_replaces_the_first(session):
    for text in ("first", "second"):
        drafts.keep(session, place="paper:1", fields={"text": text})

    assert drafts.find(session, place="paper:1") == {"text": "second"}


def test_no_more_than_three_wait_and_the_oldest_goes(session):
    for number in range(4):
        drafts.keep(session, place=f"paper:{number}", fields={"text": "x"})

    assert drafts.find(session, place="paper:0") is None
    assert all(drafts.find(session, place=f"paper:{number}") for number in (1, 2, 3))


def test_no_draft_is_longer_than_a_session_may_hold(session):
    assert not drafts.keep(session, place="paper:1", fields={"text": "x" * 20_001})

    assert drafts.find(session, place="paper:1") is None


def test_no_part_of_a_draft_is_cut(session):
    fields = {"text": "x" * 20_000, "place": "y" * 2_001}

    assert drafts.keep(session, place="paper:1", fields=fields)

    assert drafts.find(session, place="paper:1") == {"text": "x" * 20_000}


def test_a_draft_is_gone_after_a_day(session, monkeypatch):
    drafts.keep(session, place="paper:1", fields={"text": "x"})
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 24 * 3600 + 1)

    assert drafts.find(session, place="paper:1") is None


def test_what_was_posted_is_forgotten_and_the_rest_stays(session):
    drafts.keep(session, place="paper:1", fields={"text": "x"})
    drafts.keep(session, place="paper:2", fields={"text": "y"})

    drafts.forget(session, place="paper:1")

    assert drafts.find(session, place="paper:1") is None
    assert drafts.find(session, place="paper:2")


def test_looking_and_forgetting_nothing_leave_the_session_alone(session):
    drafts.find(session, place="paper:1")
    drafts.forget(session, place="paper:1")

    assert not session.modified
