"""What one presses under a comment: the vote, the reactions.

A list of comments and the views that htmx asks write them alike, from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe

from discussions.comments.models import Reaction

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

# Written out, because turning names into addresses takes longer than all the rest of a comment.
COMMENTS = "/comments/"


def vote(pk: int, vote_count: int, *, is_upvoted: bool, is_own: bool) -> SafeString:
    """Show a member's vote for a comment, alone as htmx swaps it; nobody votes for their own."""
    if is_own:
        return mark_safe(  # noqa: S308 - numbers only
            f'<span class="up" id="comment-vote-{pk}"><i>Votes</i> {vote_count}</span>'
        )
    url = f"{COMMENTS}{pk}/vote"
    pressed, value = ("true", "none") if is_upvoted else ("false", "up")
    return mark_safe(  # noqa: S308 - numbers only
        f'<button class="up" id="comment-vote-{pk}" form="act" formaction="{url}" hx-post="{url}"'
        f' hx-target="this" hx-swap="outerHTML" hx-sync="this:drop" name="vote" value="{value}"'
        f' aria-pressed="{pressed}"><i>Upvote</i> {vote_count}</button>'
    )


def visitors_vote(pk: int, vote_count: int) -> SafeString:
    """Show the count as a link that leads to signing in, and votes then."""
    return mark_safe(  # noqa: S308 - numbers only
        f'<a class="up" href="{COMMENTS}{pk}/vote" rel="nofollow"><i>Upvote</i> {vote_count}</a>'
    )


def reactions(
    pk: int, counts: Mapping[str, int], reacted: Collection[str], *, is_own: bool
) -> SafeString:
    """Show a member the reactions to a comment, alone as htmx swaps them.

    Who reacted, and the ones to choose from, are at the address of the link.
    """
    if is_own:
        return visitors_reactions(pk, counts)
    url = f"{COMMENTS}{pk}/reactions"
    react = f'<a class="react" href="{url}" hx-target="closest .reactions">React</a>'
    if not counts:
        return _span(pk, react)
    buttons = "".join(
        _button(url, kind, counts[kind.value], is_on=kind.value in reacted)
        for kind in Reaction.Kind
        if counts.get(kind.value)
    )
    return _span(pk, buttons + react)


def visitors_reactions(pk: int, counts: Mapping[str, int]) -> SafeString:
    """Show the reactions as links to who reacted: all there is for a visitor and its author."""
    links = "".join(
        f'<a href="{COMMENTS}{pk}/reactions" rel="nofollow">{kind.label} {counts[kind.value]}</a>'
        for kind in Reaction.Kind
        if counts.get(kind.value)
    )
    return _span(pk, links)


def _button(url: str, kind: Reaction.Kind, count: int, *, is_on: bool) -> str:
    pressed, name = ("true", "take_back") if is_on else ("false", "reaction")
    return (
        f'<button form="act" formaction="{url}" hx-post="{url}" hx-target="closest .reactions"'
        f' hx-swap="outerHTML" name="{name}" value="{kind.value}" aria-pressed="{pressed}">'
        f"{kind.label} {count}</button>"
    )


def _span(pk: int, inside: str) -> SafeString:
    return mark_safe(f'<span class="reactions" id="reactions-{pk}">{inside}</span>')  # noqa: S308
