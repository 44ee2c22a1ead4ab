"""Buttons that post the page's one form (`#act`, in base.html), with and without JavaScript."""

from __future__ import annotations

from urllib.parse import quote

from django.shortcuts import resolve_url
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString


def act(
    to: str, *args: object, back: str = "", target: str = "", swap: str = "", sync: str = ""
) -> SafeString:
    """Return the attributes of a button that posts to a URL, or to a URL name with arguments.

    `back` is the address to return to without JavaScript. With `target` or `swap`, htmx
    posts to the same URL and replaces that element; `sync` is its `hx-sync`.
    """
    url = to if to.startswith("/") else resolve_url(to, *args)
    action = f"{url}?next={quote(back)}" if back else url
    attributes = {"form": "act", "formaction": action}
    if target or swap:
        attributes |= {"hx-post": url, "hx-target": target, "hx-swap": swap, "hx-sync": sync}
    return SafeString(
        " ".join(
            f'{key}="{conditional_escape(value)}"' for key, value in attributes.items() if value
        )
    )
