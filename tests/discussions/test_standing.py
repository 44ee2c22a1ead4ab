"""What stands is counted, and a count moves once."""

from __future__ import annotations

import pytest

from discussions.comments import visibility
from discussions.models import Comment, Thread
from papers.models import PaperTally
from tests.discussions.builders import make_comment, make_thread

pytestmark = pytest.mark.django_db


def counts_of(thread):
    thread.refresh_from_db()
    tally = PaperTally.objects.get(paper=thread.paper_id).comment_count
    assert tally == thread.comment_count
    return tally


ACTS = {
    "hidden": (lambda pk: visibility.hide(comment_id=pk, reason="Off topic."), visibility.restore),
    "held": (lambda pk: visibility.hold(comment_id=pk), visibility.release),
    "taken back": (lambda pk: visibility.delete(comment_id=pk), visibility.undelete),
}


@pytest.mark.parametrize(("act", "undo"), ACTS.values(), ids=ACTS)
def test_a_comment_that_goes_is_not_counted_and_one_that_returns_is(act, undo):
    comment = make_comment()

    assert act(comment.pk)
    assert counts_of(comment.thread) == 0

    assert undo(comment_id=comment.pk)
    assert counts_of(comment.thread) == 1


@pytest.mark.parametrize(("act", "undo"), ACTS.values(), ids=ACTS)
def test_doing_it_twice_moves_nothing(act, undo):
    comment = make_comment()

    assert act(comment.pk)
    assert not act(comment.pk)
    assert counts_of(comment.thread) == 0

    assert undo(comment_id=comment.pk)
    assert not undo(comment_id=comment.pk)
    assert counts_of(comment.thread) == 1


def test_what_is_gone_for_two_reasons_returns_when_both_are_over():
    comment = make_comment()
    visibility.delete(comment_id=comment.pk)
    visibility.hide(comment_id=comment.pk, reason="Spam.")
    assert counts_of(comment.thread) == 0

    visibility.restore(comment_id=comment.pk)
    assert counts_of(comment.thread) == 0

    visibility.undelete(comment_id=comment.pk)
    assert counts_of(comment.thread) == 1


def test_the_reason_stands_while_the_comment_is_hidden():
    comment = make_comment()

    visibility.hide(comment_id=comment.pk, reason="Off topic.")
    comment.refresh_from_db()
    assert comment.hidden_reason == "Off topic."

    visibility.restore(comment_id=comment.pk)
    comment.refresh_from_db()
    assert comment.hidden_reason == ""


def test_an_author_does_not_put_back_what_a_moderator_hid():
    comment = make_comment()
    visibility.delete(comment_id=comment.pk)
    visibility.hide(comment_id=comment.pk, reason="Spam.")

    assert not visibility.undelete(comment_id=comment.pk)


def test_a_branch_counts_what_is_below_it_in_whatever_state():
    start = make_comment()
    reply = make_comment(parent=start)

    visibility.hide(comment_id=reply.pk, reason="Off topic.")

    start.refresh_from_db()
    assert start.descendant_count == 1


def test_when_somebody_last_spoke_is_not_turned_back():
    comment = make_comment()
    thread = Thread.objects.get(pk=comment.thread_id)

    visibility.hide(comment_id=comment.pk, reason="Off topic.")

    assert Thread.objects.get().last_comment_at == thread.last_comment_at


def test_a_thread_without_a_paper_is_counted_too():
    thread = Thread.objects.create()
    comment = make_comment(thread=thread)

    visibility.hide(comment_id=comment.pk, reason="Off topic.")

    thread.refresh_from_db()
    assert thread.comment_count == 0


def test_nothing_happens_to_a_comment_that_is_not_there():
    assert not visibility.hide(comment_id=10**9, reason="Off topic.")


def test_a_recount_confirms_what_was_counted():
    comment = make_comment(parent=make_comment())
    visibility.hide(comment_id=comment.pk, reason="Off topic.")

    assert visibility.recount() == visibility.Drift(threads=0, comments=0, tallies=0)


def test_a_recount_puts_right_what_drifted(caplog):
    comment = make_comment(parent=make_comment()).root
    empty = make_thread(comment_count=7)
    Thread.objects.filter(pk=comment.thread_id).update(comment_count=9)
    Comment.objects.filter(pk=comment.pk).update(descendant_count=3, points=2, vote_count=1)
    PaperTally.objects.update(comment_count=4)

    with caplog.at_level("WARNING"):
        assert visibility.recount() == visibility.Drift(threads=2, comments=1, tallies=2)

    assert (counts_of(comment.thread), counts_of(empty)) == (2, 0)
    comment.refresh_from_db()
    assert (comment.descendant_count, comment.points, comment.vote_count) == (1, 0, 0)
    assert "had drifted" in caplog.text


def test_a_recount_puts_right_points_alone():
    comment = make_comment(points=0.5)

    assert visibility.recount().comments == 1

    comment.refresh_from_db()
    assert comment.points == 0
