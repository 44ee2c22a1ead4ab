"""Many at once, each in their own connection: nothing is lost, doubled or waits for ever."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import chain
from uuid import uuid4

import pytest
from django.db import connection, transaction

from discussions.comments import comments, forgetting, visibility, voting
from discussions.models import Comment, CommentVote, Reaction, Revision, Thread, ThreadReading
from discussions.moderation import acts
from discussions.thread import reading
from papers import trending
from papers import voting as paper_voting
from papers.models import PaperTally
from tests.builders import make_paper, make_user
from tests.discussions.builders import make_comment, make_thread

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 16
NO_DRIFT = visibility.Drift(threads=0, comments=0, tallies=0)
AGREE = Reaction.Kind.AGREE


def at_once(act, turns):
    """Act for each turn, sixteen at a time, and return what came of each."""

    def take_turns(worker):
        try:
            return [(turn, act(turn)) for turn in range(worker, turns, THREADS)]
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        done = dict(chain.from_iterable(pool.map(take_turns, range(THREADS))))
    return [done[turn] for turn in range(turns)]


def test_a_key_posts_once_however_many_press():
    thread, authors = make_thread(), [make_user() for _ in range(4)]
    keys = [uuid4() for _ in range(40)]

    def post(turn):
        number = turn % 40
        return comments.post_comment(
            thread=thread, author=authors[number % 4], text=f"Word {number}.", key=keys[number]
        )

    posted = at_once(post, 160)

    assert sum(each.is_new for each in posted) == 40
    assert set(Counter(each.comment.pk for each in posted).values()) == {4}
    thread.refresh_from_db()
    assert thread.comment_count == Comment.objects.count() == 40
    assert visibility.recount() == NO_DRIFT


def test_a_key_pressed_in_two_threads_posts_once():
    threads, author, keys = [make_thread(), make_thread()], make_user(), [uuid4(), uuid4()]

    def post(turn):
        with suppress(comments.CommentRefusedError):
            return comments.post_comment(
                thread=threads[turn % 2], author=author, text="Yes.", key=keys[turn // 2 % 2]
            )

    posted = at_once(post, 32)

    assert sum(each.is_new for each in posted if each) == Comment.objects.count() == 2
    assert visibility.recount() == NO_DRIFT


def test_the_first_comments_of_a_paper_share_its_thread():
    paper, author = make_paper(), make_user()

    def post(turn):
        thread = comments.ensure_thread(paper=paper)
        return comments.post_comment(thread=thread, author=author, text="First.", key=uuid4())

    at_once(post, 16)

    assert Thread.objects.get().comment_count == 16


def test_votes_and_reactions_on_one_comment_are_counted_once_each():
    comment, members = make_comment(), [make_user() for _ in range(8)]

    def mark(turn):
        member = members[turn % 8]
        if turn % 3:
            return voting.cast_vote(comment=comment, member=member)
        return voting.react(comment=comment, member=member, kind=AGREE)

    at_once(mark, 96)

    comment.refresh_from_db()
    assert (comment.vote_count, comment.points) == (8, 8)
    assert comment.reaction_counts == {"agree": 8}
    assert CommentVote.objects.count() == Reaction.objects.count() == 8


def test_a_comment_hidden_and_restored_by_many_is_counted_once():
    comment = make_comment(parent=make_comment())

    def change(turn):
        if turn % 2:
            return visibility.restore(comment_id=comment.pk)
        return visibility.hide(comment_id=comment.pk, reason="Off topic.")

    moved = at_once(change, 200)

    hidden, restored = sum(moved[::2]), sum(moved[1::2])
    comment.refresh_from_db()
    assert hidden - restored == bool(comment.hidden_at)
    assert Thread.objects.get().comment_count == (1 if comment.hidden_at else 2)
    assert visibility.recount() == NO_DRIFT


def test_edits_at_once_keep_every_wording():
    comment = make_comment(text="Word 0.")

    def edit(turn):
        return comments.edit_comment(
            comment=comment, editor=comment.author, text=f"Word {turn + 1}."
        )

    at_once(edit, 24)

    comment.refresh_from_db()
    kept = [*Revision.objects.values_list("text", flat=True), comment.text]
    assert sorted(kept) == sorted(f"Word {number}." for number in range(25))
    assert list(Revision.objects.values_list("number", flat=True)) == list(range(1, 25))


def test_no_reply_is_posted_below_what_is_gone():
    start = make_comment()

    def act(turn):
        if turn == 8:
            return visibility.delete(comment_id=start.pk)
        with suppress(comments.CommentRefusedError):
            return comments.post_comment(
                thread=start.thread, author=start.author, text="Yes.", key=uuid4(), parent=start
            )

    at_once(act, 32)

    start.refresh_from_db()
    assert not Comment.objects.filter(parent=start, created_at__gt=start.taken_back_at).exists()
    assert start.descendant_count == Comment.objects.filter(root=start).count()


def test_reading_moves_forward_whoever_comes_last(member):
    written = [make_comment()]
    thread = written[0].thread
    written += [make_comment(thread=thread) for _ in range(9)]

    def see(turn):
        reading.mark_seen(thread=thread, member=member, up_to=written[-turn % 10].pk)

    at_once(see, 60)

    assert ThreadReading.objects.get().seen_up_to == written[-1].pk


@pytest.mark.parametrize("seed", range(3))
def test_everything_at_once_neither_deadlocks_nor_drifts(seed):
    threads = [make_thread(), make_thread(), Thread.objects.create()]
    starts = [make_comment(thread=thread) for thread in [*threads[:2], *threads[:2]]]
    members = [make_user() for _ in range(6)]

    def act(turn):
        start, member = starts[turn * 7 % 4], members[turn % 6]
        choice = (turn * 5 + seed) % 13
        with suppress(comments.CommentRefusedError, voting.MarkRefusedError):
            if choice < 4:
                parent = start if choice % 2 else None
                return comments.post_comment(
                    thread=start.thread, author=member, text="Yes.", key=uuid4(), parent=parent
                )
            other = {
                4: lambda: comments.edit_comment(
                    comment=start, editor=start.author, text=f"Word {turn}."
                ),
                5: lambda: visibility.hide(comment_id=start.pk, reason="Off topic."),
                6: lambda: visibility.restore(comment_id=start.pk),
                7: lambda: comments.delete_comment(comment=start, author=start.author),
                8: lambda: comments.restore_comment(comment=start, author=start.author),
                9: lambda: voting.void_marks(member=member),
                10: lambda: voting.restore_marks(member=member),
                11: visibility.recount,
                12: forgetting.forget_deleted,
            }[choice]
            voting.cast_vote(comment=start, member=member)
            return other()

    at_once(act, 260)

    assert visibility.recount() == NO_DRIFT
    for thread in Thread.objects.filter(paper__isnull=False):
        stands = Comment.objects.shown().filter(thread=thread).count()
        tally = PaperTally.objects.get(paper=thread.paper_id)
        assert thread.comment_count == tally.comment_count == stands


def test_voiding_a_members_votes_waits_for_nobody_who_waits_for_it():
    start, member, moderator = make_comment(), make_user(), make_user(is_moderator=True)
    paper = start.thread.paper
    voting.cast_vote(comment=start, member=member)
    paper_voting.cast_vote(paper=paper, member=member)

    def act(turn):
        if turn % 8:
            return comments.post_comment(
                thread=start.thread, author=start.author, text="Yes.", key=uuid4(), parent=start
            )
        with suppress(acts.ActRefusedError):
            acts.void_votes(member=member, moderator=moderator, reason="Bought.")
            acts.restore_votes(member=member, moderator=moderator, reason="Not so.")
        return None

    at_once(act, 160)

    assert visibility.recount() == NO_DRIFT
    assert trending.recompute_scores().drifted == 0


def in_turn(first, second):
    """Begin the second while the first is not committed, and return what came of it."""
    is_done, outcome = threading.Event(), []

    def wait_and_act():
        is_done.wait()
        try:
            outcome.append(second())
        finally:
            connection.close()

    other = threading.Thread(target=wait_and_act)
    other.start()
    with transaction.atomic():
        first()
        is_done.set()
        with connection.cursor() as cursor:
            for _ in range(500):
                cursor.execute("SELECT pg_sleep(0.02)")
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if cursor.fetchone()[0]:
                    break
    other.join()
    return outcome[0]


def test_a_recount_leaves_a_comment_that_is_voted_for_meanwhile():
    comment, member = make_comment(), make_user()
    Comment.objects.update(vote_count=5)

    drift = in_turn(lambda: voting.cast_vote(comment=comment, member=member), visibility.recount)

    comment.refresh_from_db()
    assert (drift, comment.vote_count, comment.points) == (NO_DRIFT, 1, 1)


def test_a_recount_leaves_a_thread_that_is_written_to_meanwhile():
    thread, author = make_thread(comment_count=5), make_user()

    drift = in_turn(
        lambda: comments.post_comment(thread=thread, author=author, text="Yes.", key=uuid4()),
        visibility.recount,
    )

    thread.refresh_from_db()
    assert (drift, thread.comment_count) == (NO_DRIFT, 6)
    assert visibility.recount().threads == 1


VOTE = voting.cast_vote
MARKS = {
    "vote": VOTE,
    "remove a vote": voting.remove_vote,
    "react": lambda **who: voting.react(kind=AGREE, **who),
    "remove a reaction": lambda **who: voting.remove_reaction(kind=AGREE, **who),
}


@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS)
def test_whoever_marks_a_comment_counts_what_came_just_before(mark):
    comment, first, second = make_comment(), make_user(), make_user()

    in_turn(
        lambda: VOTE(comment=comment, member=first), lambda: mark(comment=comment, member=second)
    )

    assert visibility.recount() == NO_DRIFT


def test_voiding_counts_what_came_just_before():
    comment, first, second = make_comment(), make_user(), make_user()
    VOTE(comment=comment, member=second)

    in_turn(lambda: VOTE(comment=comment, member=first), lambda: voting.void_marks(member=second))

    assert visibility.recount() == NO_DRIFT


def test_an_answer_finds_that_its_comment_has_just_been_taken_back():
    start = make_comment()

    def answer():
        with pytest.raises(comments.CommentRefusedError):
            comments.post_comment(
                thread=start.thread, author=start.author, text="Yes.", key=uuid4(), parent=start
            )

    in_turn(lambda: visibility.delete(comment_id=start.pk), answer)

    assert Comment.objects.count() == 1


def test_an_edit_finds_that_its_comment_has_just_been_hidden():
    comment = make_comment(text="One.")

    def edit():
        with pytest.raises(comments.CommentRefusedError):
            comments.edit_comment(comment=comment, editor=comment.author, text="Two.")

    in_turn(lambda: visibility.hide(comment_id=comment.pk, reason="Off topic."), edit)

    comment.refresh_from_db()
    assert comment.text == "One."
