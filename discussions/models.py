"""Imports the models of discussions, each defined in its subject's package."""

from discussions.blocks.models import Block, Mute
from discussions.comments.models import (
    Anchor,
    Comment,
    CommentVote,
    Mention,
    Reaction,
    Revision,
)
from discussions.moderation.models import Act, Appeal, Report
from discussions.notifications.models import Notification
from discussions.thread.models import Thread, ThreadReading

__all__ = [
    "Act",
    "Anchor",
    "Appeal",
    "Block",
    "Comment",
    "CommentVote",
    "Mention",
    "Mute",
    "Notification",
    "Reaction",
    "Report",
    "Revision",
    "Thread",
    "ThreadReading",
]
