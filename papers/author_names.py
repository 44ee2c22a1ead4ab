"""Names of authors in parts, as bibliographies need them.

Sources give one text for each author. What its parts are follows from a few signs: particles
("de la"), suffixes ("Jr."), words of organizations ("Collaboration").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ORGANIZATION = re.compile(
    r"\b(?:collaborations?|consortium|teams?|groups?|projects?|committee|network|initiative"
    r"|institut\w*|universit\w+|laborator(?:y|ies)|centers?|centres?|foundation|association"
    r"|society|contributors|community|alliance|organi[sz]ation|company|members|inc|ltd|llc|gmbh"
    r"|corp)\b",
    re.IGNORECASE,
)
# "F. Nerling for the COMPASS Collaboration" is a person and an organization.
_ON_BEHALF = re.compile(r"^(?:(.*\S)\s+)?(?:for|on\s+behalf\s+of)\s+(?:the\s+)?", re.IGNORECASE)
_SUFFIX = re.compile(r"[JS]n?r\.?|I{2,3}|IV|M\.?D\.?|Ph\.?D\.?")
_AROUND = re.compile(r"^(?:and\b|[,;:&\s])*|(?:\bet\.?\s+al\.?|[,;:&\s])*$")
_PARTICLES = _words(
    "abu af al av ben bin bint binte binti da dal das de degli dei del della den der des di do dos"
    " du el ibn la las le lo los op 't te ten ter van von zu zum zur"
)
# In capitals, fewer: "Ben" and "Do" are also given names.
_CAPITAL_PARTICLES = _words(
    "Abu Al Bin Binte Binti Da Dal De Degli Del Della Den Der Di Dos Du El Ibn La Le San Ten Ter"
    " Van Von"
)
# "Amaro Junior" is the family's name in Portuguese.
_LAST_WORDS = frozenset({"Filho", "Junior", "Júnior", "Neto"})
# "Ortega y Gasset": the word before it belongs to the family's name.
_CONJUNCTIONS = frozenset({"e", "i", "y"})
# Given names before these look like particles: "Thi Van Nguyen", "Song Bin Zhang".
_EAST_ASIAN = _words(
    "Bui Cao Chen Cheng Cho Choi Chun Dang Dao Dinh Do Doan Duong Han Ho Hoang Huynh Jang Kim Lam"
    " Le Lee Li Liang Liu Luong Ly Mai Ngo Nguyen Park Peng Pham Phan Ta To Tran Trinh Truong Vo Vu"
    " Wang Yan Yang Yoo Zhang"
)


@dataclass(frozen=True, slots=True)
class AuthorName:
    """A person's name in parts, or a name that is not divided: an organization, a single name."""

    family: str
    given: str = ""
    suffix: str = ""

    @property
    def is_undivided(self) -> bool:
        return not self.given


def author_names(texts: Iterable[str]) -> list[AuthorName]:
    """Return the names in the texts of a paper's authors; one text may hold several."""
    return [name for text in texts for name in _names_in(_AROUND.sub("", " ".join(text.split())))]


def _names_in(text: str) -> list[AuthorName]:
    if not text:
        return []
    before, colon, after = text.partition(":")
    if colon and _is_organization(before):
        # As in "The X Collaboration: L. Uno, J. Dos".
        people = re.split(r",(?!\s*" + _SUFFIX.pattern + r"(?:,|$))", after)
        return [AuthorName(before.strip()), *author_names(people)]
    if _is_organization(text):
        if behalf := _ON_BEHALF.match(text):
            group = AuthorName(text[behalf.end() :])
            return [*_names_in(behalf[1] or ""), group]
        return [AuthorName(text)]
    return [_person(text)]


def _is_organization(text: str) -> bool:
    words = text.split()
    if {"and", "others"} & {word.lower() for word in words}:
        return True
    # "R. Group" is a person.
    is_initial = len(words) == 2 and re.fullmatch(r"\w\.", words[0]) is not None
    is_named_so = _ORGANIZATION.search(text) is not None and not is_initial
    return is_named_so or (len(words) > 3 and words[0].lower() == "the")


def _person(text: str) -> AuthorName:
    words = text.replace(",", " , ").split()
    suffix = ""
    if len(words) > 2 and _SUFFIX.fullmatch(words[-1]):
        suffix = words.pop()
        if words[-1] == ",":
            words.pop()
    if "," in words:
        comma = words.index(",")
        family, given = words[:comma], [word for word in words[comma + 1 :] if word != ","]
        return AuthorName(" ".join(family), " ".join(given), suffix)
    if len(words) == 1:
        return AuthorName(words[0], "", suffix)
    start = _family_start(words)
    return AuthorName(" ".join(words[start:]), " ".join(words[:start]), suffix)


def _family_start(words: list[str]) -> int:
    """Return where the family's name begins: at its first particle, else at the last word."""
    last = len(words) - 1
    for place in range(1, last):
        word = words[place]
        if word in _CONJUNCTIONS:
            return max(place - 1, 1)
        if word in _PARTICLES:
            return place
        if word in _CAPITAL_PARTICLES and words[last] not in _EAST_ASIAN:
            return place
    return last - 1 if words[last] in _LAST_WORDS and last > 1 else last
