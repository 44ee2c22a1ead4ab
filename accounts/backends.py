"""Who may be in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account import auth_backends

if TYPE_CHECKING:
    from accounts.models import User


class AuthenticationBackend(auth_backends.AuthenticationBackend):
    """Allauth's backend, which lets nobody in while they are suspended.

    Django asks it at every request whose session names a member, so that a session which
    outlived the suspending, or was made meanwhile, opens nothing either.
    """

    def user_can_authenticate(self, user: User) -> bool:
        return super().user_can_authenticate(user) and not user.is_suspended
