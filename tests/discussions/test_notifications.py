"""Who is told of a comment, why, and how often: once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from discussions.blocks import blocks
from discussions.models import Comment, Mention, Notification, ThreadReading
from discussions.notifications import notifications
from tests.builders import make_authorship, make_paper, make_user
from tests.discussions.builders import make_comment, make_thread

pytestmark = pytest.mark.django_db


def make_news(**fields):
    """Make a comment of which nobody was told."""
    return make_comment(notified_at=None, **fields)


def attend(member, thread, attention="watching", **fields):
    return ThreadReading.objects.create(member=member, thread=thread, attention=attention, **fields)


def mention(comment, *members):
    Mention.objects.bulk_create(Mention(comment=comment, member=member) for member in members)


def told():
    """Who was told, and why."""
    return dict(Notification.objects.values_list("recipient__username", "reasons"))


# Reasons -------------------------------------------------------------------------------------


def test_a_reply_tells_the_author_it_answers(member):
    reply = make_news(parent=make_comment(author=member))

    assert notifications.notify_of_comment(reply.pk) == 1

    news = Notification.objects.get()
    assert (news.recipient, news.reasons, news.actor) == (member, ["reply"], reply.author)
    assert (news.comment, news.thread, news.event) == (
        reply,
        reply.thread,
        f"comment:{reply.pk}",
    )
    assert news.read_at is None


def test_a_mention_tells_the_member_who_is_named(member):
    comment = make_news()
    mention(comment, member)

    notifications.notify_of_comment(comment.pk)

    assert told() == {member.username: ["mention"]}


def test_a_comment_tells_who_watches_the_thread_and_nobody_who_only_reads_it(member):
    comment = make_news()
    attend(member, comment.thread)
    attend(make_user(), comment.thread, attention="")

    notifications.notify_of_comment(comment.pk)

    assert told() == {member.username: ["watched"]}


def test_a_watcher_who_has_seen_the_comment_needs_no_news_of_it(member):
    comment = make_news()
    attend(member, comment.thread, seen_up_to=comment.pk)

    assert notifications.notify_of_comment(comment.pk) == 0


def test_a_comment_tells_who_submitted_the_paper(member):
    comment = make_news(paper=make_paper(submitted_by=member))

    notifications.notify_of_comment(comment.pk)

    assert told() == {member.username: ["submitted"]}


def test_a_comment_tells_the_members_who_claimed_the_paper(member):
    paper = make_paper()
    make_authorship(paper, claimed_by=member)
    make_authorship(paper, name="Grace Hopper")

    notifications.notify_of_comment(make_news(paper=paper).pk)

    assert told() == {member.username: ["claimed"]}


def test_many_reasons_are_one_notification_that_names_them_strongest_first(member):
    paper = make_paper(submitted_by=member)
    make_authorship(paper, claimed_by=member)
    comment = make_news(parent=make_comment(paper=paper, author=member))
    mention(comment, member)
    attend(member, comment.thread)

    notifications.notify_of_comment(comment.pk)

    assert told() == {member.username: ["reply", "mention", "claimed", "submitted", "watched"]}


def test_reasons_of_following_are_told_from_being_addressed():
    assert notifications.following_reasons() == ["claimed", "submitted", "watched"]
    assert notifications.words_of("watched") == "in a thread you watch"
    assert notifications.words_of("no such reason") == ""


# Whom it leaves in peace ---------------------------------------------------------------------


def test_nobody_is_told_of_their_own_comment(member):
    comment = make_news(author=member, paper=make_paper(submitted_by=member))
    attend(member, comment.thread)
    mention(comment, member)

    assert notifications.notify_of_comment(comment.pk) == 0


def test_a_muted_thread_tells_nothing_not_even_mentions(member):
    comment = make_news()
    attend(member, comment.thread, attention="muted")
    mention(comment, member)

    assert notifications.notify_of_comment(comment.pk) == 0


def test_a_muted_member_is_no_news_to_who_muted_them(member):
    comment = make_news()
    mention(comment, member, other := make_user())
    blocks.mute(member=member, other=comment.author)

    notifications.notify_of_comment(comment.pk)

    assert told() == {other.username: ["mention"]}


@pytest.mark.parametrize("who_blocks", ["the reader", "the author"])
def test_a_block_keeps_news_from_both(member, who_blocks):
    comment = make_news()
    mention(comment, member)
    pair = [member, comment.author]
    blocker, blocked = pair if who_blocks == "the reader" else reversed(pair)
    blocks.block(member=blocker, other=blocked)

    assert notifications.notify_of_comment(comment.pk) == 0


@pytest.mark.parametrize(
    "state", [{"is_active": False}, {"is_active": False, "closed_at": timezone.now()}]
)
def test_suspended_and_closed_members_are_told_nothing(state):
    comment = make_news(parent=make_comment(author=make_user(**state)))

    assert notifications.notify_of_comment(comment.pk) == 0


def test_a_comment_whose_author_is_gone_is_still_told(member):
    comment = make_news(parent=make_comment(author=member))
    Comment.objects.filter(pk=comment.pk).update(author=None)

    assert notifications.notify_of_comment(comment.pk) == 1
    assert Notification.objects.get().actor is None


@pytest.fixture
def private_thread(club):
    """A thread that only the member may read."""
    return club.thread


def test_a_private_thread_is_told_to_its_readers_only(member, private_thread):
    outsider = make_user()
    comment = make_news(thread=private_thread)
    mention(comment, member, outsider)
    attend(outsider, private_thread)

    notifications.notify_of_comment(comment.pk)

    assert told() == {member.username: ["mention"]}


# Once ----------------------------------------------------------------------------------------


def test_telling_twice_tells_once(member):
    comment = make_news(parent=make_comment(author=member))

    assert notifications.notify_of_comment(comment.pk) == 1
    assert notifications.notify_of_comment(comment.pk) == 0

    assert Notification.objects.count() == 1


def test_a_late_second_wake_up_tells_nobody_who_came_since(member):
    comment = make_news()
    notifications.notify_of_comment(comment.pk)
    attend(member, comment.thread)

    assert notifications.notify_of_comment(comment.pk) == 0


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_tell_once(member):
    comment = make_news(parent=make_comment(author=member))

    def work(_):
        try:
            return notifications.notify_of_comment(comment.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(8))) == 1

    assert Notification.objects.count() == 1


def test_an_edit_that_names_more_people_tells_those_alone(member):
    comment, late = make_news(), make_user()
    mention(comment, member)
    notifications.notify_of_comment(comment.pk)
    Notification.objects.update(read_at=timezone.now())
    mention(comment, late)
    Comment.objects.update(notified_at=None)

    assert notifications.notify_of_comment(comment.pk) == 1

    assert [news.recipient for news in Notification.objects.unread()] == [late]


@pytest.mark.parametrize("state", ["taken_back_at", "hidden_at", "held_at"])
def test_what_does_not_stand_is_not_told_and_stays_due(member, state):
    comment = make_news(parent=make_comment(author=member), **{state: timezone.now()})

    assert notifications.notify_of_comment(comment.pk) == 0

    comment.refresh_from_db()
    assert comment.notified_at is None


def test_a_comment_that_is_not_there_is_no_error():
    assert notifications.notify_of_comment(0) == 0


def test_rows_and_the_mark_that_they_are_there_come_together(member, monkeypatch):
    comment = make_news(parent=make_comment(author=member))
    monkeypatch.setattr(notifications, "_WRITE_SQL", "SELECT 1/0")

    with pytest.raises(Exception, match="zero"):
        notifications.notify_of_comment(comment.pk)

    comment.refresh_from_db()
    assert comment.notified_at is None


def test_a_thousand_watchers_cost_no_more_queries_than_one(member, count_queries):
    thread = make_thread()
    attend(member, thread)
    first, second = make_news(thread=thread), make_news(thread=thread)
    few = count_queries(lambda: notifications.notify_of_comment(first.pk))
    attend_many(thread, 1_000)

    assert count_queries(lambda: notifications.notify_of_comment(second.pk)) == few

    assert Notification.objects.count() == 1 + 1_001


def attend_many(thread, count):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_user (username, email, password, full_name, biography, links,"
            " orcid, time_zone, appearance, is_active, is_staff, is_superuser, is_moderator,"
            " joined_at) SELECT 'crowd' || translate(n::text, '0123456789', 'abcdefghkp'),"
            " '', '', '', '', '{}', '', 'UTC', 'system', true, false, false, false, now()"
            " FROM generate_series(1, %s::int) AS n RETURNING id",
            [count],
        )
        members = [row[0] for row in cursor.fetchall()]
    ThreadReading.objects.bulk_create(
        ThreadReading(member_id=member, thread=thread, attention="watching") for member in members
    )


# Other news ----------------------------------------------------------------------------------


def test_other_news_is_told_once_with_its_words_and_its_place(member):
    for _ in range(2):
        notifications.tell(
            recipients=[member, member.pk],
            event="meeting:7",
            reason="other",
            summary="The meeting moved to Friday. " * 20,
            url="/meetings/7",
        )

    news = Notification.objects.get()
    assert (news.reasons, news.url, len(news.summary)) == (["other"], "/meetings/7", 300)


def test_what_moderators_did_reaches_whoever_muted_blocked_or_is_suspended(member):
    moderator, comment = make_user(is_moderator=True), make_comment(author=member)
    attend(member, comment.thread, attention="muted")
    blocks.mute(member=member, other=moderator)
    blocks.block(member=member, other=moderator)
    type(member).objects.update(is_active=False)

    count = notifications.tell(
        recipients=[member],
        event="act:1",
        reason="moderation",
        actor=moderator,
        thread=comment.thread,
        comment=comment,
    )

    assert count == 1


def test_other_news_keeps_to_blocks_and_mutes(member):
    actor, other = make_user(), make_user()
    blocks.block(member=member, other=actor)
    blocks.mute(member=other, other=actor)

    told = notifications.tell(
        recipients=[member, other, actor], event="ballot:1", reason="other", actor=actor
    )

    assert told == 0


def test_other_news_of_a_private_thread_stays_among_its_readers(member, private_thread):
    count = notifications.tell(
        recipients=[member, make_user()], event="meeting:1", reason="other", thread=private_thread
    )

    assert count == 1
