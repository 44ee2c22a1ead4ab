"""What a comment offers beyond a press, fetched when somebody asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from discussions import access, distance

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import MemberRequest


@require_safe
def comment_menu(request: MemberRequest, pk: int) -> HttpResponse:
    """List what the member may do with a comment: in its place by htmx, or as a page."""
    comment = access.get_comment(request.user, pk)
    author = comment.author
    is_own = comment.author_id == request.user.pk
    is_apart = comment.author_id in distance.kept_apart(request.user)
    context = {
        "comment": comment,
        "is_own": is_own,
        # Who is kept apart is not named, nor who wrote what is not shown.
        "author": author if comment.is_standing and not (is_own or is_apart) else None,
    }
    name = "_comment_menu" if request.htmx else "comment_menu"
    return render(request, f"discussions/{name}.html", context)
