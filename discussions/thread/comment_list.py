"""Comments of a thread, joined in Python.

A template takes 36 ms for a thousand of them, joining takes a few. What is stored as HTML is
the sanitizer's; everything else is escaped here. Markup is kept lean, since a page may hold
it a thousand times: what a comment offers beyond a press lies behind "More".
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from accounts.profile.avatars import initials_of, tone_of
from common.relative_times import told_time
from discussions import owners
from discussions.anchors import anchoring, passages
from discussions.blocks import blocks
from discussions.comments.models import Anchor
from discussions.thread import comment_marks, queries
from discussions.thread.thread_rows import Looker, Said
from discussions.thread.tree import BEST
from papers.models import Authorship

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import tzinfo

    from django.contrib.auth.models import AnonymousUser

    from discussions.owners import Subject
    from discussions.thread.models import Thread, ThreadReading
    from discussions.thread.tree import Node
    from papers.models import Paper


@dataclass(frozen=True)
class Sight:
    """What of the comments depends on who looks, when and where."""

    # Of the page that shows the thread.
    url: str = ""
    sort: str = BEST
    looker: Looker = field(default_factory=Looker)
    # Whom a block keeps from the reader.
    apart: Collection[int] = frozenset()
    # Who wrote the paper, by username, who brought it here, and what others are, by id.
    author_names: Collection[str] = frozenset()
    submitter_id: int | None = None
    badges: Mapping[int, str] = field(default_factory=dict)
    is_locked: bool = False
    # Whether the reader is among those who may write and vote here; of a visitor to a paper it
    # is asked once they have signed in.
    is_writer: bool = True
    # What comments are about, where their thread has parts.
    subjects: Mapping[int, Subject] = field(default_factory=dict)
    # The marks in the abstract that comments point at, and those whose words are gone.
    passage_ids: Mapping[int, str] = field(default_factory=dict)
    lost: Collection[int] = frozenset()
    version: int | None = None
    now: datetime = field(default_factory=timezone.now)
    zone: tzinfo = field(default_factory=timezone.get_current_timezone)

    @cached_property
    def second(self) -> int:
        return int(self.now.timestamp())

    @cached_property
    def year(self) -> int:
        return self.now.astimezone(self.zone).year

    @property
    def is_member(self) -> bool:
        return self.looker.pk is not None

    def branch_url(self, pk: int, after: int | None) -> str:
        """Return where a comment's branch stands alone, behind its answer `after`."""
        asked: dict[str, object] = {"comment": pk}
        if self.sort != BEST:
            asked["sort"] = self.sort
        if after:
            asked["after"] = after
        return f"{self.url}?{urlencode(asked)}#comment-{pk}"

    def is_new(self, said: Said) -> bool:
        seen = self.looker.seen_up_to
        return seen is not None and said.pk > seen and said.author_id != self.looker.pk

    def is_own(self, said: Said) -> bool:
        # A visitor and an author who is gone are both None, and yet not the same.
        return said.author_id is not None and said.author_id == self.looker.pk

    def is_absent(self, said: Said) -> bool:
        """Whether the comment waits for a moderator, and the reader is to know nothing of it."""
        return said.is_held and not (self.is_own(said) or self.looker.is_moderator)

    def is_place(self, said: Said) -> bool:
        """Whether the reader is shown the comment's place instead of what it says."""
        is_gone = said.is_taken_back or said.is_hidden or self.is_absent(said)
        return is_gone or said.author_id in self.apart

    def is_ahead(self, pk: int) -> bool:
        """Whether the comment is folded with its replies: it is about what is not read yet."""
        return pk in self.subjects and self.subjects[pk].is_ahead

    def takes_replies(self, said: Said) -> bool:
        is_open = not self.is_locked or self.looker.is_moderator
        return is_open and self.is_writer and not said.is_held


def joined(
    nodes: Iterable[Node], said: Mapping[int, Said], sizes: Mapping[int, int], sight: Sight
) -> SafeString:
    """Show comments with their replies inside them, in the order of the nodes."""
    parts: list[str] = []
    open_nodes: list[Node] = []
    # Who shows a reply has it as the next node.
    last_depth = -1
    for node in nodes:
        while len(open_nodes) > node.depth:
            ending = open_nodes.pop()
            parts.append(_ending(ending, sight, shows_some=ending.depth < last_depth))
            last_depth = ending.depth
        _write(parts, said[node.pk], sizes.get(node.pk, 1) - 1, sight)
        open_nodes.append(node)
        last_depth = node.depth
    while open_nodes:
        ending = open_nodes.pop()
        parts.append(_ending(ending, sight, shows_some=ending.depth < last_depth))
        last_depth = ending.depth
    return mark_safe("".join(parts))  # noqa: S308 - escaped below, and html is the sanitizer's


