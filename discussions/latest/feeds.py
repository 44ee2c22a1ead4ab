"""Atom feeds of public comments: https://www.rfc-editor.org/rfc/rfc4287."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, rfc3339_date

from common.text import NOT_XML
from discussions.latest import page as latest_page

if TYPE_CHECKING:
    from django.utils.xmlutils import SimplerXMLGenerator

    from discussions.comments.models import Comment
    from discussions.thread.models import Thread

CONTENT_TYPE = Atom1Feed.content_type
ENTRIES = 50
FORMER_MEMBER = "A former member"

# The href of a link in stored HTML, which escapes every "<" and '"' in text.
_REFERENCE = re.compile(r"""(<a\b(?:[^<>"]|"[^"]*")*?\shref=")([/#][^"]*)""")


@dataclass(frozen=True)
class CommentFeed:
    """An Atom feed. Its version takes one query and no rendering."""

    title: str
    # Paths of the page with the same content, and of the feed itself.
    page_path: str
    feed_path: str
    thread_id: int | None = None
    # For a feed without entries: Atom requires a date, and feed readers a constant one.
    began_at: datetime = datetime(2000, 1, 1, tzinfo=UTC)

    @cached_property
    def comments(self) -> list[Comment]:
        return list(latest_page.latest_public(limit=ENTRIES, thread_id=self.thread_id))

    @property
    def etag(self) -> str:
        """The version of the feed. Deletions and renames change it too."""
        digest = hashlib.sha256(f"{settings.SITE_URL} {self.title}".encode())
        for comment in self.comments:
            digest.update(repr(_state(comment)).encode())
        return f'"{digest.hexdigest()[:32]}"'

    @property
    def updated_at(self) -> datetime:
        return max(map(_updated_at, self.comments), default=self.began_at)

    def write(self) -> str:
        """Return the feed as XML."""
        feed = _AtomFeed(
            title=_xml_text(self.title),
            link=absolute(self.page_path),
            description=None,
            feed_url=absolute(self.feed_path),
            feed_guid=absolute(self.feed_path),
            language="en",
            updated_at=self.updated_at,
        )
        for comment in self.comments:
            feed.add_item(**_entry(comment))
        return str(feed.writeString("utf-8"))


def thread_feed(thread: Thread) -> CommentFeed:
    assert thread.paper is not None, "only public threads have feeds"
    return CommentFeed(
        title=f"Comments on “{thread.paper.title_text}”",
        page_path=thread.paper.get_absolute_url(),
        feed_path=reverse("discussions:thread_feed", args=[thread.pk]),
        thread_id=thread.pk,
        began_at=thread.created_at,
    )


def latest_feed() -> CommentFeed:
    """Describe the feed of the latest comments in all public threads."""
    return CommentFeed(
        title=f"Latest comments on {settings.SITE_NAME}",
        page_path=reverse("discussions:latest_comments"),
        feed_path=reverse("discussions:latest_feed"),
    )


def absolute(path: str) -> str:
    """Return the absolute URL of a path on this site, whatever the request's host."""
    return urljoin(f"{settings.SITE_URL}/", path)


class _AtomFeed(Atom1Feed):
    """Django's Atom feed with full entry texts, and a date when there are no entries."""

    def latest_post_date(self) -> datetime:
        moment: datetime = self.feed["updated_at"]
        return moment

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


def _entry(comment: Comment) -> dict[str, Any]:
    author, paper = comment.author, comment.thread.paper
    name = author.display_name if author else FORMER_MEMBER
    title = paper.title_text if paper else ""
    url = absolute(comment.get_absolute_url())
    return {
        "title": _xml_text(f"{name} on “{title}”"),
        "link": url,
        "unique_id": url,
        "description": None,
        "author_name": _xml_text(name),
        "author_link": absolute(author.get_absolute_url()) if author and author.is_active else None,
        "pubdate": comment.created_at,
        "updateddate": _updated_at(comment),
        "content": _xml_text(_absolute_links(comment.html, url)),
    }


def _state(comment: Comment) -> tuple[object, ...]:
    """Return all that an entry shows, with the rendering version in place of the HTML."""
    author, paper = comment.author, comment.thread.paper
    return (
        comment.pk,
        rfc3339_date(_updated_at(comment)),
        comment.revision_count,
        comment.rendered_with,
        (author.username, author.full_name, author.is_active) if author else None,
        paper.title_text if paper else "",
    )


def _updated_at(comment: Comment) -> datetime:
    return comment.edited_at or comment.created_at


def _absolute_links(html: str, url: str) -> str:
    """Make links absolute, since feed readers show the HTML elsewhere."""
    return _REFERENCE.sub(lambda found: found[1] + urljoin(url, found[2]), html)


def _xml_text(text: str) -> str:
    return NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
