"""Find the arXiv id, DOI or OpenReview forum in whatever a person pastes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import unquote

MAX_LENGTH = 10_000
MAX_DOI_LENGTH = 255

# Those that ever stood before a slash in an id. New archives came after 2007 and
# have none, so that the list is closed.
_OLD_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph"
    "|cmp-lg|comp-gas|cond-mat|cs|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th"
    "|math-ph|math|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio"
    "|quant-ph|solv-int|supr-con"
)
_END = r"(?:v(?P<version>[1-9][0-9]{0,2}))?(?![0-9a-z]|\.[0-9])"
_NEW_STYLE = re.compile(
    r"(?:(?<![0-9a-z.])|(?<=arxiv)|(?<=arxiv\.))"
    r"(?P<id>(?P<month>[0-9]{4})\.(?P<number>[0-9]{4,5}))" + _END
)
_OLD_STYLE = re.compile(
    rf"(?<![0-9a-z-])(?P<archive>{_OLD_ARCHIVES})(?:\.[a-z]{{2,5}}(?:-[a-z]{{1,5}})?)?"
    r"/(?P<month>[0-9]{4})(?P<number>[0-9]{3})" + _END
)
# Printable ASCII without what surrounds an identifier in prose, HTML or a URL.
# Old DOIs hold "<693::aid-asi4>", which begins with a digit as no tag does.
_DOI = re.compile(
    r"(?<![0-9a-z.])10\.[0-9]{4,9}(?:\.[0-9]+)*/(?:[!$&-;=@-_a-z|~(-)*]|<[0-9][^<>\s]{0,60}>)+"
)
# An address there, or the address of the paper's page here.
_OPENREVIEW = re.compile(
    r"openreview(?:\.net/(?:forum|pdf|attachment)\?(?:[^\s#]*&)?id=|/)(?P<id>[A-Za-z0-9_-]{5,64})"
)
_DOI_ARXIV = "10.48550/arxiv."
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212\ufe58\ufe63\uff0d"), "-")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


class IdentifierError(ValueError):
    """The text holds nothing that names a paper. The message is fit to show."""


@dataclass(frozen=True, slots=True)
class ArxivId:
    """An arXiv id in its canonical form, without subject class and version."""

    source: ClassVar[str] = "arxiv"
    id: str
    version: int | None = None

    def __str__(self) -> str:
        return self.id if self.version is None else f"{self.id}v{self.version}"


@dataclass(frozen=True, slots=True)
class Doi:
    """A DOI in lower case, as two that differ in case are the same."""

    source: ClassVar[str] = "doi"
    value: str

    def __str__(self) -> str:
        return self.value

    @property
    def id(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class OpenReviewForum:
    """The forum of a submission at OpenReview. Its id knows small letters from capitals."""

    source: ClassVar[str] = "openreview"
    id: str

    def __str__(self) -> str:
        return f"https://openreview.net/forum?id={self.id}"


Identifier = ArxivId | Doi | OpenReviewForum


def parse_identifier(text: str) -> Identifier:
    """Find the first identifier in an id, a URL or a sentence."""
    if len(text) > MAX_LENGTH:
        raise IdentifierError("That is too long to be an arXiv id, a DOI or a link.")
    if forum := _OPENREVIEW.search(text):
        try:
            return parse_identifier(text[: forum.start()])
        except IdentifierError:
            return OpenReviewForum(forum["id"])
    text = unquote(text).translate(_DASHES).translate(_INVISIBLE).lower()
    if not text.strip():
        raise IdentifierError("Enter an arXiv id, a DOI or a link to a paper.")

    doi = _DOI.search(text)
    arxiv_id = _first_arxiv_id(text, until=doi.start() if doi else len(text))
    if arxiv_id:
        return arxiv_id
    if doi:
        return _doi_in(doi.group())
    raise IdentifierError(_explain(text))


def parse_arxiv_id(text: str) -> ArxivId:
    """Read a text that is one arXiv id and nothing else."""
    match = _NEW_STYLE.fullmatch(text) or _OLD_STYLE.fullmatch(text.lower())
    arxiv_id = _read_arxiv_id(match) if match else None
    if arxiv_id is None:
        raise IdentifierError(f"“{text[:60]}” is not an arXiv id.")
    return arxiv_id


def _first_arxiv_id(text: str, *, until: int) -> ArxivId | None:
    """The first id that begins before the given place.

    A DOI's own suffix may look like an arXiv id, and is none.
    """
    found: list[tuple[int, ArxivId]] = []
    for pattern in (_NEW_STYLE, _OLD_STYLE):
        for match in pattern.finditer(text):
            if match.start() >= until:
                break
            if arxiv_id := _read_arxiv_id(match):
                found.append((match.start(), arxiv_id))
                break
    return min(found, key=lambda each: each[0])[1] if found else None


def _read_arxiv_id(match: re.Match[str]) -> ArxivId | None:
    parts = match.groupdict()
    year, month = int(parts["month"][:2]), int(parts["month"][2:])
    if not 1 <= month <= 12 or int(parts["number"]) == 0:
        return None
    if archive := parts.get("archive"):
        if not (year, month) <= (7, 3) and not (year, month) >= (91, 8):
            return None
        name = f"{archive}/{parts['month']}{parts['number']}"
    else:
        # The number grew to five digits with January 2015.
        if (year, month) < (7, 4) or len(parts["number"]) != (4 if year < 15 else 5):
            return None
        name = parts["id"]
    version = parts["version"]
    return ArxivId(name, int(version) if version else None)


def read_doi(value: str) -> ArxivId | Doi:
    """Return what a DOI in lower case names: a paper at arXiv, where it is arXiv's own."""
    rest = value.removeprefix(_DOI_ARXIV)
    match = _NEW_STYLE.match(rest) or _OLD_STYLE.match(rest) if rest != value else None
    return (_read_arxiv_id(match) if match else None) or Doi(value)


def _doi_in(value: str) -> ArxivId | Doi:
    """Read a DOI as it stands in a text."""
    value = re.split(r"[?#]", value, maxsplit=1)[0]
    if value.startswith(_DOI_ARXIV):
        found = read_doi(value)
        if isinstance(found, Doi):
            raise IdentifierError(f"“{value[:60]}” does not end in an arXiv id.")
        return found
    value = _trimmed(value[: MAX_DOI_LENGTH + 1])
    if len(value) > MAX_DOI_LENGTH or value.endswith("/"):
        raise IdentifierError(f"“{value[:60]}…” is not a DOI.")
    return Doi(value)


def _trimmed(value: str) -> str:
    """Take off what the sentence around a DOI left at its end."""
    while True:
        before = value
        value = value.rstrip(".,;:!'&*_|~-")
        value = value.removesuffix(".pdf")
        for opening, closing in ("()", "[]"):
            if value.endswith(closing) and value.count(closing) > value.count(opening):
                value = value[:-1]
        if value == before:
            return value


def _explain(text: str) -> str:
    if almost := re.search(r"(?<![0-9.])[0-9]{4}\.[0-9]{4,5}(?![0-9])", text):
        return f"“{almost.group()}” looks like an arXiv id, but no such id exists."
    return "There is no arXiv id or DOI in that."
