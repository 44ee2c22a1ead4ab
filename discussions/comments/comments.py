"""Post, edit, delete and restore comments.

A new account's first comments with links wait for a moderator's approval. A comment is held
when its author joined less than seven days ago and is no moderator, the comment (or its edited
text) links to another site, and no moderator has released a comment of theirs that is still
visible. Only its author and moderators see a held comment; it is not counted, and nobody is
notified of it until its release.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from common import wake_ups
from common.refusals import Refused
from discussions import owners, tasks
from discussions.blocks import blocks
from discussions.comments import limits, mentions, rendering, visibility
from discussions.comments.models import Anchor, Comment, Revision
from discussions.markdown.comment_text import TextError, clean_text
from discussions.moderation.models import Act
from discussions.thread.models import Thread

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User
    from discussions.comments.rendering import Rendered
    from papers.models import Paper

# Deeper than any real thread; a page folds replies long before this.
MAX_DEPTH = 500


class CommentRefusedError(Refused):
    """The act is not possible. The message is fit to show."""


@dataclass(frozen=True)
class AnchorDraft:
    """The passage for a new comment: see `discussions.models.Anchor`."""

    part: str
    selectors: list[dict[str, Any]]
    version: int | None = None


@dataclass(frozen=True)
class Posted:
    """A comment, and whether this call created it."""

    comment: Comment
    is_new: bool


def ensure_thread(*, paper: Paper) -> Thread:
    """Return the paper's thread; create it if there is none."""
    return Thread.objects.get_or_create(paper=paper)[0]


def post_comment(
    *,
    thread: Thread,
    author: User,
    text: str,
    key: UUID,
    parent: Comment | None = None,
    anchor: AnchorDraft | None = None,
    about: int | None = None,
) -> Posted:
    """Add a comment to a thread, once for each key, and schedule its notifications.

    `about` is one of the thread's subjects (discussions.owners).
    """
    # Before the lock, so that nobody waits for the slowest part.
    text, rendered = _render(text)
    with transaction.atomic():
        thread = _lock_thread(thread.pk, author)
        if earlier := _posted_with(author, key):
            _require_same(earlier, thread=thread, parent=parent, text=text, anchor=anchor)
            return Posted(earlier, is_new=False)
        _require_open(thread, author)
        parent = _require_parent(parent, thread, author) if parent else None
        named = _members_to_name(rendered, author, thread)
        pk = visibility.add(
            thread=thread,
            author=author,
            key=key,
            parent=parent,
            text=text,
            html=rendered.html,
            rendered_with=rendered.rendered_with,
            is_held=_must_wait(author, rendered),
        )
        if pk is None:
            # The key was used in another thread since we checked.
            raise _used_before()
        comment = Comment.objects.select_related("author", "thread__paper").get(pk=pk)
        if named:
            mentions.name_members(comment=comment, member_ids=named)
        _anchor(comment, anchor)
        if about is not None:
            owners.save_subject(comment=comment, subject_id=about)
        if comment.is_shown:
            wake_ups.wake(tasks.notify_of_comment, comment.pk)
    return Posted(comment, is_new=True)


def edit_comment(*, comment: Comment, editor: User, text: str) -> Comment:
    """Change a comment's text, and keep the old one. The same text changes nothing.

    Members mentioned for the first time are notified.
    """
    text, rendered = _render(text)
    with transaction.atomic():
        thread = _lock_thread(comment.thread_id, editor)
        comment = _lock_own(comment, editor)
        if not comment.is_shown:
            raise CommentRefusedError("Only visible comments can be edited.")
        _require_open(thread, editor)
        if text == comment.text:
            return comment
        named = _members_to_name(rendered, editor, thread, comment)
        _rewrite(comment, text, rendered)
        mentions.name_members(comment=comment, member_ids=named)
        if _must_wait(editor, rendered):
            visibility.hold(comment_id=comment.pk)
            comment.refresh_from_db(fields=["held_at"])
        else:
            wake_ups.wake(tasks.notify_of_comment, comment.pk)
    return comment


def delete_comment(*, comment: Comment, author: User) -> Comment:
    """Delete the author's own comment. A placeholder and the replies stay."""
    _require_own(comment, author)
    visibility.delete(comment_id=comment.pk)
    comment.refresh_from_db(fields=["taken_back_at"])
    return comment


def restore_comment(*, comment: Comment, author: User) -> Comment:
    """Restore the author's own deleted comment, while its text is kept."""
    _require_own(comment, author)
    with transaction.atomic():
        _lock_thread(comment.thread_id, author)
        comment = _lock_own(comment, author)
        if comment.taken_back_at is None:
            return comment
        if comment.hidden_at:
            raise CommentRefusedError("A moderator hid this comment, so it cannot be changed.")
        if not visibility.undelete(comment_id=comment.pk):
            raise CommentRefusedError("The text of this comment was deleted for good.")
        comment.taken_back_at = None
        # Notify those who would have been notified meanwhile.
        wake_ups.wake(tasks.notify_of_comment, comment.pk)
    return comment


