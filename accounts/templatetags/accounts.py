"""Template tags for members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from allauth.account.internal.stagekit import unstash_login
from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from accounts import contributions
from accounts.profile import avatars
from accounts.sign_in import sessions
from common import redirects

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.template import Context

    from accounts.models import User

register = template.Library()


@register.simple_tag
def avatar(user: User, size: int = 40) -> SafeString:
    """Draw a member's avatar. It is decorative: the name is next to it."""
    return avatars.draw_avatar(user, size=size)


@register.filter
def browser_name(user_agent: str) -> str:
    """Return browser and system in plain words."""
    return sessions.describe_browser(user_agent)


@register.simple_tag
def inline_svg(svg: str, label: str) -> SafeString:
    """Inline a trusted SVG: the content policy allows no data: images."""
    drawing = svg[svg.index("<svg") :]
    opening = format_html('<svg role="img" aria-label="{}"', label)
    return opening + mark_safe(drawing.removeprefix("<svg"))  # noqa: S308 - made by qrcode


@register.simple_tag(takes_context=True)
def pending_act(context: Context) -> str | None:
    """Describe the act that waits for this sign-in, on any page of the sign-in flow."""
    url = _pending_url(context["request"])
    return contributions.describe_pending(url) if url else None


@register.simple_tag(takes_context=True)
def pending_query(context: Context) -> str:
    """Return `?next=…` for links between sign-in pages."""
    url = _pending_url(context["request"])
    return f"?{urlencode({'next': url})}" if url else ""


@register.simple_tag(takes_context=True)
def pending_url(context: Context) -> str:
    """Return the URL to which this sign-in returns, or ""."""
    return _pending_url(context["request"])


@register.simple_tag(takes_context=True)
def settings_navigation(context: Context) -> list[dict[str, Any]]:
    """Return the tabs of the settings pages, with the current one marked."""
    path = context["request"].path
    tabs = [
        {"label": tab.label, "url": reverse(tab.url_name)} for tab in contributions.settings_tabs()
    ]
    for tab in tabs:
        tab["is_current"] = path == tab["url"] or path.startswith(f"{tab['url']}/")
    return tabs


def _pending_url(request: HttpRequest) -> str:
    url = redirects.local_next(request, otherwise="")
    if not url and not request.user.is_authenticated:
        # Between two stages, allauth keeps `next` in the session.
        login = unstash_login(request, peek=True)
        stashed = login.redirect_url if login else None
        url = stashed if stashed and redirects.is_local(request, stashed) else ""
    return url
