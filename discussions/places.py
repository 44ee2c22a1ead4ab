"""The pages on which threads and comments stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from discussions import audiences

if TYPE_CHECKING:
    from discussions.models import Comment, Thread


def place_of(thread: Thread) -> audiences.Place:
    """Return the page that shows a thread: its paper's, or the one its app names."""
    if thread.paper:
        return audiences.Place(thread.paper.title_text, thread.paper.get_absolute_url())
    place = audiences.places([thread.pk]).get(thread.pk)
    if place is None:
        raise Http404("No page shows this thread.")
    return place


def url_of_thread(thread: Thread) -> str:
    return f"{place_of(thread).url}#thread"


def url_of_comment(comment: Comment) -> str:
    """Return the page that shows the comment, scrolled to it."""
    return f"{place_of(comment.thread).url}?comment={comment.pk}#comment-{comment.pk}"
