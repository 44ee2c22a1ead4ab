"""Read-only admin pages for reading groups: changes are made in the groups themselves.

Of a private group an operator sees its settings and the state of its meetings, but nothing that its
members write, vote or answer.
"""

from __future__ import annotations

from django.contrib import admin

from groups.ballots.models import Ballot, Nomination
from groups.cycle.models import Cycle
from groups.invitations.models import Invitation
from groups.membership.models import Group, LogEntry, Membership
from groups.notices.models import Notice
from groups.schedule.models import Meeting, Schedule
from papers.admin import ReadOnlyAdmin, ReadOnlyInline


class CycleInline(ReadOnlyInline):
    model = Cycle


class ScheduleInline(ReadOnlyInline):
    model = Schedule
    ordering = ["-starts_on"]


@admin.register(Group)
class GroupAdmin(ReadOnlyAdmin):
    list_display = [
        "__str__",
        "slug",
        "visibility",
        "joining",
        "member_count",
        "created_at",
        "closed_at",
    ]
    list_filter = ["visibility", "joining", "created_at", ("closed_at", admin.EmptyFieldListFilter)]
    search_fields = ["=slug", "name"]
    ordering = ["-pk"]
    show_full_result_count = False
    inlines = [CycleInline, ScheduleInline]
    # Only members see the join link; the rendered HTML adds nothing to its Markdown.
    exclude = ["join_url", "description_html", "rules_html"]


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ["member", "group", "role", "joined_at"]
    list_filter = ["role", "joined_at"]
    list_select_related = ["member", "group"]
    search_fields = ["member__username", "=group__slug"]
    ordering = ["-pk"]
    show_full_result_count = False


@admin.register(Meeting)
class MeetingAdmin(ReadOnlyAdmin):
    list_display = [
        "__str__",
        "group",
        "day",
        "time",
        "zone",
        "starts_at",
        "phase",
        "phase_number",
        "due_at",
        "going_count",
    ]
    list_filter = ["phase", "starts_at", ("due_at", admin.EmptyFieldListFilter)]
    list_select_related = ["group"]
    date_hierarchy = "starts_at"
    search_fields = ["=group__slug"]
    ordering = ["-starts_at", "-pk"]
    show_full_result_count = False
    exclude = ["join_url", "note", "title"]


@admin.register(Ballot)
class BallotAdmin(ReadOnlyAdmin):
    list_display = [
        "__str__",
        "meeting",
        "method",
        "electorate",
        "quorum",
        "opened_at",
        "closed_at",
        "outcome",
    ]
    list_filter = ["method", "outcome", "opened_at"]
    list_select_related = ["meeting"]
    search_fields = ["=meeting__group__slug"]
    ordering = ["-pk"]
    show_full_result_count = False
    # Members' votes are private; the group's own pages show the count.
    exclude = ["count", "winner"]


@admin.register(Nomination)
class NominationAdmin(ReadOnlyAdmin):
    list_display = ["paper", "group", "state", "rounds", "second_count", "created_at", "ended_at"]
    list_filter = ["state", "created_at"]
    list_select_related = ["paper", "group"]
    search_fields = ["=group__slug", "paper__external_id"]
    ordering = ["-pk"]
    show_full_result_count = False
    exclude = ["pitch"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = [
        "__str__",
        "group",
        "role",
        "invited_by",
        "created_at",
        "expires_at",
        "use_count",
        "max_uses",
        "sent_at",
        "given_up_at",
        "attempts",
        "revoked_at",
    ]
    list_filter = ["role", "created_at", ("sent_at", admin.EmptyFieldListFilter)]
    list_select_related = ["group", "invited_by"]
    search_fields = ["=group__slug", "=email"]
    ordering = ["-pk"]
    show_full_result_count = False
    exclude = ["token_hash", "sealed_token"]


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "group", "kind", "meeting", "moment", "at", "told_count"]
    list_filter = ["kind", "at"]
    list_select_related = ["group", "meeting"]
    search_fields = ["=group__slug"]
    ordering = ["-pk"]
    show_full_result_count = False


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "group", "kind", "words", "number", "actor"]
    list_filter = ["kind", "at"]
    list_select_related = ["group", "actor"]
    search_fields = ["=group__slug", "words"]
    ordering = ["-pk"]
    show_full_result_count = False
