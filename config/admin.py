"""The operator's window, entered by the same door as the site."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib.admin import AdminSite


class OctavoAdminSite(AdminSite):
    site_header = f"{settings.SITE_NAME} administration"
    site_title = settings.SITE_NAME

    # The admin's own form knows neither rate limits nor second factors.
    login = secure_admin_login(AdminSite.login)
