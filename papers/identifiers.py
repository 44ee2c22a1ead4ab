"""Find the arXiv id, DOI or OpenReview forum in whatever a person pastes."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import unquote

from papers import dois

MAX_LENGTH = 10_000

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
# An address there, or the address of the paper's page here.
_OPENREVIEW = re.compile(
    r"openreview(?:\.net/(?:forum|pdf|attachment)\?(?:[^\s#]*&)?id=|/)(?P<id>[A-Za-z0-9_-]{5,64})"
)
_DOI_ARXIV = "10.48550/arxiv."
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212\ufe58\ufe63\uff0d"), "-")
# Blanks around the slash.
_DOI_WITH_BLANK = re.compile(r"(?<![0-9a-z.])10\.[0-9]{4,9}(?:\s+/|/\s+\S|\s+[0-9]+/)")
_WITHOUT_ARCHIVE = re.compile(
    r"(?:\S*arxiv(?:\.org/[a-z]+/|:)?)?\s*([0-9]{2}(?:0[1-9]|1[0-2])[0-9]{3})(?:v[0-9]+)?(?:\.pdf)?"
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE)
# BibTeX writes "10.1007/978-3\_2".
_TEX_ESCAPE = re.compile(r"\\([_#%&$])")
_ENCODED_ADDRESS = re.compile(r"https?%3a", re.IGNORECASE)
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

    @property
    def url(self) -> str:
        return dois.url_of(self.value)


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
    text = _readable(text)
    if not text.strip():
        raise IdentifierError("Enter an arXiv id, a DOI or a link to a paper.")

    doi_start = dois.start_in(text)
    # A DOI's own suffix may look like an arXiv id or an address, and is neither.
    before = text[:doi_start]
    forum = _OPENREVIEW.search(before)
    if arxiv_id := _first_arxiv_id(before[: forum.start()] if forum else before):
        return arxiv_id
    if forum:
        return OpenReviewForum(forum["id"])
    if doi_start is None or _is_doi_in_two(text):
        raise IdentifierError(_explain(text))
    return _doi_in(dois.doi_at(text, doi_start), typed=text[doi_start:])


def _readable(text: str) -> str:
    """Undo what HTML, TeX, encoding and typography did to an identifier."""
    text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    text = _TEX_ESCAPE.sub(r"\1", text)
    if _ENCODED_ADDRESS.search(text):
        text = unquote(text)
    return text.translate(_DASHES).translate(_INVISIBLE)


def parse_arxiv_id(text: str) -> ArxivId:
    """Read a text that is one arXiv id and nothing else."""
    match = _NEW_STYLE.fullmatch(text) or _OLD_STYLE.fullmatch(text.lower())
    arxiv_id = _read_arxiv_id(match) if match else None
    if arxiv_id is None:
        raise IdentifierError(f"“{text[:60]}” is not an arXiv id.")
    return arxiv_id


def _first_arxiv_id(text: str) -> ArxivId | None:
    text = unquote(text).lower()
    found: list[tuple[int, ArxivId]] = []
    for pattern in (_NEW_STYLE, _OLD_STYLE):
        for match in pattern.finditer(text):
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


def _doi_in(value: str, *, typed: str) -> ArxivId | Doi:
    """Return what a DOI found in a text names."""
    if not value:
        raise IdentifierError(_explain(typed))
    if len(value) > dois.MAX_LENGTH:
        raise IdentifierError(
            f"“{value[:40]}…” is too long: a DOI has at most {dois.MAX_LENGTH} characters here."
        )
    found = read_doi(value)
    if isinstance(found, Doi) and value.startswith(_DOI_ARXIV):
        raise IdentifierError(f"“{value[:60]}” does not end in an arXiv id.")
    return found


def _is_doi_in_two(text: str) -> bool:
    """Whether a text is one DOI with a blank beside its punctuation."""
    words = text.split()
    if words[0].lower() in {"doi", "doi:"}:
        del words[0]
    if len(words) != 2 or dois.start_in(words[0]) is None or dois.start_in(words[1]) is not None:
        return False
    is_split = words[0][-1] in ".(/:_-" or words[1][0] in ".)/:_-"
    # A year in brackets comes from a list of references.
    has_rest = re.match(r"[^(\[]*[0-9]", words[1]) is not None
    return is_split and has_rest


def _explain(text: str) -> str:
    """Say why a text names no paper."""
    if _DOI_WITH_BLANK.search(text) or _is_doi_in_two(text):
        return "A DOI has no spaces inside. Remove them and try again."
    if part := re.search(r"(?<![0-9a-z.])10\.[0-9]{4,9}/?(?![0-9])", text):
        return f"“{part.group()}” is not a whole DOI, such as 10.1145/3292500.3330701."
    if old := _WITHOUT_ARCHIVE.fullmatch(text.strip().lower()):
        return (
            f"“{old[1]}” lacks its archive: arXiv ids before April 2007 need it, such as "
            f"hep-th/{old[1]}."
        )
    if almost := re.search(r"(?<![0-9.])[0-9]{4}\.[0-9]{4,5}(?![0-9])", text):
        return f"“{almost.group()}” looks like an arXiv id, but no such id exists."
    return "There is no arXiv id, DOI or OpenReview link in this text."
