"""Finding DOIs in texts and URLs: where one begins and ends, and its URL.

A DOI may contain nearly every printable character, so its end follows from what surrounds it.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

MAX_LENGTH = 255
# With what addresses add to it.
_MAX_LENGTH_AS_TYPED = 1_000

_START = re.compile(
    r"(?:(?<![0-9a-z.])|(?<=doi)|(?<=%[0-9a-f]{2}))10\.[0-9]{4,9}(?:\.[0-9]+)*(?:/|%2f)",
    re.IGNORECASE,
)
# DOIs of the 1990s hold a SICI, with pages in angle brackets: "<3::aid-sdr140>". Every other
# angle bracket is HTML, or encloses the DOI.
_SICI_PAGES = re.compile(r"<[a-z]{0,4}(?:[0-9][^<>\s:]*:|::)[^<>\s]{0,80}>", re.IGNORECASE)
_NOT_IN_TEXT = re.compile(r"[^!-~]|[\"`\\]|[,;](?=\S{0,30}(?<![0-9.])10\.[0-9]{4,9}/)")
_BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<"}
_NOT_PRINTABLE = re.compile(r"[^!-~]")
_HOST = re.compile(r"\A/|[0-9a-z-]\.[a-z]{2,}(?::[0-9]+)?/", re.IGNORECASE)
_QUERY = re.compile(r"\?|&[a-z_]+=", re.IGNORECASE)
# A SICI may end with "#", its check character.
_FRAGMENT = re.compile(r"(?<!;2-)#")
# What publishers' addresses add to a DOI.
_TAIL = re.compile(
    r"(?<=.)(?:/(?:full|abstract|summary|references|pdf|epdf|epub|xml|html|meta|fulltext)"
    r"|\.(?:full|full-text|abstract|pdf)(?:\+html)?)\Z"
)
# bioRxiv and medRxiv have one DOI for all versions of a preprint, but put the version into
# addresses.
_PREPRINT_VERSION = re.compile(
    r"(10\.(?:1101|64898)/(?:[0-9]{4}\.[0-9]{2}\.[0-9]{2}\.)?[0-9]{5,})v[0-9]+(?:[./].*)?"
)
_PUNCTUATION = ".,;:!'&*_|~-/"


def start_in(text: str) -> int | None:
    """Return where the first DOI begins."""
    found = _START.search(text)
    return found.start() if found else None


def doi_at(text: str, start: int) -> str:
    """Return the DOI that begins there, in lower case; "" if it is cut short or far too long."""
    typed = _QUERY.split(text[start:], maxsplit=1)[0]
    if _is_in_address(text, start):
        typed = _FRAGMENT.split(typed, maxsplit=1)[0]
    typed = _until_end(typed)
    if len(typed) > _MAX_LENGTH_AS_TYPED:
        return typed
    decoded = _NOT_PRINTABLE.split(unquote(typed), maxsplit=1)[0].lower()
    return trimmed(decoded)


def trimmed(doi: str) -> str:
    """Remove what a sentence or an address left at the end of a DOI; "" if nothing remains."""
    while True:
        prefix, _, suffix = doi.partition("/")
        suffix = _TAIL.sub("", suffix.rstrip(_PUNCTUATION))
        if not suffix:
            return ""
        shorter = f"{prefix}/{suffix}"
        if preprint := _PREPRINT_VERSION.fullmatch(shorter):
            shorter = preprint[1]
        if shorter == doi:
            return doi
        doi = shorter


def url_of(doi: str) -> str:
    """Return the address that leads to the paper, from which `doi_at` reads the same DOI."""
    return f"https://doi.org/{quote(doi, safe='/')}"


def _is_in_address(text: str, start: int) -> bool:
    before = text[max(start - 300, 0) : start]
    word = before.split()[-1] if before and not before[-1].isspace() else ""
    return _HOST.search(word) is not None


def _until_end(text: str) -> str:
    """Cut a text at a blank, a quotation mark, or a bracket that was opened before it."""
    open_count = dict.fromkeys(_BRACKETS.values(), 0)
    place = 0
    while place < len(text) and not _NOT_IN_TEXT.match(text, place):
        sign = text[place]
        if sign == "<":
            pages = _SICI_PAGES.match(text, place)
            if pages is None:
                break
            place = pages.end()
            continue
        if sign in open_count:
            open_count[sign] += 1
        elif opening := _BRACKETS.get(sign):
            if not open_count[opening]:
                break
            open_count[opening] -= 1
        place += 1
    return text[:place]
