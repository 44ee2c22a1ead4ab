"""Keeping other members at a distance: mute, block, and take it back.

A mute is one member's own affair: no news of what the other does. A block works both ways:
neither is shown what the other writes, and neither is told of it. What is unread between
two members when distance is put there counts as read, since the inbox of neither shows it
as news any more. What the moderators did stays unread: it reaches everybody.
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


# Any number that names these among the database's advisory locks; they take two of 32 bits.
_NEWS_LOCK = 0x0C7A_0003
_LOCK_KEYS = 2**31


class DistanceRefusedError(Refused):
    """Nobody keeps themselves away. The message is fit to show."""


def kept_apart(reader: User | AnonymousUser) -> frozenset[int]:
    """Return the ids of those whom a block keeps from the reader, whoever made it.

    One query, and none for a visitor.
    """
    if not reader.is_authenticated:
        return frozenset()
    return kept_apart_from(reader.pk)


def kept_apart_from(member_id: int) -> frozenset[int]:
    """Return the ids of those whom a block keeps from the member. One query.

    In SQL, because every thread that a member opens asks it and the ORM takes as long again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT blocked_id FROM discussions_block WHERE member_id = %(member)s"
            " UNION SELECT member_id FROM discussions_block WHERE blocked_id = %(member)s",
            {"member": member_id},
        )
        return frozenset(pk for (pk,) in cursor.fetchall())


def find_other(member: User, username: str) -> User | None:
    """Return whom the member means: somebody who has a profile, or whom they keep away already.

    So a suspension does not keep a block from being taken back.
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
    """Return whether the member's own block is there; the other's is theirs to know."""
    return Block.objects.filter(member=member, blocked=other).exists()


@transaction.atomic
def mute(*, member: User, other: User) -> None:
    """Send the member no more news of the other. Twice changes nothing."""
    _refuse_oneself(member, other, "mute")
    Mute.objects.bulk_create([Mute(member=member, muted=other)], ignore_conflicts=True)
    _await_news_of(other)
    _put_aside(recipient=member, actor=other)


def unmute(*, member: User, other: User) -> None:
    """Send news of the other again, from now on."""
    Mute.objects.filter(member=member, muted=other).delete()


@transaction.atomic
def block(*, member: User, other: User) -> None:
    """Hide each from the other. Twice changes nothing."""
    _refuse_oneself(member, other, "block")
    Block.objects.bulk_create([Block(member=member, blocked=other)], ignore_conflicts=True)
    _await_news_of(member, other)
    _put_aside(recipient=member, actor=other)
    _put_aside(recipient=other, actor=member)


def unblock(*, member: User, other: User) -> None:
    """Take the member's own block back; one that the other made stays."""
    Block.objects.filter(member=member, blocked=other).delete()


def mutes_of(member: User) -> QuerySet[Mute]:
    """Return whom the member muted, the latest first."""
    return Mute.objects.filter(member=member).select_related("muted").order_by("-id")


def blocks_of(member: User) -> QuerySet[Block]:
    """Return whom the member blocked, the latest first."""
    return Block.objects.filter(member=member).select_related("blocked").order_by("-id")


def lock_to_tell_of(actor_id: int) -> None:
    """Let whoever puts distance to the actor wait until what is told now is there to put aside.

    Held to the end of the transaction; those who tell do not wait for each other.
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
    """Let what is unread of the actor's doing count as read, but for moderators' acts."""
    told = Notification.objects.filter(recipient=recipient, actor=actor)
    told.exclude(reasons__contains=[Notification.Reason.MODERATION]).mark_read()
