"""The authentication backend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account import auth_backends
from django.contrib.auth import get_user_model

if TYPE_CHECKING:
    from accounts.models import User


class AuthenticationBackend(auth_backends.AuthenticationBackend):
    """Allauth's backend, which refuses suspended members.

    Django calls it at every request whose session names a member, so a session that outlived
    the suspension, or was created meanwhile, gives no access either.
    """

    def user_can_authenticate(self, user: User) -> bool:
        return super().user_can_authenticate(user) and not user.is_suspended

    def get_user(self, user_id: int) -> User | None:
        """Return the member of a session. Uses SQL, because every page of a member needs it."""
        model = get_user_model()
        members = model.objects.raw("SELECT * FROM accounts_user WHERE id = %s", [user_id])
        member = next(iter(members), None)
        return member if member and self.user_can_authenticate(member) else None
