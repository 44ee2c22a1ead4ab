"""Admin pages for discussions, for search and reading only. Moderate at /moderation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from discussions.comments.models import Comment
from discussions.moderation.models import Act, Appeal, Report
from discussions.thread.models import Thread
from papers.admin import ReadOnlyAdmin

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(Thread)
class ThreadAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "paper", "comment_count", "last_comment_at", "locked_at"]
    list_filter = [
        ("locked_at", admin.EmptyFieldListFilter),
        ("paper", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["paper"]
    search_fields = ["paper__external_id", "paper__title_text"]
    ordering = ["-pk"]
    show_full_result_count = False


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    list_display = [
        "__str__",
        "author",
        "beginning",
        "thread",
        "created_at",
        "hidden_at",
        "held_at",
        "taken_back_at",
    ]
    list_filter = [
        "created_at",
        ("hidden_at", admin.EmptyFieldListFilter),
        ("held_at", admin.EmptyFieldListFilter),
        ("taken_back_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["author", "thread"]
    search_fields = ["=pk", "author__username", "text", "thread__paper__external_id"]
    ordering = ["-pk"]
    show_full_result_count = False
    # The HTML adds nothing to the text.
    exclude = ["html", "key"]

    @admin.display(description="text")
    def beginning(self, comment: Comment) -> str:
        return comment.text[:80]


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "reason", "reporter", "comment", "member", "created_at", "closed_at"]
    list_filter = ["reason", "created_at", ("closed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["reporter", "comment", "member"]
    search_fields = ["=comment__pk", "member__username", "reporter__username", "note"]
    ordering = ["-pk"]
    show_full_result_count = False


@admin.register(Act)
class ActAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "moderator", "member", "comment", "reason", "until", "created_at"]
    list_filter = ["kind", "created_at"]
    list_select_related = ["moderator", "member", "comment"]
    search_fields = ["=comment__pk", "moderator__username", "member__username", "reason", "note"]
    ordering = ["-pk"]
    show_full_result_count = False


@admin.register(Appeal)
class AppealAdmin(ReadOnlyAdmin):
    list_display = ["act", "appellant", "created_at", "outcome", "decided_by", "decided_at"]
    list_filter = ["outcome", "created_at"]
    list_select_related = ["act__member", "decided_by"]
    search_fields = ["act__member__username", "text", "answer"]
    ordering = ["-pk"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appeal]:
        return super().get_queryset(request).select_related("act__member")

    @admin.display(description="member")
    def appellant(self, appeal: Appeal) -> str:
        return str(appeal.act.member or "")
