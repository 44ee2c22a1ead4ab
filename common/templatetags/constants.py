"""Constant fragments, rendered once for all readers."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django import template
from django.conf import settings
from django.template.loader import render_to_string

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def constant(name: str) -> SafeString:
    """Show a fragment that needs no context and never changes.

    In development it is rendered each time, so that changes show.
    """
    return _render(name) if settings.DEBUG else _rendered(name)


# Only templates name fragments, so their number is limited.
@lru_cache(maxsize=64)
def _rendered(name: str) -> SafeString:
    return _render(name)


def _render(name: str) -> SafeString:
    return render_to_string(name, {"site_name": settings.SITE_NAME})