def alone(said: Said, sight: Sight) -> SafeString:
    """Show one comment with room for its replies, as it is put into a page that is open."""
    parts: list[str] = []
    _write(parts, said, 0, sight)
    return mark_safe("".join([*parts, _end(said.pk, sight)]))  # noqa: S308 - as above


def sight_of(
    thread: Thread | None,
    reader: User | AnonymousUser,
    *,
    url: str,
    sort: str = BEST,
    reading: ThreadReading | None = None,
    paper: Paper | None = None,
    author_names: Collection[str] | None = None,
    marked: passages.Marked | None = None,
    is_writer: bool = True,
    comment_ids: Collection[int] = (),
) -> Sight:
    """Return what of a thread's comments depends on the reader."""
    if author_names is None:
        author_names = authors_among_members(paper) if paper else ()
    return Sight(
        url=url,
        sort=sort,
        looker=queries.looker_of(reader, reading),
        apart=blocks.kept_apart(reader),
        author_names=frozenset(author_names),
        submitter_id=paper.submitted_by_id if paper else None,
        badges=owners.badges(thread) if thread else {},
        is_locked=thread is not None and thread.is_locked,
        is_writer=is_writer,
        subjects=owners.subjects(thread, comment_ids, reader) if thread else {},
        passage_ids={pk: each.id for pk, each in marked.passages.items()} if marked else {},
        lost=marked.lost if marked else (),
        version=paper.version if paper else None,
    )


def authors_among_members(paper: Paper) -> set[str]:
    """Return the usernames of those who claimed their place among the authors: one query."""
    claimed = Authorship.objects.filter(paper=paper, claimed_by__isnull=False)
    return set(claimed.values_list("claimed_by__username", flat=True))


def _end(pk: int, sight: Sight) -> str:
    return f"</div>{'</details>' if sight.is_ahead(pk) else ''}</details></article>"


def _write(parts: list[str], said: Said, below: int, sight: Sight) -> None:
    """Append a comment up to its replies."""
    pk = said.pk
    if sight.is_place(said):
        kind, head = " place", _why_it_is_gone(said, sight)
    else:
        kind, head = " held" if said.is_held else "", _byline(said, sight)
    fold = f' data-below="{below} below"' if below else ""
    parts.append(
        f'<article class="comment{kind}" id="comment-{pk}"><p class="by">{head}</p>'
        f'<details open><summary aria-label="Fold"{fold}></summary>'
    )
    if pk in sight.subjects:
        parts.append(_about(sight.subjects[pk]))
    if kind == " place":
        parts.append(_what_is_left(said, sight))
    else:
        if said.anchor_part:
            parts.append(_anchor(said, sight))
        parts += ('<div class="said" dir="auto">', said.html, "</div>", _under(said, sight))
    slot = f'<div class="reply-slot" id="reply-{pk}"></div>' if sight.is_member else ""
    parts.append(f'{slot}<div class="replies" id="replies-{pk}">')


def _about(subject: Subject) -> str:
    about = f"About <bdi>{escape(subject.label)}</bdi>"
    if not subject.is_ahead:
        return f'<p class="about">{about}</p>'
    return f'<details class="ahead"><summary>{about}, which you have not read yet</summary>'


def _ending(node: Node, sight: Sight, *, shows_some: bool) -> str:
    end = _end(node.pk, sight)
    if not node.rest:
        return end
    url = escape(sight.branch_url(node.pk, node.after))
    if shows_some:
        label = f"{node.rest} more {'reply' if node.rest == 1 else 'replies'}"
    else:
        label = f"Continue this thread ({node.rest})"
    return f'<p class="rest"><a href="{url}" rel="nofollow">{label}</a></p>{end}'


# Who and when ------------------------------------------------------------------------------


def _byline(said: Said, sight: Sight) -> str:
    words = []
    if said.username in sight.author_names:
        words.append("author")
    if said.author_id is not None:
        if said.author_id == sight.submitter_id:
            words.append("submitter")
        if said.author_id in sight.badges:
            words.append(sight.badges[said.author_id])
    if said.is_moderator:
        words.append("moderator")
    who = _who(said.username, said.full_name, said.is_present, tuple(words))
    url = f"{comment_marks.COMMENTS}{said.pk}"
    line = f'{who}<a class="at" href="{url}">{_time(said.said_at, sight)}</a>'
    if said.revision_count:
        line += f'<a class="at" href="{url}/history">edited</a>'
    if sight.is_new(said):
        line += '<b class="new">new</b>'
    if said.is_held:
        line += '<b class="badge bad">waits for a moderator</b>'
    return line


