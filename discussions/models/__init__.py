from discussions.models.comments import Anchor, Comment, Mention, Revision
from discussions.models.marks import CommentVote, Reaction
from discussions.models.moderation import Act, Appeal, Report
from discussions.models.notifications import Notification
from discussions.models.people import Block, Mute
from discussions.models.threads import Thread, ThreadReading

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
