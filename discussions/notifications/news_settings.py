"""Lists of what a member follows, mutes and blocks, for their settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.html import escape

from common.paging import page_below
from discussions.blocks import blocks
from discussions.places import titled_places_for
from discussions.thread.models import ThreadReading

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.safestring import SafeString

    from accounts.models import User
    from discussions.places import TitledPlace
    from discussions.thread.models import Thread

PAGE_SIZE = 50


@dataclass(frozen=True)
class NewsChoice:
    """A thread or a member in a list. Without `undo_url` it cannot be undone."""

    name_html: SafeString
    url: str
    undo_url: str


@dataclass(frozen=True)
class ChoiceList:
    """One list. Its buttons send `undo_name` and `undo_value`."""

    key: str
    title: str
    text: str
    undo_label: str
    undo_name: str
    undo_value: str
    choices: list[NewsChoice]
    # The id below which the next page begins.
    older: int | None


def lists_of(member: User, *, only: str = "", before: int | None = None) -> list[ChoiceList]:
    """Return the beginning of each list, or a page of the requested one.

    One query for each list; private threads take one more, and one for each app that owns
    threads.
    """
    kinds = {
        "watched": _watched,
        "muted-threads": _muted_threads,
        "muted": _muted,
        "blocked": _blocked,
    }
    if only:
        return [kinds[only](member, before)] if only in kinds else []
    return [make(member, None) for make in kinds.values()]


def _watched(member: User, before: int | None) -> ChoiceList:
    return _of_threads(
        member,
        before,
        key="watched",
        attention=ThreadReading.Attention.WATCHING,
        title="Threads you watch",
        text="You are notified of every new comment in them.",
        undo_label="Unwatch",
    )


def _muted_threads(member: User, before: int | None) -> ChoiceList:
    return _of_threads(
        member,
        before,
        key="muted-threads",
        attention=ThreadReading.Attention.MUTED,
        title="Threads you muted",
        text="You get no notifications from them, not even for replies to you.",
        undo_label="Unmute",
    )


def _muted(member: User, before: int | None) -> ChoiceList:
    return _of_members(
        blocks.mutes_of(member),
        before,
        "muted",
        key="muted",
        title="People you muted",
        text="You see their comments in threads, but get no notifications about them.",
        undo_label="Unmute",
        undo_name="mute",
    )


def _blocked(member: User, before: int | None) -> ChoiceList:
    return _of_members(
        blocks.blocks_of(member),
        before,
        "blocked",
        key="blocked",
        title="People you blocked",
        text="Neither of you sees the other’s comments.",
        undo_label="Unblock",
        undo_name="block",
    )


def _of_threads(
    member: User,
    before: int | None,
    *,
    key: str,
    attention: ThreadReading.Attention,
    title: str,
    text: str,
    undo_label: str,
) -> ChoiceList:
    readings = (
        ThreadReading.objects.filter(member=member, attention=attention)
        .select_related("thread__paper")
        .only("thread__paper__source", "thread__paper__external_id", "thread__paper__title_html")
    )
    rows, older = page_below(readings, before, size=PAGE_SIZE)
    places = titled_places_for(member, [row.thread for row in rows])
    choices = [_thread(row.thread, places.get(row.thread_id)) for row in rows]
    return ChoiceList(key, title, text, undo_label, "attention", "usual", choices, older)


def _of_members(
    rows_of: QuerySet[Any], before: int | None, whom: str, *, undo_name: str, **words: str
) -> ChoiceList:
    rows, older = page_below(rows_of, before, size=PAGE_SIZE)
    url_name = f"discussions:member_{undo_name}"
    choices = [_member(getattr(row, whom), url_name) for row in rows]
    return ChoiceList(**words, undo_name=undo_name, undo_value="off", choices=choices, older=older)


def _thread(thread: Thread, place: TitledPlace | None) -> NewsChoice:
    if place is None:
        return NewsChoice(escape("A conversation you no longer have access to"), "", "")
    undo_url = reverse("discussions:thread_attention", args=[thread.pk])
    return NewsChoice(place.title_html, place.url, undo_url)


def _member(member: User, url_name: str) -> NewsChoice:
    undo_url = reverse(url_name, args=[member.username])
    url = member.get_absolute_url() if member.is_active else ""
    return NewsChoice(escape(f"{member.display_name} (@{member.username})"), url, undo_url)
