"""Icons, drawn once: a page shows fifteen, and drawing one takes a tenth of a millisecond."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide as draw

register = template.Library()


@register.simple_tag
def lucide(name: str, *, size: int | None = 24, **attributes: object) -> SafeString:
    """Show an icon of lucide; the same arguments as the package's own tag."""
    return _drawn(name, size, tuple(attributes.items()))


# Only templates name icons and attributes, so their number is limited.
@lru_cache(maxsize=512)
def _drawn(name: str, size: int | None, attributes: tuple[tuple[str, object], ...]) -> SafeString:
    return mark_safe(draw(name, size=size, **dict(attributes)))  # noqa: S308 - the package's own
