"""What one presses under a comment: the vote, the reactions.

A list of comments and the views that htmx asks write them alike, from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe

from discussions.models import Reaction

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

# Written out, because turning names into addresses takes longer than all the rest of a comment.
COMMENTS = "/comments/"


def vote(pk: int, vote_count: int, *, is_upvoted: bool, is_own: bool) -> SafeString:
    """Show a member's vote for a comment, alone as htmx swaps it; nobody votes for their own."""
    counted = f"{vote_count} vote{'' if vote_count == 1 else 's'}"
    if is_own:
        return mark_safe(  # noqa: S308 - numbers only
            f'<span class="up" id="comment-vote-{pk}" aria-label="{counted}">{vote_count}</span>'
        )
    url = f"{COMMENTS}{pk}/vote"
    pressed, value = ("true", "none") if is_upvoted else ("false", "up")
    return mark_safe(  # noqa: S308 - numbers only
        f'<button class="up" id="comment-vote-{pk}" form="act" formaction="{url}" name="vote"'
        f' value="{value}" hx-post="{url}" hx-swap="outerHTML" hx-sync="this:drop"'
        f' aria-pressed="{pressed}" aria-label="Upvote, {counted}">{vote_count}</button>'
    )


def visitors_vote(pk: int, vote_count: int) -> SafeString:
    """Show the count as a link that leads to signing in, and votes then."""
    counted = f"{vote_count} vote{'' if vote_count == 1 else 's'}"
    return mark_safe(  # noqa: S308 - numbers only
        f'<a class="up" href="{COMMENTS}{pk}/vote" rel="nofollow"'
        f' aria-label="Sign in to upvote, {counted}">{vote_count}</a>'
    )


def reactions(
    pk: int,
    counts: Mapping[str, int],
    reacted: Collection[str],
    *,
    is_member: bool,
    is_own: bool,
) -> SafeString:
    """Show the reactions to a comment, alone as htmx swaps them.

    Who reacted, and the ones to choose from, are at the address of the link.
    """
    url = f"{COMMENTS}{pk}/reactions"
    parts = []
    for kind in Reaction.Kind:
        count = counts.get(kind.value, 0)
        if not count:
            continue
        if is_own or not is_member:
            parts.append(f'<a href="{url}" rel="nofollow">{kind.label} {count}</a>')
            continue
        is_on = kind.value in reacted
        pressed, name = ("true", "take_back") if is_on else ("false", "reaction")
        parts.append(
            f'<button form="act" formaction="{url}" hx-post="{url}" hx-target="closest .reactions"'
            f' hx-swap="outerHTML" name="{name}" value="{kind.value}"'
            f' aria-pressed="{pressed}">{kind.label} {count}</button>'
        )
    if is_member and not is_own:
        parts.append(
            f'<a class="react" href="{url}" hx-get="{url}" hx-target="closest .reactions">React</a>'
        )
    inside = "".join(parts)
    return mark_safe(f'<span class="reactions" id="reactions-{pk}">{inside}</span>')  # noqa: S308
