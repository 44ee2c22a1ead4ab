"""The sanitizer of comments' HTML: a second defence, behind a parser without HTML."""

from __future__ import annotations

import re

import nh3
from django.utils.html import escape

from discussions.markdown.highlighting import CLASSES

_KEY = r"[0-9a-z]{1,24}"
_FOREIGN = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)
_OWN = re.compile(
    rf"/@[A-Za-z][A-Za-z0-9_-]{{2,29}}|/papers/[a-z0-9./-]{{4,40}}|#fn(?:ref)?-{_KEY}-[0-9-]+"
)
_LABELS = re.compile("Done|To do|Table|Notes|Note [0-9]{1,4}|Back to where note [0-9]{1,4} is used")

# The allowed attributes of each element, with their allowed values.
_ATTRIBUTES: dict[str, dict[str, re.Pattern[str]]] = {
    "a": {
        "aria-label": _LABELS,
        "class": re.compile("mention|note-back|note-mark|paper"),
        "href": re.compile(f"{_FOREIGN.pattern}|{_OWN.pattern}", re.IGNORECASE),
        "id": re.compile(rf"fnref-{_KEY}-[0-9-]+"),
        "rel": re.compile("nofollow ugc noopener noreferrer"),
    },
    "code": {"class": re.compile("tex")},
    "div": {
        "aria-label": _LABELS,
        "class": re.compile("table-box"),
        "role": re.compile("group"),
        "tabindex": re.compile("0"),
    },
    "figure": {"class": re.compile("quoted")},
    "input": {
        "aria-label": _LABELS,
        "checked": re.compile(""),
        "disabled": re.compile(""),
        "type": re.compile("checkbox"),
    },
    "li": {"class": re.compile("task"), "id": re.compile(rf"fn-{_KEY}-[0-9]+")},
    "ol": {"start": re.compile("[0-9]{1,9}")},
    "p": {"class": re.compile("display-maths")},
    "pre": {"tabindex": re.compile("0")},
    "section": {"aria-label": _LABELS, "class": re.compile("notes")},
    "span": {"class": re.compile("|".join(sorted(CLASSES)))},
    "td": {"class": re.compile("is-centered|is-end")},
    "th": {"class": re.compile("is-centered|is-end")},
}
TAGS = frozenset(_ATTRIBUTES) | frozenset(
    """
    blockquote br em figcaption h4 h5 h6 hr s strong sup table tbody thead tr ul
    """.split()  # noqa: SIM905  (a list of these would fill a page)
)


def is_allowed(tag: str, attribute: str, value: str) -> bool:
    """Return whether an element may have an attribute with this value."""
    pattern = _ATTRIBUTES.get(tag, {}).get(attribute)
    return pattern is not None and pattern.fullmatch(value) is not None


def _kept(tag: str, attribute: str, value: str) -> str | None:
    return value if is_allowed(tag, attribute, value) else None


_cleaner = nh3.Cleaner(
    tags=set(TAGS),
    attributes={tag: set(attributes) for tag, attributes in _ATTRIBUTES.items()},
    attribute_filter=_kept,
    # No comment may contain an editable field.
    set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},
    link_rel=None,
    url_schemes={"http", "https", "mailto"},
    # Relative URLs are ours; the list above has their forms.
    url_relative="pass_through",
)


def sanitize(skeleton: str) -> str:
    """Return the HTML with only what the lists allow."""
    return _cleaner.clean(skeleton)


def keeps_address(url: str) -> bool:
    """Return whether a link to the URL would be kept."""
    return "href=" in sanitize(f'<a href="{escape(url)}"></a>')
