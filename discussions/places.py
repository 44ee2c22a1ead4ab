"""The pages that show threads and comments."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.http import Http404
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from discussions import owners
from discussions.thread.models import Thread

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from discussions.comments.models import Comment


class TitledPlace(NamedTuple):
    """The page that shows a thread, with a title for lists."""

    title_html: SafeString
    url: str


def place_of(thread: Thread) -> owners.Place:
    """Return the page that shows a thread: its paper's, or its app's."""
    if thread.paper:
        return owners.Place(thread.paper.title_text, thread.paper.get_absolute_url())
    place = owners.places([thread.pk]).get(thread.pk)
    if place is None:
        raise Http404("No page shows this thread.")
    return place


def titled_places(threads: Iterable[Thread]) -> dict[int, TitledPlace]:
    """Return the pages that show these threads, by thread id, for any reader.

    No query for papers' threads, one for each other owner. A thread that its app no longer
    knows has none.
    """
    threads = {thread.pk: thread for thread in threads}.values()
    # The titles are our own HTML, made by papers.rendering.
    found = {
        thread.pk: TitledPlace(
            mark_safe(thread.paper.title_html),  # noqa: S308
            thread.paper.get_absolute_url(),
        )
        for thread in threads
        if thread.paper
    }
    private = {thread.pk for thread in threads} - found.keys()
    others = owners.places(private) if private else {}
    return found | {pk: TitledPlace(escape(each.title), each.url) for pk, each in others.items()}


def titled_places_for(
    reader: User | AnonymousUser, threads: Iterable[Thread]
) -> dict[int, TitledPlace]:
    """Return the pages of those threads that the reader may read now: one more query."""
    threads = list(threads)
    private = {thread.pk for thread in threads if thread.paper is None}
    if not private:
        return titled_places(threads)
    readable = Thread.objects.readable_by(reader).filter(pk__in=private)
    open_ids = set(readable.values_list("pk", flat=True))
    return titled_places(each for each in threads if each.paper or each.pk in open_ids)


def url_of_thread(thread: Thread) -> str:
    return f"{place_of(thread).url}#thread"


def url_of_comment(comment: Comment) -> str:
    """Return the page that shows the comment, scrolled to it."""
    return f"{place_of(comment.thread).url}?comment={comment.pk}#comment-{comment.pk}"
