"""The operator's window: what was imported, and what there is. Almost all of it read-only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db import models
from django.utils.html import format_html_join

from common.wake_ups import wake
from papers import completing, import_runs, tasks
from papers.models import (
    Author,
    Authorship,
    ImportRun,
    Organization,
    Paper,
    PaperTally,
    Thumbnail,
    Topic,
    Upvote,
)

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest
    from django.utils.safestring import SafeString


class ReadOnly:
    """Looked at here, and changed by imports and by members only."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


# The classes take no parameter when they run, only when they are checked.
class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    pass


class ReadOnlyInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    extra = 0


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    list_display = [
        "day",
        "source",
        "state",
        "created_count",
        "updated_count",
        "unchanged_count",
        "skipped_count",
        "attempts",
        "reason",
        "seconds",
        "due_at",
        "finished_at",
    ]
    list_filter = ["state", "source", "day"]
    date_hierarchy = "day"
    search_fields = ["error"]
    actions = ["run_again"]
    exclude = ["skipped"]
    readonly_fields = ["seconds", "left_out"]

    @admin.display(description="error")
    def reason(self, run: ImportRun) -> str:
        return run.error[:120]

    @admin.display(description="seconds")
    def seconds(self, run: ImportRun) -> str:
        if run.started_at is None or run.finished_at is None:
            return ""
        return f"{(run.finished_at - run.started_at).total_seconds():.1f}"

    @admin.display(description="skipped entries")
    def left_out(self, run: ImportRun) -> SafeString:
        rows = ((each.get("entry", ""), each.get("reason", "")) for each in run.skipped)
        return format_html_join("", "<div>{}: {}</div>", rows)

    @admin.action(description="Run again", permissions=["run_again"])
    def run_again(self, request: HttpRequest, runs: QuerySet[ImportRun]) -> None:
        again = [run for run in runs if import_runs.run_again(run)]
        for run in again:
            wake(tasks.import_day, run.pk)
        busy = len(runs) - len(again)
        self.message_user(request, f"{len(again)} imports will run again in a moment.")
        if busy:
            self.message_user(request, f"{busy} are running now.", messages.WARNING)

    def has_run_again_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("papers.change_importrun"))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        # Deleting a run would only have its day asked for anew.
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class AuthorshipInline(ReadOnlyInline):
    model = Authorship
    fields = ["position", "name", "claimed_by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Authorship]:
        return super().get_queryset(request).select_related("claimed_by")


class BrokenTexFilter(admin.SimpleListFilter):
    title = "title"
    parameter_name = "title"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, str]]:
        return [("broken", "Broken TeX, not yet replaced by arXiv’s")]

    def queryset(self, request: HttpRequest, papers: QuerySet[Paper]) -> QuerySet[Paper]:
        return papers & completing.with_broken_tex() if self.value() == "broken" else papers


@admin.register(Paper)
class PaperAdmin(ReadOnlyAdmin):
    list_display = [
        "external_id",
        "title_text",
        "is_legible",
        "announced_on",
        "version",
        "organization",
        "votes",
        "external_votes",
    ]
    list_filter = [
        "source",
        BrokenTexFilter,
        "announced_on",
        ("withdrawn_at", admin.EmptyFieldListFilter),
        ("completed_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["organization", "tally"]
    search_fields = ["external_id", "title_text", "doi"]
    search_help_text = "arXiv id, words of the title, DOI"
    date_hierarchy = "announced_on"
    ordering = ["-announced_on", "-pk"]
    # A count of all papers on every page would cost more than the page.
    show_full_result_count = False
    inlines = [AuthorshipInline]
    exclude = ["title_html", "abstract_html", "lead_html", "authors_digest"]
    # A list of addresses has no widget that Django 5.2 makes without a warning.
    readonly_fields = ["media_urls"]
    # What Django 6 assumes by itself.
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    @admin.display(ordering="tally__vote_count")
    def votes(self, paper: Paper) -> int | str:
        return paper.tally.vote_count if hasattr(paper, "tally") else ""

    @admin.display(ordering="tally__external_vote_count", empty_value="")
    def external_votes(self, paper: Paper) -> int | None:
        return paper.tally.external_vote_count if hasattr(paper, "tally") else None

    @admin.display(boolean=True, description="title is legible")
    def is_legible(self, paper: Paper) -> bool:
        return not completing.has_broken_tex(paper)


@admin.register(PaperTally)
class PaperTallyAdmin(ReadOnlyAdmin):
    list_display = [
        "paper",
        "vote_count",
        "comment_count",
        "hot_score",
        "external_vote_count",
        "external_comment_count",
        "external_votes_read_at",
        "day_weight",
        "day_score",
    ]
    list_select_related = ["paper"]
    search_fields = ["paper__external_id"]
    show_full_result_count = False


@admin.register(Author)
class AuthorAdmin(ReadOnlyAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name", "slug"]
    show_full_result_count = False


@admin.register(Organization)
class OrganizationAdmin(ReadOnlyAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name", "slug"]


@admin.register(Topic)
class TopicAdmin(ReadOnlyAdmin):
    list_display = ["code", "name", "field"]
    list_filter = ["field"]
    search_fields = ["code", "name"]


@admin.register(Upvote)
class UpvoteAdmin(ReadOnlyAdmin):
    """For moderators: whose votes weigh nothing, and which were voided."""

    list_display = ["paper", "member", "weight", "cast_at", "voided_at", "void_reason"]
    list_filter = [("voided_at", admin.EmptyFieldListFilter), "cast_at"]
    list_select_related = ["paper", "member"]
    search_fields = ["paper__external_id", "member__username"]
    show_full_result_count = False


@admin.register(Thumbnail)
class ThumbnailAdmin(ReadOnlyAdmin):
    list_display = ["paper", "fetched_at", "attempts", "due_at", "error"]
    list_filter = [("error", admin.EmptyFieldListFilter)]
    list_select_related = ["paper"]
    search_fields = ["paper__external_id", "url"]
    show_full_result_count = False
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Thumbnail]:
        return super().get_queryset(request).defer("image")
