"""What arXiv's interfaces have in common: texts, author lists, withdrawals."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from common.tex.rendering import plain_name, to_plain
from common.text import tidy_line
from papers.clients.answers import EntryError, bounded
from papers.clients.records import (
    MAX_ABSTRACT,
    MAX_AUTHORS,
    MAX_NAME,
    MAX_SHORT_TEXT,
    MAX_TITLE,
    AuthorRecord,
)
from papers.identifiers import Doi, IdentifierError, parse_identifier

if TYPE_CHECKING:
    from collections.abc import Iterable

_WITHDRAWN = re.compile(
    r"\b(?:(?:this|the)\s+(?:\w+\s+){0,2}?(?:paper|article|submission|manuscript|preprint|work"
    r"|note|version)\s+(?:submitted\s+|\(.{0,60}?\)\s+)?(?:has|is|was)\s+(?:now\s+)?(?:been\s+)?"
    r"(?:temporarily\s+|hereby\s+)?(?:withdrawn|retracted)"
    r"|(?:paper|article|submission|manuscript|preprint)\s+(?:temporarily\s+)?withdrawn"
    r"|withdrawn\s+by\s+(?:the\s+)?(?:authors?|arxiv|its\s+author))",
    re.IGNORECASE,
)
# Comments are short and of the submission itself, so that less will do.
_COMMENT_WITHDRAWN = re.compile(
    r"\bwithdrawn\s+(?:due|because|for)\b|\breasons?\s+for\s+withdrawal\b"
    r"|\b(?:withdraw|withdrawing|withdrawn|retract)\s+(?:this|the|my|our)\s+"
    r"(?:paper|manuscript|submission|article|preprint)\b"
    r"|\A\W{0,3}(?:paper|article|manuscript|submission)\s+(?:has\s+been|is|was)\s+withdrawn",
    re.IGNORECASE,
)
_OTHER_VERSION = re.compile(
    r"(?:previous|earlier|first|old|original|\bv(?:er(?:sion)?)?\.?\s*[0-9])[^.]{0,60}withdrawn",
    re.IGNORECASE,
)
_STARTS_WITHDRAWN = re.compile(r"\W{0,3}(?:withdrawn|retracted)\b", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr|[iv]{2,4}|phd|md)\.?\Z", re.IGNORECASE)


def title_of(text: str) -> str:
    """The title as the source has it, with its TeX: papers.rendering makes it readable."""
    title = tidy_line(bounded(text, MAX_TITLE, "title"))
    if not title:
        raise EntryError("there is no title")
    return title


def abstract_of(text: str) -> str:
    return tidy_line(bounded(text, MAX_ABSTRACT, "abstract"))


def short_text_of(text: str) -> str:
    """A comment or reference, cut rather than refused: nothing hangs on it."""
    return to_plain(tidy_line(text[:MAX_SHORT_TEXT]))


def doi_of(text: str) -> str:
    """The first DOI in what the authors gave; some gave several, or none in truth."""
    try:
        found = parse_identifier(text) if text else None
    except IdentifierError:
        return ""
    return found.value if isinstance(found, Doi) else ""


def says_withdrawn(*, comment: str, abstract: str) -> bool:
    """Whether the texts of a version say that it takes the paper back.

    arXiv has no flag for it: a withdrawal is a new version that says so, in its
    comment or as the beginning of its abstract.
    """
    comment = comment[:1_000]
    if _OTHER_VERSION.search(comment):
        return False
    return bool(
        _STARTS_WITHDRAWN.match(comment)
        or _COMMENT_WITHDRAWN.search(comment)
        or _STARTS_WITHDRAWN.match(abstract)
        or _WITHDRAWN.search(comment)
        or _WITHDRAWN.search(abstract[:250])
    )


def named_authors(names: Iterable[str]) -> tuple[AuthorRecord, ...]:
    found = [plain_name(bounded(name, MAX_NAME, "name of an author")) for name in names]
    if len(found) > MAX_AUTHORS:
        raise EntryError(f"there are {len(found):,} authors")
    return tuple(AuthorRecord(name) for name in found if name)


def authors_in(text: str) -> tuple[AuthorRecord, ...]:
    """Split a line of authors; what stands in brackets is where they work."""
    names: list[str] = []
    for part in re.split(r",|;|\s+and\s+|\s+&\s+", _without_brackets(text)):
        name = part.strip().removeprefix("and ").strip()
        if _SUFFIX.match(name) and names:
            names[-1] = f"{names[-1]} {name}"
        elif name and name.strip(".:"):
            names.append(name)
    return named_authors(names)


def _without_brackets(text: str) -> str:
    kept: list[str] = []
    depth = 0
    for sign in text:
        if sign in "([":
            depth += 1
        elif sign in ")]":
            depth = max(depth - 1, 0)
        elif depth == 0:
            kept.append(sign)
    return "".join(kept)
