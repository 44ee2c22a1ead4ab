"""Rows for a reader: 404 for what they may not see, 403 for what they may not change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from discussions.comments.models import Comment
from discussions.thread.models import Thread

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def get_thread(reader: User | AnonymousUser, pk: int) -> Thread:
    """Return a thread that the reader may read."""
    return get_object_or_404(Thread.objects.readable_by(reader).select_related("paper"), pk=pk)


def get_comment(reader: User | AnonymousUser, pk: int) -> Comment:
    """Return a comment in a thread that the reader may read, whatever its state.

    Only its author and moderators get a held comment.
    """
    comments = Comment.objects.readable_by(reader).select_related("author", "thread__paper")
    comment = get_object_or_404(comments, pk=pk)
    if comment.held_at and not _sees_held(reader, comment):
        # The same answer as for a comment that does not exist.
        get_object_or_404(Comment.objects.none(), pk=pk)
    return comment


def get_comment_to_change(member: User, pk: int) -> Comment:
    """Return a comment of the member's own: nobody edits another's comment."""
    comment = get_comment(member, pk)
    if comment.author_id != member.pk:
        raise PermissionDenied("Only its author can change a comment.")
    return comment


def _sees_held(reader: User | AnonymousUser, comment: Comment) -> bool:
    if not reader.is_authenticated:
        return False
    return reader.pk == comment.author_id or reader.is_moderator


def require_moderator(member: User) -> None:
    """Raise PermissionDenied if the member is no moderator."""
    if not member.is_moderator:
        raise PermissionDenied("This page is for moderators.")
