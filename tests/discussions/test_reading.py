"""How far somebody has read, and what news they want."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from discussions.models import Notification, ThreadReading
from discussions.notifications import page as notifications_page
from discussions.thread import reading
from tests.builders import make_user
from tests.discussions.builders import make_comment, make_notification, make_thread

pytestmark = pytest.mark.django_db

WATCHING, MUTED = ThreadReading.Attention.WATCHING, ThreadReading.Attention.MUTED


def test_what_was_seen_is_noted(member):
    comment = make_comment()

    reading.mark_seen(thread=comment.thread, member=member, up_to=comment.pk)

    noted = ThreadReading.objects.get(member=member, thread=comment.thread)
    assert noted.seen_up_to == comment.pk
    assert noted.seen_at is not None


def test_reading_moves_forward_only(member):
    first = make_comment()
    second = make_comment(thread=first.thread)
    reading.mark_seen(thread=first.thread, member=member, up_to=second.pk)

    reading.mark_seen(thread=first.thread, member=member, up_to=first.pk)

    assert ThreadReading.objects.get().seen_up_to == second.pk


@pytest.mark.parametrize("up_to", [2**31, 2**63, 10**30])
def test_nobody_has_seen_what_is_not_there_yet(member, up_to):
    comment = make_comment()

    reading.mark_seen(thread=comment.thread, member=member, up_to=up_to)

    assert ThreadReading.objects.get().seen_up_to == comment.pk


@pytest.mark.parametrize("up_to", [-1, 0, 7])
def test_an_empty_thread_is_seen_up_to_nothing(member, up_to):
    reading.mark_seen(thread=make_thread(), member=member, up_to=up_to)

    assert ThreadReading.objects.get().seen_up_to == 0


def test_seeing_a_comment_reads_its_news(member):
    seen = make_comment()
    later = make_comment(thread=seen.thread)
    news = [make_notification(member, comment) for comment in (seen, later)]

    reading.mark_seen(thread=seen.thread, member=member, up_to=seen.pk)

    assert list(member.notifications.unread()) == [news[1]]


def test_seeing_a_thread_reads_no_news_of_another_nor_of_another_member(member):
    elsewhere, here = make_comment(), make_comment()
    make_notification(member, elsewhere)
    make_notification(make_user(), here)

    reading.mark_seen(thread=here.thread, member=member, up_to=here.pk)

    assert member.notifications.unread().count() == 1
    assert elsewhere.notifications.unread().count() + here.notifications.unread().count() == 2


def test_a_moderators_word_about_a_comment_stays_unread(member):
    comment = make_comment(author=member)
    make_notification(member, comment, event="act:1", reasons=["moderation"])

    reading.mark_seen(thread=comment.thread, member=member, up_to=comment.pk)

    assert member.notifications.unread().count() == 1


def test_seeing_costs_one_statement(member, count_queries):
    thread = make_thread()

    seeing = count_queries(lambda: reading.mark_seen(thread=thread, member=member, up_to=1))

    assert seeing == 1


def test_attention_is_chosen_and_chosen_anew(member):
    thread = make_thread()

    reading.set_attention(thread=thread, member=member, attention=WATCHING)
    reading.set_attention(thread=thread, member=member, attention=MUTED)

    assert ThreadReading.objects.get().attention == MUTED


def test_reading_and_attention_leave_each_other_alone(member):
    comment = make_comment()
    reading.mark_seen(thread=comment.thread, member=member, up_to=comment.pk)
    reading.set_attention(thread=comment.thread, member=member, attention=WATCHING)
    later = make_comment(thread=comment.thread)
    reading.mark_seen(thread=comment.thread, member=member, up_to=later.pk)

    noted = ThreadReading.objects.get()
    assert (noted.seen_up_to, noted.attention) == (later.pk, WATCHING)


def test_choosing_attention_says_nothing_of_reading(member):
    reading.set_attention(thread=make_comment().thread, member=member, attention=WATCHING)

    assert ThreadReading.objects.get().seen_at is None


@pytest.mark.django_db(transaction=True)
def test_two_open_pages_never_wait_for_each_other_in_a_circle():
    member, thread = make_user(), make_thread()
    for _ in range(200):
        make_notification(member, make_comment(thread=thread))
    everything = {"member": member, "up_to": 10**9}

    def look_again(act, **asked):
        try:
            act(**everything, **asked)
        finally:
            connection.close()

    for _ in range(10):
        Notification.objects.update(read_at=None)
        with ThreadPoolExecutor(4) as pool:
            pages = [pool.submit(look_again, reading.mark_seen, thread=thread) for _ in "ab"]
            shown = notifications_page.filter_of("")
            pages += [
                pool.submit(look_again, notifications_page.mark_all_read, shown=shown) for _ in "ab"
            ]
        assert [page.exception() for page in pages] == [None] * 4
