"""Texts and names as BibTeX reads them.

What TeX has a command for becomes ASCII. Other scripts stay as they are: today's BibTeX reads
UTF-8, and a name in Hebrew or Chinese has no other form.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pylatexenc.latexencode import UnicodeToLatexEncoder

from common.text import tidy_line
from papers.author_names import author_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.author_names import AuthorName

_WORD = re.compile(r"\S+")
_encode = UnicodeToLatexEncoder(
    replacement_latex_protection="braces-all",
    unknown_char_policy="keep",
    unknown_char_warning=False,
).unicode_to_latex


def tex(text: str) -> str:
    """Return plain text with its special characters escaped."""
    encoded: str = _encode(tidy_line(text))
    return encoded


def tex_title(title: str) -> str:
    """Return a title with protected capitals, which styles would make lowercase."""
    return _WORD.sub(lambda found: _protected(found[0]), " ".join(title.split()))


def authors(texts: Iterable[str], *, has_more: bool) -> str:
    """Return the value of the author field: "de la Prueba, Ana and {ATLAS Collaboration}"."""
    found = [_author(name) for name in author_names(texts)]
    if found and has_more:
        found.append("others")
    return " and ".join(found)


def _author(name: AuthorName) -> str:
    """Return one name. An undivided one is protected: BibTeX would split it."""
    if name.is_undivided:
        return f"{{{tex(name.family)}}}"
    return ", ".join(tex(part) for part in (name.family, name.suffix, name.given) if part)


def _protected(word: str) -> str:
    encoded = tex(word)
    has_capital = any(letter.isupper() for letter in word)
    return f"{{{encoded}}}" if has_capital else encoded
