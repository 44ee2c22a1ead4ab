"""Muting and blocking: who is kept from whom, and what becomes of unread news."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction

from discussions.blocks import blocks
from discussions.models import Block, Mute, Notification
from discussions.notifications import notifications
from discussions.notifications import page as notifications_page
from tests.builders import make_user
from tests.discussions.builders import make_comment, make_notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def other():
    return make_user("Other")


def test_a_block_keeps_each_from_the_other(member, other):
    blocks.block(member=member, other=other)

    assert blocks.kept_apart(member) == {other.pk}
    assert blocks.kept_apart(other) == {member.pk}


def test_a_block_is_nobody_elses_business(member, other):
    third = make_user()
    blocks.block(member=member, other=other)

    assert blocks.kept_apart(third) == frozenset()


def test_a_reader_costs_one_query_and_a_visitor_none(member, other, django_assert_num_queries):
    blocks.block(member=member, other=other)

    with django_assert_num_queries(1):
        blocks.kept_apart(member)
    with django_assert_num_queries(0):
        assert blocks.kept_apart(AnonymousUser()) == frozenset()


def test_blocking_twice_is_blocking_once(member, other):
    blocks.block(member=member, other=other)
    blocks.block(member=member, other=other)

    assert Block.objects.count() == 1


def test_muting_twice_is_muting_once(member, other):
    blocks.mute(member=member, other=other)
    blocks.mute(member=member, other=other)

    assert Mute.objects.count() == 1
    assert blocks.is_muted(member=member, other=other)
    assert not blocks.is_muted(member=other, other=member)


def test_taking_a_block_back_leaves_the_others_own(member, other):
    blocks.block(member=member, other=other)
    blocks.block(member=other, other=member)

    blocks.unblock(member=member, other=other)

    assert blocks.kept_apart(member) == {other.pk}
    assert not blocks.is_blocked(member=member, other=other)
    assert blocks.is_blocked(member=other, other=member)


def test_a_mute_taken_back_is_gone(member, other):
    blocks.mute(member=member, other=other)

    blocks.unmute(member=member, other=other)
    blocks.unmute(member=member, other=other)

    assert not blocks.is_muted(member=member, other=other)


@pytest.mark.parametrize("act", [blocks.mute, blocks.block])
def test_nobody_keeps_themselves_away(act, member):
    with pytest.raises(blocks.DistanceRefusedError, match="yourself"):
        act(member=member, other=member)


def test_a_block_lets_unread_news_count_as_read_on_both_sides(member, other):
    make_notification(member, make_comment(author=other))
    make_notification(other, make_comment(author=member))
    bystander = make_notification(make_user(), make_comment(author=other))

    blocks.block(member=member, other=other)

    assert list(Notification.objects.unread()) == [bystander]


def test_a_mute_lets_unread_news_count_as_read_on_one_side(member, other):
    make_notification(member, make_comment(author=other))
    kept = make_notification(other, make_comment(author=member))

    blocks.mute(member=member, other=other)

    assert list(Notification.objects.unread()) == [kept]


def test_what_a_moderator_did_stays_unread(member, other):
    told = make_notification(member, actor=other, event="act:1", reasons=["moderation"])

    blocks.block(member=member, other=other)

    assert list(Notification.objects.unread()) == [told]


def test_lists_begin_with_the_latest(member, other):
    last = make_user()
    for each in (other, last):
        blocks.mute(member=member, other=each)
        blocks.block(member=member, other=each)

    assert [mute.muted for mute in blocks.mutes_of(member)] == [last, other]
    assert [block.blocked for block in blocks.blocks_of(member)] == [last, other]


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_block_once(member, other):
    def press(_):
        blocks.block(member=member, other=other)
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(press, range(8)))

    assert Block.objects.count() == 1


def test_a_suspended_member_is_found_by_those_alone_who_keep_them_away(member):
    other, third = make_user("Other", is_active=False), make_user()
    blocks.block(member=member, other=other)

    assert blocks.find_other(member, "other") == other
    assert blocks.find_other(third, "other") is None


@pytest.mark.parametrize("keep_away", [blocks.block, blocks.mute])
@pytest.mark.django_db(transaction=True)
def test_what_is_told_at_that_moment_is_put_aside_too(keep_away):
    member, other = make_user(), make_user()
    reply = make_comment(parent=make_comment(author=member), author=other, notified_at=None)

    def in_a_thread():
        try:
            keep_away(member=member, other=other)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            notifications.notify_of_comment(reply.pk)
            kept = pool.submit(in_a_thread)
            wait([kept], timeout=0.5)
        kept.result(timeout=20)

    assert notifications_page.unread_of(member).count == 0
