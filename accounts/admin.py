"""Admin page for members: view, suspend and assign roles, nothing else."""

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
    # Only members edit their own profile.
    fields = FIELDS
    editable = frozenset({"is_active", "is_moderator"})
    editable_by_superuser = editable | {"is_staff", "is_superuser"}

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        editable = self.editable_by_superuser if request.user.is_superuser else self.editable
        if obj is not None and obj.closed_at is not None:
            # A closed account cannot be reopened by ticking a box.
            editable -= {"is_active"}
        return [field for field in FIELDS if field not in editable]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Members sign up; operators are created by `createsuperuser`."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Accounts are closed, not deleted, so that their threads still make sense."""
        return False
