"""Whom a comment names: who may be named, and by whom how often."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from common.refusals import Refused
from discussions import owners
from discussions.blocks import blocks
from discussions.comments import limits
from discussions.comments.models import Comment, Mention
from discussions.notifications.models import Notification

if TYPE_CHECKING:
    from collections.abc import Collection

    from accounts.models import User
    from discussions.comments.rendering import Rendered
    from discussions.thread.models import Thread


class TooManyMentionsError(Refused):
    """More members named than one may. The message is fit to show."""


def members_to_name(
    *, rendered: Rendered, author: User, thread: Thread, comment: Comment | None = None
) -> set[int]:
    """Return whom a text names who may hear of it; `comment` is what an edit changes.

    Somebody who cannot read the thread, or who is kept apart from the author, is left out
    without a word, since the word would tell. Raise TooManyMentionsError.
    """
    named = set(rendered.mentioned_ids) - {author.pk}
    if len(named) > limits.MAX_MENTIONS:
        raise TooManyMentionsError(
            f"A comment can mention {limits.MAX_MENTIONS} people, and this one mentions "
            f"{len(named)}. Your text was kept."
        )
    if not named:
        return named
    named = owners.readers_among(thread, named) - blocks.kept_apart(author)
    if limits.is_new_account(author) and not author.is_moderator:
        _require_few(named, author, comment)
    return named


def name_members(*, comment: Comment, member_ids: Collection[int]) -> None:
    """Let the comment's mentions be these."""
    Mention.objects.filter(comment=comment).exclude(member__in=member_ids).delete()
    Mention.objects.bulk_create(
        [Mention(comment=comment, member_id=pk) for pk in sorted(member_ids)],
        ignore_conflicts=True,
    )


def _require_few(named: set[int], author: User, comment: Comment | None) -> None:
    """Refuse a new account that named too many within a day.

    Whom an edit no longer names has heard of it all the same, so who was told counts too.
    """
    since = timezone.now() - timedelta(days=1)
    today = Comment.objects.filter(
        Q(created_at__gte=since) | Q(edited_at__gte=since), author=author
    )
    pairs = set(Mention.objects.filter(comment__in=today).values_list("comment_id", "member_id"))
    pairs |= set(
        Notification.objects.filter(
            comment__in=today,
            created_at__gte=since,
            reasons__contains=[Notification.Reason.MENTION],
        ).values_list("comment_id", "recipient_id")
    )
    # A comment that is about to be posted has no id yet.
    pairs |= {(comment.pk if comment else 0, pk) for pk in named}
    if len(pairs) > limits.NEW_ACCOUNT_MENTIONS_A_DAY:
        raise TooManyMentionsError(
            f"A new account can mention {limits.NEW_ACCOUNT_MENTIONS_A_DAY} people a day in "
            "its first week. Your text was kept: remove the mentions, or wait until tomorrow."
        )
