"""Subresource integrity of our scripts and style sheets."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def stylesheet(path: str) -> SafeString:
    return _tag_of(path, '<link rel="stylesheet" href="{}"{}>')


@register.simple_tag
def script(path: str, *, module: bool = False) -> SafeString:
    if module:
        return _tag_of(path, '<script type="module" src="{}"{}></script>')
    return _tag_of(path, '<script defer src="{}"{}></script>')


def _tag_of(path: str, html: str) -> SafeString:
    return _tag(path, html) if settings.DEBUG else _tag_once(path, html)


# A page has eight files, which are collected before the server starts.
@lru_cache(maxsize=64)
def _tag_once(path: str, html: str) -> SafeString:
    return _tag(path, html)


def _tag(path: str, html: str) -> SafeString:
    digest = integrity(path)
    attribute = format_html(' integrity="{}"', digest) if digest else SafeString("")
    return format_html(html, staticfiles_storage.url(path), attribute)


def integrity(path: str) -> str:
    """Return the digest of the collected file, or "" where none was collected.

    In development files change under a running server, and a stale digest would keep the
    browser from loading them.
    """
    return "" if settings.DEBUG else _digest(path)


@lru_cache(maxsize=64)
def _digest(path: str) -> str:
    stored_name = getattr(staticfiles_storage, "stored_name", str)(path)
    if not staticfiles_storage.exists(stored_name):
        return ""
    with staticfiles_storage.open(stored_name) as file:
        digest = hashlib.sha384(file.read()).digest()
    return f"sha384-{base64.b64encode(digest).decode()}"
