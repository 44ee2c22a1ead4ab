"""The HTML twin of what a member said, made when it is written, so that no page parses.

A preview is made by the same function as what is stored.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.names.usernames import username_key
from discussions.comments.models import Comment
from discussions.markdown.comment_text import MAX_LENGTH, TextError, clean_text
from discussions.markdown.parsing import Parsed, as_typed, host_of, parse
from papers.models import Paper
from papers.sources.arxiv import ARXIV

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from django.utils.safestring import SafeString

logger = logging.getLogger(__name__)

# Raise it whenever the same text would be written otherwise than before: `render_stale`
# then takes up every comment. 0 means "never rendered".
RENDERED_WITH = 3
# More names or papers than a comment can be about stay plain text.
MAX_NAMES = 60
MAX_PAPERS = 200

_ARXIV_HOSTS = frozenset({"arxiv.org", "www.arxiv.org", "export.arxiv.org"})


@dataclass(frozen=True, slots=True)
class Rendered:
    html: SafeString
    # Members called by name outside quotes, in the order of the text, each once.
    mentioned_ids: tuple[int, ...]
    # Links to other sites than this one and arXiv.
    foreign_links: tuple[str, ...]
    rendered_with: int = RENDERED_WITH

    @property
    def links_out(self) -> bool:
        return bool(self.foreign_links)


@dataclass(frozen=True, slots=True)
class _Known:
    """Who and what of those named there is: pk and username by name in lower case; ids."""

    members: Mapping[str, tuple[int, str]]
    papers: Collection[str]


def render(text: str) -> Rendered:
    """Render what a member typed, in at most two queries, or raise `TextError`."""
    parsed = parse(clean_text(text))
    return _rendered(parsed, _known([parsed]))


def preview(text: str) -> SafeString:
    """Return what would be stored, or raise `TextError`."""
    return render(text).html


def render_many(texts: Sequence[str], *, limit: int = MAX_LENGTH) -> list[Rendered]:
    """Render stored texts in two queries altogether.

    One that would be refused today is shown as it was typed. `limit` is the most characters
    that one may have: what a text costs grows with it, at worst with its square.
    """
    parsed = [_parsed_or_none(text, limit) for text in texts]
    known = _known([each for each in parsed if each is not None])
    return [
        _as_typed(text) if each is None else _rendered(each, known)
        for text, each in zip(texts, parsed, strict=True)
    ]


def render_stale(*, limit: int = 200) -> int:
    """Render comments that an older renderer, or none, has written. Return how many.

    One slice at a time, so that rows are held for a moment only; run until it returns 0.
    What another worker has in hand is passed over.
    """
    with transaction.atomic():
        comments = list(
            Comment.objects.filter(rendered_with__lt=RENDERED_WITH)
            .select_for_update(skip_locked=True, no_key=True)
            .order_by("rendered_with", "pk")
            .only("text")[:limit]
        )
        rendered = _render_each(comments)
        for comment, each in zip(comments, rendered, strict=True):
            comment.html = each.html
            comment.rendered_with = each.rendered_with
        Comment.objects.bulk_update(comments, ["html", "rendered_with"])
    return len(comments)


def _render_each(comments: Sequence[Comment]) -> list[Rendered]:
    """Render what comments say. One that fails keeps no other one waiting."""
    try:
        return render_many([comment.text for comment in comments])
    except Exception:
        logger.exception("Some of %d comments cannot be rendered", len(comments))
    return [_rendered_somehow(comment) for comment in comments]


def _rendered_somehow(comment: Comment) -> Rendered:
    try:
        return render_many([comment.text])[0]
    except Exception:
        logger.exception("Comment %s cannot be rendered: it is shown as it was typed", comment.pk)
        return _as_typed(comment.text)


def render_stale_for_a_while(*, seconds: float = 45.0) -> int:
    """Render slice after slice until all is done, or a task's time is up."""
    stops_at = time.monotonic() + seconds
    rendered = 0
    while time.monotonic() < stops_at:
        count = render_stale()
        rendered += count
        if not count:
            break
    return rendered


def _as_typed(text: str) -> Rendered:
    return Rendered(as_typed(text), (), ())


def _parsed_or_none(text: str, limit: int) -> Parsed | None:
    try:
        return parse(clean_text(text, limit=limit))
    except TextError:
        return None


def _known(parsed: Collection[Parsed]) -> _Known:
    names = {name for each in parsed for name in each.names[:MAX_NAMES]}
    paper_ids = {paper_id for each in parsed for paper_id in each.paper_ids[:MAX_PAPERS]}
    return _Known(_members(names), _papers(paper_ids))


def _members(names: Collection[str]) -> dict[str, tuple[int, str]]:
    """Find members by name. Case does not matter; a name that only looks alike is not it."""
    if not names:
        return {}
    keys = {username_key(name) for name in names}
    members = User.objects.present().filter(username_key__in=keys).values_list("pk", "username")
    return {username.lower(): (pk, username) for pk, username in members}


def _papers(paper_ids: Collection[str]) -> frozenset[str]:
    if not paper_ids:
        return frozenset()
    return Paper.objects.known(ARXIV.key, paper_ids)


def _rendered(parsed: Parsed, known: _Known) -> Rendered:
    members = {name: username for name, (_, username) in known.members.items()}
    mentioned = [known.members[name][0] for name in parsed.addressed if name in known.members]
    return Rendered(
        html=parsed.html(members, known.papers),
        mentioned_ids=tuple(mentioned),
        foreign_links=tuple(link for link in parsed.links if _is_foreign(link)),
    )


def _is_foreign(link: str) -> bool:
    return host_of(link) not in {settings.SITE_HOST, *_ARXIV_HOSTS}