@lru_cache(maxsize=16_384)
def _who(username: str, full_name: str, is_present: bool, words: tuple[str, ...]) -> str:  # noqa: FBT001
    if not username:
        return '<span class="name">A former member</span>'
    picture = _picture(username, full_name)
    name = f"<bdi>{escape(full_name or username)}</bdi>"
    badges = "".join(f'<b class="badge">{escape(word)}</b>' for word in words)
    if not is_present:
        return f'{picture}<span class="name">{name}</span>{badges}'
    url = escape(reverse("accounts:profile_page", args=[username]))
    return f'{picture}<a class="name" href="{url}">{name}</a>{badges}'


def _picture(username: str, full_name: str) -> str:
    initials = initials_of(User(username=username, full_name=full_name))
    return f'<i class="face t{tone_of(username)}" aria-hidden="true">{escape(initials)}</i>'


def _time(said_at: int, sight: Sight) -> str:
    at = datetime.fromtimestamp(said_at, sight.zone)
    age = sight.second - said_at
    words = told_time(at, age=age, year=sight.year)
    return f'<time datetime="{at.isoformat(" ", "minutes")}">{words}</time>'


# What was said -----------------------------------------------------------------------------


def _anchor(said: Said, sight: Sight) -> str:
    selectors = json.loads(said.selectors or "[]")
    exact = passages.Quote.of(selectors).exact
    quote = f"<bdi>{escape(exact)}</bdi>"
    if said.anchor_part == Anchor.Part.PAPER:
        place = f"<b>{escape(anchoring.label_of(selectors))}</b>"
        return f'<blockquote class="pointed">{place}{quote if exact else ""}</blockquote>'
    if said.pk in sight.passage_ids:
        quote = f'<a href="#{sight.passage_ids[said.pk]}">{quote}</a>'
    elif said.pk in sight.lost:
        gone = f"No longer in version {sight.version}" if sight.version else "No longer here"
        quote += f"<small>{gone}</small>"
    return f'<blockquote class="pointed">{quote}</blockquote>'


def _under(said: Said, sight: Sight) -> str:
    pk, url = said.pk, f"{comment_marks.COMMENTS}{said.pk}"
    reply = ""
    if sight.takes_replies(said):
        reply = f'<a class="reply-link" href="{url}/reply" rel="nofollow">Reply</a>'
    counts = said.reactions
    if not sight.is_member:
        up = comment_marks.visitors_vote(pk, said.vote_count)
        marks = comment_marks.visitors_reactions(pk, counts) if counts else ""
        return f'<div class="under">{up}{reply}{marks}</div>'
    # Who only reads along sees the counts, as those see them whose comment it is.
    is_own = sight.is_own(said) or not sight.is_writer
    if reply:
        reply += f'<a class="quote-link" href="{url}/reply?quote=1">Quote</a>'
    up = comment_marks.vote(pk, said.vote_count, is_upvoted=said.is_upvoted, is_own=is_own)
    marks = comment_marks.reactions(pk, counts, said.reacted or (), is_own=is_own)
    # The links are sent by htmx: where to, the list says once for all of them.
    return (
        f'<div class="under" hx-boost="true">{up}{reply}{marks}<a class="menu-link"'
        f' href="{url}/menu" hx-target="this" hx-swap="outerHTML">More</a></div>'
    )


# What is no longer said --------------------------------------------------------------------


def _why_it_is_gone(said: Said, sight: Sight) -> str:
    if said.author_id in sight.apart:
        return "A comment by a member who is kept apart from you."
    if said.is_taken_back:
        if not sight.is_own(said):
            return "Its author took this comment back."
        url = f"{comment_marks.COMMENTS}{said.pk}/take-back"
        return f'You took this comment back. <a href="{url}">Put it back</a>'
    if said.is_hidden:
        return f"A moderator hid this comment: <bdi>{escape(said.hidden_reason)}</bdi>"
    # It had replies before an edit made it wait.
    return "This comment waits for a moderator."


def _what_is_left(said: Said, sight: Sight) -> str:
    """Let moderators and its author unfold what was hidden."""
    if not said.html or said.author_id in sight.apart:
        return ""
    moderate = ""
    if sight.looker.is_moderator:
        url = reverse("discussions:comment_moderate", args=[said.pk])
        moderate = f'<div class="under"><a href="{url}">Moderate</a></div>'
    return (
        f'<details class="unfold"><summary>Show the text</summary>'
        f'<p class="by">{_byline(said, sight)}</p>'
        f'<div class="said" dir="auto">{said.html}</div></details>{moderate}'
    )
