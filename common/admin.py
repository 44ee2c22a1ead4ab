"""Admin page for failed work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from common.models import FailedWork

if TYPE_CHECKING:
    from django.http import HttpRequest


@admin.register(FailedWork)
class FailedWorkAdmin(admin.ModelAdmin[FailedWork]):
    """Deleting a row ends the pause: the next sweep tries again."""

    list_display = ["__str__", "error", "attempts", "failed_at", "due_at"]
    list_filter = ["work"]
    ordering = ["-failed_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
