"""What the inbox shows of what a member was told, as things stand now."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from discussions.blocks import blocks
from discussions.models import Comment, Notification, ThreadReading
from discussions.notifications import page as notifications_page
from tests.builders import make_paper, make_user
from tests.discussions.builders import make_comment, make_notification, make_thread

pytestmark = pytest.mark.django_db

ALL = notifications_page.filter_of("")


def items_of(member, key="", **options):
    page = notifications_page.page_of(member, notifications_page.filter_of(key), **options)
    return [item for group in page.groups for item in group.items]


def only_item(member):
    (item,) = items_of(member)
    return item


# One item ------------------------------------------------------------------------------------


def test_an_item_says_who_and_why_and_what_and_where_it_leads(member):
    comment = make_comment(text="Is **theorem 2** right for $n=1$?")
    make_notification(member, comment, reasons=["reply", "watched"])

    item = only_item(member)

    assert item.actor == comment.author
    assert (item.did, item.also) == ("replied to you", ("in a thread you watch",))
    assert item.said.startswith("Is theorem 2 right for")
    assert item.url == f"/comments/{comment.pk}"
    assert item.is_unread


def test_what_was_not_addressed_to_the_reader_was_just_said(member):
    make_notification(member, reasons=["claimed", "watched"])

    item = only_item(member)

    assert item.did == "commented"
    assert item.also == ("on a paper of yours", "in a thread you watch")


def test_a_reason_whose_app_is_gone_leaves_the_rest(member):
    make_notification(member, reasons=["unheard-of"])

    item = only_item(member)

    assert (item.did, item.also) == ("commented", ())


def test_a_long_comment_shows_its_first_words(member):
    make_notification(member, make_comment(text="word " * 2_000))

    assert len(only_item(member).said) <= notifications_page.WORDS_SHOWN


@pytest.mark.parametrize(
    ("state", "lost"),
    [
        ("taken_back_at", "The comment has been deleted."),
        ("hidden_at", "The comment has been hidden by a moderator."),
        ("held_at", "The comment is waiting for a moderator’s approval."),
    ],
)
def test_a_comment_that_stands_no_more_is_not_quoted(member, state, lost):
    make_notification(member, make_comment(text="secret words", **{state: timezone.now()}))

    item = only_item(member)

    assert (item.said, item.lost) == ("", lost)


def test_a_moderators_word_has_its_own_text_and_page(member):
    make_notification(
        member,
        make_comment(text="secret words", hidden_at=timezone.now()),
        event="act:7",
        reasons=["moderation"],
        summary="Your comment was hidden: off topic.",
        url="/moderation/acts/7",
    )

    item = only_item(member)

    assert item.is_moderation
    assert (item.said, item.lost) == ("", "")
    assert (item.summary, item.url) == ("Your comment was hidden: off topic.", "/moderation/acts/7")


# Private threads -----------------------------------------------------------------------------


def test_a_private_thread_is_named_for_its_readers(member, club):
    make_notification(member, make_comment(thread=club.thread))

    (group,) = notifications_page.page_of(member, ALL).groups

    assert group.place == ("The &lt;club&gt;", "/club")
    assert group.items[0].said


def test_a_private_thread_that_closed_to_the_reader_shows_nothing(member, club):
    club.members.clear()
    make_notification(member, make_comment(thread=club.thread))

    (group,) = notifications_page.page_of(member, ALL).groups

    assert group.place is None
    (item,) = group.items
    assert (item.said, item.url) == ("", "")
    assert item.lost == "You no longer have access to this conversation."


# The list ------------------------------------------------------------------------------------


def test_the_newest_stands_first_and_nobody_elses_is_there(member):
    first, second = make_notification(member), make_notification(member)
    make_notification(make_user())

    assert [item.pk for item in items_of(member)] == [second.pk, first.pk]


def test_neighbors_of_one_thread_stand_together_under_its_paper(member):
    paper = make_paper(title="On reading")
    for _ in range(2):
        make_notification(member, make_comment(paper=paper))
    make_notification(member)
    make_notification(member, make_comment(paper=paper))

    groups = notifications_page.page_of(member, ALL).groups

    assert [len(group.items) for group in groups] == [1, 1, 2]
    assert groups[0].place.title_html == "On reading"
    assert groups[0].place.url == f"/papers/{paper.external_id}"


def test_news_without_a_thread_stands_alone(member):
    for number in range(2):
        Notification.objects.create(
            recipient=member,
            event=f"meeting:{number}",
            reasons=["other"],
            summary="Moved to Friday.",
            created_at=timezone.now(),
        )

    groups = notifications_page.page_of(member, ALL).groups

    assert [len(group.items) for group in groups] == [1, 1]
    assert groups[0].items[0].summary == "Moved to Friday."


def test_a_group_knows_whether_its_thread_is_muted(member):
    news = make_notification(member)
    ThreadReading.objects.create(member=member, thread=news.thread, attention="muted")

    assert notifications_page.page_of(member, ALL).groups[0].is_muted


@pytest.mark.parametrize(
    ("key", "reasons"),
    [
        ("replies", ["reply", "watched"]),
        ("mentions", ["watched", "mention"]),
        ("watched", ["watched"]),
        ("watched", ["submitted"]),
        ("watched", ["claimed"]),
        ("moderation", ["moderation"]),
    ],
)
def test_a_part_of_the_inbox_holds_what_was_told_for_its_reason(member, key, reasons):
    wanted = make_notification(member, reasons=reasons)
    make_notification(member, reasons=["other"])

    assert [item.pk for item in items_of(member, key)] == [wanted.pk]


def test_the_unread_part_leaves_out_what_was_read(member):
    make_notification(member, read_at=timezone.now())
    unread = make_notification(member)

    assert [item.pk for item in items_of(member, "unread")] == [unread.pk]


def test_pages_neither_overlap_nor_skip_when_news_arrives_between_them(member, monkeypatch):
    monkeypatch.setattr(notifications_page, "PAGE_SIZE", 2)
    told = [make_notification(member).pk for _ in range(5)]
    page = notifications_page.page_of(member, ALL)
    make_notification(member)

    seen = []
    while page.older:
        seen += [item.pk for group in page.groups for item in group.items]
        page = notifications_page.page_of(member, ALL, before=page.older)
    seen += [item.pk for group in page.groups for item in group.items]

    assert seen == told[::-1]


@pytest.mark.parametrize("who_blocks", ["the reader", "the other"])
def test_a_block_hides_what_was_told_before(member, who_blocks):
    other = make_user()
    make_notification(member, make_comment(author=other))
    kept = make_notification(member, actor=None)
    blocker, blocked = (member, other) if who_blocks == "the reader" else (other, member)
    blocks.block(member=blocker, other=blocked)

    assert [item.pk for item in items_of(member)] == [kept.pk]


def test_a_moderators_word_outlasts_a_block(member):
    moderator = make_user(is_moderator=True)
    make_notification(member, actor=moderator, event="act:1", reasons=["moderation"])
    blocks.block(member=member, other=moderator)

    assert only_item(member).is_moderation


def test_a_long_inbox_costs_no_more_queries_than_a_short_one(member, club, count_queries):
    make_notification(member)
    make_notification(member, make_comment(thread=club.thread))
    few = count_queries(lambda: notifications_page.page_of(member, ALL))
    for _ in range(10):
        make_notification(member)
        make_notification(member, make_comment(thread=club.thread))

    assert count_queries(lambda: notifications_page.page_of(member, ALL)) == few


def test_an_inbox_of_papers_costs_three_queries(member, django_assert_num_queries):
    make_notification(member)

    with django_assert_num_queries(3):
        items_of(member)


# Reading -------------------------------------------------------------------------------------


def unread_ids(member):
    return set(Notification.objects.unread().filter(recipient=member).values_list("pk", flat=True))


def test_marking_some_leaves_the_others_and_other_peoples(member):
    other = make_user()
    read, kept, foreign = (make_notification(who) for who in (member, member, other))

    notifications_page.mark_read(member=member, ids=[read.pk, foreign.pk])

    assert unread_ids(member) == {kept.pk}
    assert unread_ids(other) == {foreign.pk}


def test_marking_all_leaves_what_arrived_meanwhile(member):
    shown, later = make_notification(member), make_notification(member)

    notifications_page.mark_all_read(member=member, shown=ALL, up_to=shown.pk)

    assert unread_ids(member) == {later.pk}


def test_marking_a_part_leaves_the_other_parts(member):
    reply = make_notification(member, reasons=["reply"])
    mention = make_notification(member, reasons=["mention"])

    notifications_page.mark_all_read(
        member=member, shown=notifications_page.filter_of("replies"), up_to=mention.pk
    )

    assert unread_ids(member) == {mention.pk}
    assert reply.pk not in unread_ids(member)


def test_when_it_was_read_first_is_kept(member):
    moment = timezone.now() - timedelta(days=1)
    news = make_notification(member, read_at=moment)

    notifications_page.mark_read(member=member, ids=[news.pk])

    news.refresh_from_db()
    assert news.read_at == moment


# The bell ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "label", "name"),
    [
        (0, "0", "Inbox"),
        (3, "3", "Inbox, 3 unread"),
        (99, "99", "Inbox, 99 unread"),
        (100, "99+", "Inbox, more than 99 unread"),
    ],
)
def test_the_bell_says_how_much_is_unread(count, label, name):
    unread = notifications_page.Unread(count)

    assert (unread.label, unread.name) == (label, name)


def test_the_bell_counts_no_further_than_it_shows(member, django_assert_num_queries):
    comment = make_comment()
    Notification.objects.bulk_create(
        Notification(
            recipient=member,
            event=f"comment:{number}",
            reasons=["reply"],
            comment=comment,
            created_at=timezone.now(),
        )
        for number in range(150)
    )

    with django_assert_num_queries(1):
        assert notifications_page.unread_of(member).count == 100


def test_a_visitors_bell_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert notifications_page.unread_of(AnonymousUser()).count == 0


def test_the_bell_leaves_out_what_was_read_and_what_others_have(member):
    make_notification(member, read_at=timezone.now())
    make_notification(make_user())
    make_notification(member)

    assert notifications_page.unread_of(member).count == 1


def test_an_inbox_survives_accounts_that_are_gone(member):
    comment = make_comment(thread=make_thread())
    make_notification(member, comment, actor=None)
    Comment.objects.update(author=None)

    assert only_item(member).actor is None
