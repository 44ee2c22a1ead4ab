"""Mentions: who may be mentioned, and how often."""

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
    """Too many members are mentioned. The message is fit to show."""


def members_to_name(
    *, rendered: Rendered, author: User, thread: Thread, comment: Comment | None = None
) -> set[int]:
    """Return the mentioned members who may be notified; `comment` is the one being edited.

    Members who cannot read the thread, or are separated from the author by a block, are left
    out silently, since an error would reveal this. Raise TooManyMentionsError.
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
    """Replace the comment's mentions by these."""
    Mention.objects.filter(comment=comment).exclude(member__in=member_ids).delete()
    Mention.objects.bulk_create(
        [Mention(comment=comment, member_id=pk) for pk in sorted(member_ids)],
        ignore_conflicts=True,
    )


def _require_few(named: set[int], author: User, comment: Comment | None) -> None:
    """Raise TooManyMentionsError if a new account mentioned too many within a day.

    Members removed by an edit were notified all the same, so they count too.
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
    # A new comment has no id yet.
    pairs |= {(comment.pk if comment else 0, pk) for pk in named}
    if len(pairs) > limits.NEW_ACCOUNT_MENTIONS_A_DAY:
        raise TooManyMentionsError(
            f"A new account can mention {limits.NEW_ACCOUNT_MENTIONS_A_DAY} people a day in "
            "its first week. Your text was kept: remove the mentions, or wait until tomorrow."
        )
