"""Valid rows of discussions, counts included, of which a test names only what matters."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.html import format_html

from discussions.models import (
    Act,
    Appeal,
    Comment,
    CommentVote,
    Notification,
    Report,
    Thread,
)
from discussions.owners import Place, ThreadOwner
from papers.models import PaperTally
from tests.builders import make_paper, make_user

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from papers.models import Paper


class Club(ThreadOwner):
    """An app with one private thread, which its members may read."""

    writers = "members of the club"
    refusal = "Only members of the club write here."

    def __init__(self, *members: User) -> None:
        self.members = set(members)
        self.guests: set[User] = set()
        self.thread = Thread.objects.create()

    def readable_by(self, reader: User | AnonymousUser) -> Q:
        return Q(pk=self.thread.pk) if reader in self.members else Q(pk__in=[])

    def writable_by(self, member: User) -> Q:
        """Its guests read along."""
        return Q(pk__in=[]) if member in self.guests else self.readable_by(member)

    def readers_among(self, thread: Thread, member_ids: Collection[int]) -> set[int]:
        return {member.pk for member in self.members} & set(member_ids)

    def places(self, thread_ids: Collection[int]) -> dict[int, Place]:
        place = Place("The <club>", "/club")
        return {self.thread.pk: place} if self.thread.pk in thread_ids else {}


def make_thread(paper: Paper | None = None, **fields: Any) -> Thread:
    return Thread.objects.create(paper=paper or make_paper(), **fields)


def make_comment(
    *,
    paper: Paper | None = None,
    thread: Thread | None = None,
    parent: Comment | None = None,
    author: User | None = None,
    text: str = "This is worth reading.",
    **fields: Any,
) -> Comment:
    """Make a comment as rows only: whoever should hear of it was told."""
    if parent is not None:
        thread = parent.thread
    elif thread is None:
        thread = Thread.objects.get_or_create(paper=paper or make_paper())[0]
    fields = {"key": uuid.uuid4(), "notified_at": timezone.now()} | fields
    comment = Comment.objects.create(
        thread=thread,
        author=author or make_user(),
        parent=parent,
        root=(parent.root or parent) if parent else None,
        depth=parent.depth + 1 if parent else 0,
        text=text,
        html=str(fields.pop("html", format_html("<p>{}</p>", text))),
        **fields,
    )
    comment.refresh_from_db()
    _count(comment)
    return comment


def _count(comment: Comment) -> None:
    if comment.root_id:
        Comment.objects.filter(pk=comment.root_id).update(
            descendant_count=F("descendant_count") + 1
        )
    if comment.is_shown:
        Thread.objects.filter(pk=comment.thread_id).update(
            comment_count=F("comment_count") + 1, last_comment_at=comment.created_at
        )
        PaperTally.objects.filter(paper__thread=comment.thread_id).update(
            comment_count=F("comment_count") + 1
        )


def make_comment_vote(comment: Comment, member: User | None = None, **fields: Any) -> CommentVote:
    """Make a vote as a row only: the comment's count does not move."""
    fields = {"cast_at": timezone.now()} | fields
    return CommentVote.objects.create(comment=comment, member=member or make_user(), **fields)


def make_notification(
    recipient: User, comment: Comment | None = None, **fields: Any
) -> Notification:
    comment = comment or make_comment()
    fields = {
        "event": f"comment:{comment.pk}",
        "reasons": ["reply"],
        "actor": comment.author,
        "created_at": timezone.now(),
    } | fields
    return Notification.objects.create(
        recipient=recipient, comment=comment, thread=comment.thread, **fields
    )


def make_report(comment: Comment | None = None, **fields: Any) -> Report:
    fields = {"reason": "spam"} | fields
    if "member" not in fields:
        fields["comment"] = comment or make_comment()
    return Report.objects.create(reporter=fields.pop("reporter", None) or make_user(), **fields)


def make_act(comment: Comment | None = None, **fields: Any) -> Act:
    """Make an act as a row only: nothing was done."""
    comment = comment or make_comment()
    fields = {
        "kind": "warn",
        "reason": "Please keep to the paper.",
        "member": comment.author,
        "comment": comment,
        "thread": comment.thread,
    } | fields
    moderator = fields.pop("moderator", None) or make_user(is_moderator=True)
    return Act.objects.create(moderator=moderator, **fields)


def make_appeal(act: Act | None = None, **fields: Any) -> Appeal:
    fields = {"text": "I was quoting the paper."} | fields
    return Appeal.objects.create(act=act or make_act(), **fields)
