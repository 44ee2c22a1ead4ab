"""The operator's window on members: to look, to suspend, to give a role. Nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from accounts.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest

FIELDS = (
        "username", "username_key", "email", "full_name", "biography", "links", "orcid",
        "orcid_verified_at", "time_zone", "joined_at", "last_login", "closed_at",
        "suspended_until", "is_active", "is_moderator", "is_staff", "is_superuser",
    )  # fmt: skip


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    list_display = [
        "username", "full_name", "email", "joined_at", "is_active", "is_moderator", "is_staff",
    ]  # fmt: skip
    list_filter = [
        "is_active", "is_moderator", "is_staff", "is_superuser", "joined_at",
    ]  # fmt: skip
    search_fields = ["username", "username_key", "full_name", "email"]
    ordering = ["-joined_at", "-pk"]
    date_hierarchy = "joined_at"
    # What a member says of themselves is theirs to change.
    fields = FIELDS
    editable = frozenset({"is_active", "is_moderator"})
    editable_by_superuser = editable | {"is_staff", "is_superuser"}

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        editable = self.editable_by_superuser if request.user.is_superuser else self.editable
        if obj is not None and obj.closed_at is not None:
            # Who closed their account is not brought back by a tick.
            editable -= {"is_active"}
        return [field for field in FIELDS if field not in editable]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Members come by signing up; operators by `createsuperuser`."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """An account is closed, so that the threads it spoke in still make sense."""
        return False
