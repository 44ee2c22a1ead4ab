"""Buttons that post the page's one form (`#act`, in base.html), with and without JavaScript."""

from __future__ import annotations

from urllib.parse import quote

from django.shortcuts import resolve_url
from django.utils.safestring import SafeString
from markupsafe import escape


def act(
    to: str, *args: object, back: str = "", target: str = "", swap: str = "", sync: str = ""
) -> SafeString:
    """Return the attributes of a button that posts to a URL or a URL name with arguments.

    `back` is the address to return to without JavaScript. With `target` or `swap`, htmx
    posts to the same URL and replaces that element; `sync` is its `hx-sync`.
    """
    url = escape(to if to.startswith("/") else resolve_url(to, *args))
    action = f"{url}?next={quote(back)}" if back else url
    html = f'form="act" formaction="{action}"'
    if target or swap:
        html += f' hx-post="{url}"'
    for name, value in (("hx-target", target), ("hx-swap", swap), ("hx-sync", sync)):
        if value:
            html += f' {name}="{escape(value)}"'
    return SafeString(html)
