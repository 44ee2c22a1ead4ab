"""The admin site, which uses the site's own sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib.admin import AdminSite

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class OctavoAdminSite(AdminSite):
    site_header = f"{settings.SITE_NAME} administration"
    site_title = settings.SITE_NAME

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # The admin's own form has neither rate limits nor second factors.
        response: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return response
