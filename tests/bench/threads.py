"""Threads of a size that few papers reach, written once and kept with the bench's data."""

from __future__ import annotations

import random
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from discussions.comments import rendering
from discussions.models import Comment, Thread
from papers.models import Paper, PaperTally

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SIZES = (1_000, 10_000)
_AUTHORS = 300
_PROSE = (
    "the bound is tight when patches overlap because every gradient step keeps the symmetry"
    " of its data and a smaller learning rate hides what the ablation would show about depth"
    " so I would like to see the same table without augmentation before we call it a result"
)
_ENDINGS = (
    "",
    " Here $\\sum_{i=1}^{n} x_i^2 \\le n\\sigma^2$, as in the second lemma.",
    " See `layers[0].weight.norm()` in their code.",
    "\n\n> Subsampling only changes the constant.\n\nDoes it, though?",
    "\n\n$$\\mathbb{E}[f(x)] = \\int f \\, d\\mu$$",
)


def ensure_threads() -> dict[int, Paper]:
    """Return a paper for each of SIZES that has a thread of that many comments."""
    papers = Paper.objects.filter(announced_on__isnull=False).order_by("pk")[: len(SIZES)]
    found = dict(zip(SIZES, papers, strict=True))
    for size, paper in found.items():
        thread, is_new = Thread.objects.get_or_create(paper=paper)
        if is_new:
            _write(thread, size)
    return found


@transaction.atomic
def _write(thread: Thread, size: int) -> None:
    chance = random.Random(size)
    authors = list(User.objects.order_by("pk").values_list("pk", flat=True)[:_AUTHORS])
    texts = [(text, rendering.render(text)) for text in (_text(chance) for _ in range(200))]
    first = (Comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    comments = list(_comments(thread, range(first, first + size), authors, texts, chance))
    Comment.objects.bulk_create(comments, batch_size=1_000)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('discussions_comment', 'id'), %s::bigint)",
            [first + size - 1],
        )
        cursor.execute(
            """
            UPDATE discussions_comment root SET descendant_count = below.count
            FROM (SELECT root_id, count(*) FROM discussions_comment WHERE thread_id = %s
                  GROUP BY root_id) below
            WHERE root.id = below.root_id
            """,
            [thread.pk],
        )
    last = comments[-1].created_at
    Thread.objects.filter(pk=thread.pk).update(comment_count=size, last_comment_at=last)
    PaperTally.objects.filter(paper=thread.paper_id).update(comment_count=size)


def _comments(
    thread: Thread,
    keys: range,
    authors: Sequence[int],
    texts: Sequence[tuple[str, rendering.Rendered]],
    chance: random.Random,
) -> Iterator[Comment]:
    """Write a tree as threads grow: a third begin a branch, most answer something recent."""
    now = timezone.now()
    written: list[Comment] = []
    for place, pk in enumerate(keys):
        parent = chance.choice(written[-60:]) if written and chance.random() < 2 / 3 else None
        text, rendered = chance.choice(texts)
        comment = Comment(
            pk=pk,
            thread=thread,
            author_id=chance.choice(authors),
            parent=parent,
            root_id=(parent.root_id or parent.pk) if parent else None,
            depth=parent.depth + 1 if parent else 0,
            text=text,
            html=rendered.html,
            rendered_with=rendering.RENDERED_WITH,
            key=uuid.UUID(int=chance.getrandbits(128)),
            created_at=now - timedelta(minutes=len(keys) - place),
            notified_at=now,
            vote_count=(votes := int(chance.expovariate(0.5))),
            points=votes,
            reaction_counts={"thanks": 1} if chance.random() < 0.1 else {},
        )
        written.append(comment)
        yield comment


def _text(chance: random.Random) -> str:
    # Of the length that real threads have: half under 200 characters, a tenth over 700.
    count = min(200, max(6, int(chance.lognormvariate(3.4, 0.9))))
    words = chance.choices(_PROSE.split(), k=count)
    return " ".join(words).capitalize() + "." + chance.choice(_ENDINGS)


def remove_comments(*, after: int) -> int:
    """Take out what the bench posted, and put the counts back."""
    posted = Comment.objects.filter(pk__gt=after)
    threads = list(posted.values_list("thread_id", flat=True).distinct())
    count = posted.count()
    with connection.cursor() as cursor:
        for query in _REMOVALS:
            cursor.execute(query, {"after": after, "threads": threads})
    return count


_REMOVALS = (
    "DELETE FROM discussions_mention WHERE comment_id > %(after)s",
    "DELETE FROM discussions_notification WHERE comment_id > %(after)s",
    "DELETE FROM discussions_commentvote WHERE comment_id > %(after)s",
    "DELETE FROM discussions_comment WHERE id > %(after)s",
    """
    UPDATE discussions_thread thread SET comment_count = (
        SELECT count(*) FROM discussions_comment WHERE thread_id = thread.id
        AND taken_back_at IS NULL AND hidden_at IS NULL AND held_at IS NULL
    ) WHERE id = ANY(%(threads)s::bigint[])
    """,
    """
    UPDATE papers_papertally tally SET comment_count = thread.comment_count
    FROM discussions_thread thread
    WHERE thread.paper_id = tally.paper_id AND thread.id = ANY(%(threads)s::bigint[])
    """,
    """
    UPDATE discussions_comment root SET descendant_count = (
        SELECT count(*) FROM discussions_comment WHERE root_id = root.id
    ) WHERE thread_id = ANY(%(threads)s::bigint[]) AND root_id IS NULL
    """,
)
