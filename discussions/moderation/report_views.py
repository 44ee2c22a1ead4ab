"""Views for reporting comments and members."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.models import User
from common.form_views import posted
from common.methods import require_page
from common.rate_limits import RateLimitExceededError, spend
from common.refusals import refusal_on
from discussions import access
from discussions.comments import limits
from discussions.moderation import reports
from discussions.moderation.forms import ReportForm
from discussions.thread import posting

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.http import MemberRequest
    from discussions.comments.models import Comment

    File = Callable[[str, str], object]


@require_page
def comment_report(request: MemberRequest, pk: int) -> HttpResponse:
    comment = access.get_comment(request.user, pk)
    if comment.author_id == request.user.pk:
        raise PermissionDenied("You cannot report your own comment.")

    def file(reason: str, note: str) -> None:
        reports.report_comment(comment=comment, reporter=request.user, reason=reason, note=note)

    is_reported = bool(reports.open_report(reporter=request.user, comment=comment))
    if not (comment.is_shown or is_reported):
        raise Http404("This comment is no longer shown.")
    return _report(request, file, comment, comment.author, is_reported=is_reported)


@require_page
def member_report(request: MemberRequest, username: str) -> HttpResponse:
    member = get_object_or_404(User.objects.present().looking_like(username))
    if member.pk == request.user.pk:
        raise PermissionDenied("You cannot report yourself.")

    def file(reason: str, note: str) -> None:
        reports.report_member(member=member, reporter=request.user, reason=reason, note=note)

    is_reported = bool(reports.open_report(reporter=request.user, member=member))
    return _report(request, file, None, member, is_reported=is_reported)


def _report(
    request: MemberRequest,
    file: File,
    comment: Comment | None,
    member: User | None,
    *,
    is_reported: bool,
) -> HttpResponse:
    """Show the report form; once sent, say that a moderator will look."""
    form = ReportForm(posted(request))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    if form.is_valid():
        try:
            with refusal_on(form):
                spend(request, limits.REPORT)
                file(form.cleaned_data["reason"], form.cleaned_data["note"])
                return redirect(request.path)
        except RateLimitExceededError as refusal:
            form.add_error(None, f"{refusal} Your text was kept.")
            status = HTTPStatus.TOO_MANY_REQUESTS
    said = posting.shown_html(request, comment) if comment else ""
    context = {
        "form": form,
        "comment": comment,
        "said": said,
        # Do not name the author of a comment that is not shown to the reader.
        "member": member if said or not comment else None,
        "is_reported": is_reported and not form.is_bound,
    }
    return render(request, "discussions/report_form.html", context, status=status)