def _render(text: str) -> tuple[str, Rendered]:
    try:
        text = clean_text(text)
        rendered = rendering.render(text)
    except TextError as error:
        raise CommentRefusedError(str(error)) from error
    return text, rendered


def _members_to_name(
    rendered: Rendered, author: User, thread: Thread, comment: Comment | None = None
) -> set[int]:
    try:
        return mentions.members_to_name(
            rendered=rendered, author=author, thread=thread, comment=comment
        )
    except mentions.TooManyMentionsError as error:
        raise CommentRefusedError(str(error)) from error


def _lock_thread(pk: int, member: User) -> Thread:
    """Lock the thread first: all changes of comments and counts wait here.

    Ids in a thread are then in the order of their commits, so that "new since" misses none.
    """
    threads = Thread.objects.readable_by(member).select_for_update(no_key=True, of=("self",))
    thread = threads.filter(pk=pk).first()
    if thread is None:
        raise CommentRefusedError("You don’t have access to this thread.")
    return thread


def _require_open(thread: Thread, member: User) -> None:
    if reason := thread.why_closed_to(member):
        raise CommentRefusedError(reason)


def _require_parent(parent: Comment, thread: Thread, author: User) -> Comment:
    # Reloaded: the thread is locked, so the comment cannot change while we reply.
    row = Comment.objects.filter(pk=parent.pk, thread=thread).first()
    if row is None or not row.is_shown:
        raise CommentRefusedError("The comment you are replying to is gone. Your text was kept.")
    if row.author_id in blocks.kept_apart(author):
        raise CommentRefusedError("You cannot reply to this comment.")
    if row.depth >= MAX_DEPTH:
        raise CommentRefusedError("The replies here are nested too deeply. Start a new comment.")
    return row


def _posted_with(author: User, key: UUID) -> Comment | None:
    comments = Comment.objects.select_related("author", "thread__paper", "anchor")
    return comments.filter(author=author, key=key).first()


def _require_same(
    comment: Comment,
    *,
    thread: Thread,
    parent: Comment | None,
    text: str,
    anchor: AnchorDraft | None,
) -> None:
    """Refuse a form key that was used with another text or in another place."""
    is_same = (
        comment.thread_id == thread.pk
        and comment.parent_id == (parent.pk if parent else None)
        and _first_text(comment) == text
        and _pointed_at_by(comment) == _points_at(anchor)
    )
    if not is_same:
        raise _used_before()


def _first_text(comment: Comment) -> str:
    """Return the text as first posted."""
    first = Revision.objects.filter(comment=comment, number=1).first()
    return first.text if first else comment.text


def _used_before() -> CommentRefusedError:
    return CommentRefusedError(
        "This form was already posted with another text or in another place. Your text was "
        "kept: post it again to add it as a separate comment."
    )


def _must_wait(author: User, rendered: Rendered) -> bool:
    """Return whether the comment must be held: a new account's first links."""
    if not rendered.links_out or author.is_moderator or not limits.is_new_account(author):
        return False
    released = Act.objects.filter(
        kind=Act.Kind.RELEASE, comment__in=Comment.objects.shown().filter(author=author)
    )
    return not released.exists()


def _rewrite(comment: Comment, text: str, rendered: Rendered) -> None:
    """Save the new text, with the old one as a revision. The row is locked."""
    comment.revision_count += 1
    Revision.objects.create(
        comment=comment,
        number=comment.revision_count,
        text=comment.text,
        written_at=comment.edited_at or comment.created_at,
    )
    comment.text, comment.html = text, rendered.html
    comment.rendered_with = rendered.rendered_with
    comment.edited_at = timezone.now()
    comment.notified_at = None
    comment.save(
        update_fields=[
            "text", "html", "rendered_with", "edited_at", "notified_at", "revision_count",
        ]
    )  # fmt: skip


def _anchor(comment: Comment, draft: AnchorDraft | None) -> None:
    if draft:
        Anchor.objects.create(
            comment=comment, part=draft.part, selectors=draft.selectors, version=draft.version
        )


def _pointed_at_by(comment: Comment) -> set[str]:
    anchor: Anchor | None = getattr(comment, "anchor", None)
    return _points_at(AnchorDraft(anchor.part, anchor.selectors) if anchor else None)


def _points_at(draft: AnchorDraft | None) -> set[str]:
    """Return the passage and the location by name.

    Without position and version: a retry may find a new version of the paper.
    """
    if draft is None:
        return set()
    named = {
        str(each[name]) for each in draft.selectors for name in ("exact", "value") if name in each
    }
    return named | {str(draft.part)}


def _lock_own(comment: Comment, member: User) -> Comment:
    _require_own(comment, member)
    comments = Comment.objects.select_related("author", "thread__paper")
    return comments.select_for_update(no_key=True, of=("self",)).get(pk=comment.pk)


def _require_own(comment: Comment, member: User) -> None:
    if comment.author_id != member.pk:
        raise CommentRefusedError("Only its author can change a comment.")
