"""Every address that the site answers, read out of the URLconf."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import URLPattern, URLResolver, get_resolver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class Address:
    """A pattern with its whole name ("discussions:paper_page") and the view behind it."""

    name: str
    parameters: tuple[str, ...]
    view: Callable[..., object]


def addresses() -> list[Address]:
    return list(_walk(get_resolver().url_patterns, "", ()))


def _walk(
    patterns: list[URLPattern | URLResolver], namespace: str, parameters: tuple[str, ...]
) -> Iterator[Address]:
    for pattern in patterns:
        found = (*parameters, *pattern.pattern.converters, *pattern.pattern.regex.groupindex)
        names = tuple(dict.fromkeys(found))
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, inner, names)
        else:
            label = pattern.name or f"unnamed {pattern.pattern}"
            yield Address(f"{namespace}{label}", names, pattern.callback)
