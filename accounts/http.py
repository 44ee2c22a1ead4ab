"""The type of signed-in requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.htmx import HtmxRequest

if TYPE_CHECKING:
    from accounts.models import User


class MemberRequest(HtmxRequest):
    """A request behind LoginRequiredMiddleware."""

    user: User
