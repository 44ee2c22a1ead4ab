"""The Jinja2 environment, and the rendering of fragments.

A fragment is a template `_name.jinja` next to Django's templates: a part of a page that is
rendered many times, by the page and by responses to htmx.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import jinja2
from django.conf import settings
from django.template import engines
from django.template.defaultfilters import date as date_filter
from django.template.defaultfilters import pluralize, urlencode
from django.templatetags.static import static
from django.urls import get_urlconf, reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from common.acts import act
from common.remembering import require_frozen
from common.templatetags.constants import constant
from common.templatetags.icons import lucide
from common.templatetags.relative_times import ago
from common.words import counted

if TYPE_CHECKING:
    from collections.abc import Hashable
    from datetime import date

    from django.template.backends.jinja2 import Jinja2


def environment(**options: Any) -> jinja2.Environment:
    """Return the environment of all fragments, as TEMPLATES in the settings names it."""
    made = jinja2.Environment(  # noqa: S701 - Django's backend sets autoescape in the options
        **options | {"autoescape": True, "undefined": jinja2.StrictUndefined},
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "act": act,
        "constant": constant,
        "counted": counted,
        "lucide": lucide,
        "static": static,
        "url": _url,
    }
    made.filters |= {"pluralize": pluralize, "urlencode": urlencode} | _FILTERS_OF_THE_READER
    return made


def _url(name: str, *args: Hashable) -> str:
    return _reversed(get_urlconf() or settings.ROOT_URLCONF, name, args)


# Reversing a URL takes longer than most fragments.
@lru_cache(maxsize=4096)
def _reversed(urlconf: str, name: str, args: tuple[Hashable, ...]) -> str:
    return reverse(name, urlconf, args=args)


def _date(at: datetime | date, layout: str) -> str:
    """Format a date, or a moment in the reader's time zone."""
    return date_filter(timezone.localtime(at) if isinstance(at, datetime) else at, layout)


# They depend on the clock or the reader's time zone.
_FILTERS_OF_THE_READER = {"ago": ago, "date": _date}


def render_fragment(name: str, /, **context: object) -> SafeString:
    """Render a fragment. The result is for one response: it may hold the reader's own state."""
    return SafeString(_environment().get_template(name).render(context))


def render_macro(name: str, macro: str, /, *arguments: object) -> SafeString:
    """Render one macro of a fragment, for one response."""
    module = _environment().get_template(name).module
    return SafeString(getattr(module, macro)(*arguments))


class RememberedFragment:
    """A fragment that is cached by its content and shown to every reader.

    It has no request and no reader. Its content consists of frozen values, all of which are in
    the cache key, and its template has no access to the time or the reader's time zone, so one
    reader's data cannot be shown to another.
    """

    def __init__(self, name: str, *, size: int) -> None:
        self._name = name
        self._remembered = lru_cache(maxsize=size)(self._render)

    def __call__(self, **content: object) -> SafeString:
        # In development, template changes show at once.
        return self._render(**content) if settings.DEBUG else self._remembered(**content)

    def _render(self, **content: object) -> SafeString:
        for value in content.values():
            require_frozen(value)
        return SafeString(_readerless_environment().get_template(self._name).render(content))


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    backend: Jinja2 = engines["jinja2"]  # type: ignore[assignment]
    return backend.env


@lru_cache(maxsize=1)
def _readerless_environment() -> jinja2.Environment:
    made = _environment().overlay()
    made.filters = {
        name: function
        for name, function in made.filters.items()
        if name not in _FILTERS_OF_THE_READER
    }
    return made
