"""Moderators' acts: each act, its reason and its record in one transaction.

An act changes a state, and only a call that changes it records an act: a second click, or a
second moderator at the same moment, finds it done. A mistaken act is not changed: another act
undoes it, and refers to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.suspensions import suspensions
from common.refusals import Refused
from common.wake_ups import wake
from discussions import tasks
from discussions.comments import visibility, voting
from discussions.moderation.models import Act, Report
from discussions.notifications import notifications
from discussions.notifications.models import Notification
from discussions.thread.models import Thread
from papers import voting as paper_voting

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.db.models import QuerySet

    from discussions.comments.models import Comment

Kind = Act.Kind

# The length of the column on papers' votes.
_MAX_VOID_REASON = 200
HIDING = frozenset({Kind.HIDE, Kind.SPAM})

# The notification to the member concerned, before the reason.
_TOLD = {
    Kind.HIDE: "A moderator hid your comment",
    Kind.SPAM: "A moderator hid your comment as spam",
    Kind.RESTORE: "Your comment was restored",
    Kind.RELEASE: "Your comment was approved",
    Kind.WARN: "A moderator warned you",
    Kind.UNWARN: "A moderator withdrew a warning",
    Kind.SUSPEND: "A moderator suspended your account",
    Kind.LIFT: "Your suspension was ended",
    Kind.VOID_VOTES: "A moderator voided your votes",
    Kind.RESTORE_VOTES: "Your votes count again",
}


class ActRefusedError(Refused):
    """The act cannot be done, or not by this moderator. The message is fit to show."""


class AlreadyDoneError(ActRefusedError):
    """Somebody has already done the act. The message says so."""


@transaction.atomic
def hide(
    *, comment: Comment, moderator: User, reason: str, note: str = "", as_spam: bool = False
) -> Act:
    """Hide a comment. A placeholder with the reason stays."""
    _check(moderator, reason, about=comment.author_id)
    if not visibility.hide(comment_id=comment.pk, reason=reason):
        raise AlreadyDoneError("This comment is already hidden.")
    kind = Kind.SPAM if as_spam else Kind.HIDE
    return _record_for_comment(kind, comment, moderator, reason, note)


@transaction.atomic
def restore(*, comment: Comment, moderator: User, reason: str, note: str = "") -> Act:
    """Show a hidden comment again."""
    _check(moderator, reason, about=comment.author_id)
    if not visibility.restore(comment_id=comment.pk):
        raise AlreadyDoneError("This comment is no longer hidden.")
    undoes = _not_undone(comment.acts.filter(kind__in=HIDING))
    return _record_for_comment(Kind.RESTORE, comment, moderator, reason, note, undoes=undoes)


@transaction.atomic
def release(*, comment: Comment, moderator: User, reason: str, note: str = "") -> Act:
    """Release a held comment, and schedule its notifications."""
    _check(moderator, reason, about=comment.author_id)
    if not visibility.release(comment_id=comment.pk):
        raise AlreadyDoneError("This comment is no longer waiting for approval.")
    wake(tasks.notify_of_comment, comment.pk)
    return _record_for_comment(Kind.RELEASE, comment, moderator, reason, note)


@transaction.atomic
def lock(*, thread: Thread, moderator: User, reason: str, note: str = "") -> Act:
    """Lock a thread against new comments."""
    _check(moderator, reason)
    open_thread = Thread.objects.filter(pk=thread.pk, locked_at__isnull=True)
    if not open_thread.update(locked_at=timezone.now()):
        raise AlreadyDoneError("This thread is already closed.")
    return _record(Kind.LOCK, moderator, reason, note, thread=thread)


@transaction.atomic
def unlock(*, thread: Thread, moderator: User, reason: str, note: str = "") -> Act:
    """Allow new comments in a thread again."""
    _check(moderator, reason)
    closed_thread = Thread.objects.filter(pk=thread.pk, locked_at__isnull=False)
    if not closed_thread.update(locked_at=None):
        raise AlreadyDoneError("This thread is already open.")
    undoes = _not_undone(thread.acts.filter(kind=Kind.LOCK))
    return _record(Kind.UNLOCK, moderator, reason, note, thread=thread, undoes=undoes)


@transaction.atomic
def warn(
    *, member: User, moderator: User, reason: str, note: str = "", comment: Comment | None = None
) -> Act:
    """Warn a member, once for each comment, and otherwise once with the same text."""
    _check(moderator, reason, about=member.pk)
    _lock_member(member)
    warnings = Act.objects.filter(kind=Kind.WARN, member=member, comment=comment)
    if comment is None:
        warnings = warnings.filter(reason=reason)
    if _not_undone(warnings):
        raise AlreadyDoneError("This member was already warned about that.")
    thread = comment.thread if comment else None
    return _record(
        Kind.WARN, moderator, reason, note, member=member, comment=comment, thread=thread
    )


@transaction.atomic
def undo_warning(*, act: Act, moderator: User, reason: str, note: str = "") -> Act:
    """Withdraw a warning."""
    _check(moderator, reason, about=act.member_id)
    if act.member:
        _lock_member(act.member)
    if Act.objects.filter(undoes=act).exists():
        raise AlreadyDoneError("This warning was already withdrawn.")
    return _record(
        Kind.UNWARN,
        moderator,
        reason,
        note,
        comment=act.comment,
        thread=act.thread,
        member=act.member,
        undoes=act,
    )


@transaction.atomic
def suspend(*, member: User, moderator: User, until: datetime, reason: str, note: str = "") -> Act:
    """Suspend a member until then. Their sessions end at once."""
    _check(moderator, reason, about=member.pk)
    _check_rank(moderator, member)
    if until <= timezone.now():
        raise ActRefusedError("A suspension must end in the future.")
    present = _lock_member(member)
    if present.is_suspended:
        raise AlreadyDoneError(
            f"This member is already suspended until {present.suspended_until:%B %-d, %Y}. To "
            "change that, end the suspension first."
        )
    suspensions.suspend(member=member, until=until)
    return _record(Kind.SUSPEND, moderator, reason, note, member=member, until=until)


@transaction.atomic
def lift(*, member: User, moderator: User, reason: str, note: str = "") -> Act:
    """End a suspension before its time."""
    _check(moderator, reason, about=member.pk)
    if not _lock_member(member).is_suspended:
        raise AlreadyDoneError("This member is no longer suspended.")
    suspensions.lift(member=member)
    undoes = _not_undone(member.acts_about.filter(kind=Kind.SUSPEND, until__gt=timezone.now()))
    return _record(Kind.LIFT, moderator, reason, note, member=member, undoes=undoes)


@transaction.atomic
def void_votes(*, member: User, moderator: User, reason: str, note: str = "") -> Act:
    """Void all votes and reactions of a member, for papers and for comments."""
    _check(moderator, reason, about=member.pk)
    _check_rank(moderator, member)
    _lock_member(member)
    # Comments before tallies, in the lock order of posting.
    voided = voting.void_marks(member=member)
    if not voided + paper_voting.void_votes(member=member, reason=reason[:_MAX_VOID_REASON]):
        raise AlreadyDoneError("This member has no votes to void.")
    return _record(Kind.VOID_VOTES, moderator, reason, note, member=member)


@transaction.atomic
def restore_votes(*, member: User, moderator: User, reason: str, note: str = "") -> Act:
    """Count the voided votes and reactions of a member again."""
    _check(moderator, reason, about=member.pk)
    _lock_member(member)
    restored = voting.restore_marks(member=member)
    if not restored + paper_voting.restore_votes(member=member):
        raise AlreadyDoneError("This member has no voided votes.")
    undoes = _not_undone(member.acts_about.filter(kind=Kind.VOID_VOTES))
    return _record(Kind.RESTORE_VOTES, moderator, reason, note, member=member, undoes=undoes)


@transaction.atomic
def dismiss(*, report: Report, moderator: User, reason: str, note: str = "") -> Act:
    """Close a report, and earlier ones about the same subject, without taking action.

    Later ones may say something that the moderator has not read.
    """
    comment = report.comment
    member = comment.author if comment else report.member
    _check(moderator, reason, about=member.pk if member else None)
    if not _open_reports(comment=comment, member=report.member, up_to=report.pk):
        raise AlreadyDoneError("This report was already closed.")
    act = Act.objects.create(
        kind=Kind.DISMISS,
        moderator=moderator,
        reason=reason,
        note=note,
        comment=comment,
        thread=comment.thread if comment else None,
        member=member,
    )
    _close_reports(act, _open_reports(comment=comment, member=report.member, up_to=report.pk))
    return act


def record_denial(*, act: Act, moderator: User, reason: str) -> Act:
    """Record that an act is upheld after an appeal by the member concerned."""
    _check(moderator, reason, about=act.member_id)
    return Act.objects.create(
        kind=Kind.DENY_APPEAL,
        moderator=moderator,
        reason=reason,
        comment=act.comment,
        thread=act.thread,
        member=act.member,
    )


def undo(*, act: Act, moderator: User, reason: str, note: str = "") -> Act:
    """Reverse an act that is still in force; later acts for other reasons stay."""
    if Act.objects.filter(undoes=act).exists() or (act.until and act.until <= timezone.now()):
        raise AlreadyDoneError("This was already undone, or has expired.")
    if act.kind in HIDING and act.comment:
        return restore(comment=act.comment, moderator=moderator, reason=reason, note=note)
    if act.kind == Kind.LOCK and act.thread:
        return unlock(thread=act.thread, moderator=moderator, reason=reason, note=note)
    if act.kind == Kind.WARN:
        return undo_warning(act=act, moderator=moderator, reason=reason, note=note)
    if act.kind == Kind.SUSPEND and act.member:
        return lift(member=act.member, moderator=moderator, reason=reason, note=note)
    if act.kind == Kind.VOID_VOTES and act.member:
        return restore_votes(member=act.member, moderator=moderator, reason=reason, note=note)
    raise ActRefusedError("This action cannot be undone.")


def _check(moderator: User, reason: str, *, about: int | None = None) -> None:
    if not moderator.is_moderator:
        raise ActRefusedError("Only moderators can do this.")
    if about is not None and about == moderator.pk:
        raise ActRefusedError("This is about you, so another moderator has to do it.")
    if not reason.strip():
        raise ActRefusedError("Give a reason. It is public.")
    if len(reason) > Act.MAX_REASON:
        raise ActRefusedError(f"The reason can have up to {Act.MAX_REASON} characters.")


def _check_rank(moderator: User, member: User) -> None:
    """Refuse acts against moderators: they are up to those who run the site."""
    is_kept = member.is_moderator or member.is_staff or member.is_superuser
    if is_kept and not moderator.is_superuser:
        raise ActRefusedError("This member is a moderator: only an administrator can do that.")


def _lock_member(member: User) -> User:
    """Lock a member, so that acts about them are serialized; return the current row."""
    present: User = User.objects.select_for_update(no_key=True).get(pk=member.pk)
    return present


def _record_for_comment(
    kind: Act.Kind,
    comment: Comment,
    moderator: User,
    reason: str,
    note: str,
    *,
    undoes: Act | None = None,
) -> Act:
    return _record(
        kind,
        moderator,
        reason,
        note,
        comment=comment,
        thread=comment.thread,
        member=comment.author,
        undoes=undoes,
    )


def _record(
    kind: Act.Kind,
    moderator: User,
    reason: str,
    note: str,
    *,
    comment: Comment | None = None,
    thread: Thread | None = None,
    member: User | None = None,
    until: datetime | None = None,
    undoes: Act | None = None,
) -> Act:
    """Save the act, close the reports that led to it, and notify the member concerned."""
    act = Act.objects.create(
        kind=kind,
        moderator=moderator,
        reason=reason,
        note=note,
        comment=comment,
        thread=thread,
        member=member,
        until=until,
        undoes=undoes,
    )
    if comment or member:
        about_member = None if comment else member
        _close_reports(act, _open_reports(comment=comment, member=about_member))
    _tell(act)
    return act


def _open_reports(
    *, comment: Comment | None, member: User | None, up_to: int | None = None
) -> list[int]:
    """Lock the open reports about a comment, or else about a member, and return their ids."""
    reports = Report.objects.open().filter(comment=comment, member=member)
    if up_to is not None:
        reports = reports.filter(pk__lte=up_to)
    # In the order of their ids, so that two acts never deadlock.
    return [report.pk for report in reports.order_by("pk").only("pk").select_for_update()]


def _close_reports(act: Act, reports: Collection[int]) -> None:
    Report.objects.filter(pk__in=reports).update(closed_at=timezone.now(), act=act)


def _not_undone(acts: QuerySet[Act]) -> Act | None:
    """Return the latest of the acts that is not undone."""
    return acts.filter(undone_by__isnull=True).order_by("-pk").first()


def _tell(act: Act) -> None:
    if act.member is None or act.kind not in _TOLD:
        return
    notifications.tell(
        recipients=[act.member],
        event=f"act:{act.pk}",
        reason=Notification.Reason.MODERATION,
        actor=act.moderator,
        thread=act.thread,
        comment=act.comment,
        summary=f"{_TOLD[Kind(act.kind)]}: {act.reason}",
        url=act.get_absolute_url(),
    )
