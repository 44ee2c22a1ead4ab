"""Muting and blocking other members.

A mute is one-sided: the member gets no notifications about the other. A block works both ways:
neither sees what the other writes or is notified of it. Unread notifications between two
members count as read after a mute or block, since neither inbox shows them as news any more.
Those about moderators' acts stay unread: they reach everybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Q

from accounts.models import User
from common.refusals import Refused
from discussions.blocks.models import Block, Mute
from discussions.notifications.models import Notification

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet


# An arbitrary first key for these advisory locks, which take two 32-bit keys.
_NEWS_LOCK = 0x0C7A_0003
_LOCK_KEYS = 2**31


class DistanceRefusedError(Refused):
    """Members cannot mute or block themselves. The message is fit to show."""


def kept_apart(reader: User | AnonymousUser) -> frozenset[int]:
    """Return the ids of members separated from the reader by a block of either.

    One query, and none for a visitor.
    """
    if not reader.is_authenticated:
        return frozenset()
    return kept_apart_from(reader.pk)


def kept_apart_from(member_id: int) -> frozenset[int]:
    """Return the ids of members separated from this one by a block of either. One query.

    In SQL, because every thread page needs it and the ORM takes as long again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT blocked_id FROM discussions_block WHERE member_id = %(member)s"
            " UNION SELECT member_id FROM discussions_block WHERE blocked_id = %(member)s",
            {"member": member_id},
        )
        return frozenset(pk for (pk,) in cursor.fetchall())


def find_other(member: User, username: str) -> User | None:
    """Return the named member if they have a profile or are muted or blocked already.

    So a block of a suspended member can be removed.
    """
    is_present = Q(is_active=True, closed_at__isnull=True)
    kept_away = Q(pk__in=Mute.objects.filter(member=member).values("muted"))
    kept_away |= Q(pk__in=Block.objects.filter(member=member).values("blocked"))
    found = User.objects.looking_like(username).filter(is_present | kept_away)
    other: User | None = found.first()
    return other


def is_muted(*, member: User, other: User) -> bool:
    return Mute.objects.filter(member=member, muted=other).exists()


def is_blocked(*, member: User, other: User) -> bool:
    """Return whether the member blocks the other; a block by the other stays private."""
    return Block.objects.filter(member=member, blocked=other).exists()


@transaction.atomic
def mute(*, member: User, other: User) -> None:
    """Stop notifying the member about the other. Idempotent."""
    _refuse_oneself(member, other, "mute")
    Mute.objects.bulk_create([Mute(member=member, muted=other)], ignore_conflicts=True)
    _await_news_of(other)
    _put_aside(recipient=member, actor=other)


def unmute(*, member: User, other: User) -> None:
    """Notify the member about the other again, from now on."""
    Mute.objects.filter(member=member, muted=other).delete()


@transaction.atomic
def block(*, member: User, other: User) -> None:
    """Hide the two from each other. Idempotent."""
    _refuse_oneself(member, other, "block")
    Block.objects.bulk_create([Block(member=member, blocked=other)], ignore_conflicts=True)
    _await_news_of(member, other)
    _put_aside(recipient=member, actor=other)
    _put_aside(recipient=other, actor=member)


def unblock(*, member: User, other: User) -> None:
    """Remove the member's own block; one by the other stays."""
    Block.objects.filter(member=member, blocked=other).delete()


def mutes_of(member: User) -> QuerySet[Mute]:
    """Return the member's mutes, the latest first."""
    return Mute.objects.filter(member=member).select_related("muted").order_by("-id")


def blocks_of(member: User) -> QuerySet[Block]:
    """Return the member's blocks, the latest first."""
    return Block.objects.filter(member=member).select_related("blocked").order_by("-id")


def lock_to_tell_of(actor_id: int) -> None:
    """Make mutes and blocks of the actor wait until current notifications are written.

    Held to the end of the transaction; notifiers do not wait for each other.
    """
    with connection.cursor() as cursor:
        keys = [_NEWS_LOCK, actor_id % _LOCK_KEYS]
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", keys)


def _await_news_of(*actors: User) -> None:
    with connection.cursor() as cursor:
        for key in sorted(actor.pk % _LOCK_KEYS for actor in actors):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_NEWS_LOCK, key])


def _refuse_oneself(member: User, other: User, act: str) -> None:
    if member.pk == other.pk:
        raise DistanceRefusedError(f"You cannot {act} yourself.")


def _put_aside(*, recipient: User, actor: User) -> None:
    """Mark unread notifications by the actor as read, except about moderators' acts."""
    told = Notification.objects.filter(recipient=recipient, actor=actor)
    told.exclude(reasons__contains=[Notification.Reason.MODERATION]).mark_read()
