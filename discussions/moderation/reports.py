"""Reports of comments and members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.refusals import Refused
from discussions.moderation.models import Report

if TYPE_CHECKING:
    from accounts.models import User
    from discussions.comments.models import Comment


class ReportRefusedError(Refused):
    """There is nothing to report. The message is fit to show."""


@dataclass(frozen=True)
class Reported:
    """The reporter's open report, and whether it is new."""

    report: Report
    is_new: bool


def report_comment(*, comment: Comment, reporter: User, reason: str, note: str = "") -> Reported:
    """Report a comment. An open report by the same member is kept."""
    if comment.author_id == reporter.pk:
        raise ReportRefusedError("This comment is yours. You can delete it.")
    if not comment.is_shown:
        raise ReportRefusedError("This comment is no longer shown.")
    # The constraint stops a second concurrent report, which then finds the first.
    report, is_new = Report.objects.get_or_create(
        reporter=reporter,
        comment=comment,
        closed_at=None,
        defaults={"reason": reason, "note": note},
    )
    return Reported(report, is_new)


def report_member(*, member: User, reporter: User, reason: str, note: str = "") -> Reported:
    """Report a member's name or profile. An open report by the same member is kept."""
    if member.pk == reporter.pk:
        raise ReportRefusedError("This is your own profile.")
    report, is_new = Report.objects.get_or_create(
        reporter=reporter,
        member=member,
        closed_at=None,
        defaults={"reason": reason, "note": note},
    )
    return Reported(report, is_new)


def open_report(
    *, reporter: User, comment: Comment | None = None, member: User | None = None
) -> Report | None:
    """Return the member's report that no moderator has answered yet."""
    reports = Report.objects.open().filter(reporter=reporter, comment=comment, member=member)
    return reports.first()
