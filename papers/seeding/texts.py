"""Texts for generated papers: Markov chains of the samples' words, so lengths are realistic."""

from __future__ import annotations

import random
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from papers.clients.records import AuthorRecord

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.clients.records import PaperRecord

_ABSTRACT_WORDS = (90, 260)
_TITLE_WORDS = (5, 14)
# The number of names: the most frequent ones have dozens of papers.
_GIVEN_NAMES, _FAMILY_NAMES = 400, 900


class Wordsmith:
    """A generator of titles, abstracts and names; the same ones for the same seed."""

    def __init__(self, samples: Iterable[PaperRecord], *, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - the same words every time
        self._follows: dict[str, list[str]] = defaultdict(list)
        self._starts: list[str] = []
        for sample in samples:
            # A formula must not be cut in two.
            self._read([word for word in sample.abstract.split() if not {*word} & {*"$\\"}])
        self._given, self._family = _names(seed)

    def title(self) -> str:
        words = self._words(self._chance.randint(*_TITLE_WORDS))
        return " ".join(words).rstrip(".,;:").title()

    def abstract(self) -> str:
        text = " ".join(self._words(self._chance.randint(*_ABSTRACT_WORDS)))
        return f"{text.rstrip('.,;:')}."

    def authors(self) -> tuple[AuthorRecord, ...]:
        """Return the authors of one paper: about six, rarely many."""
        count = min(40, 1 + round(self._chance.lognormvariate(1.5, 0.6)))
        names = (
            f"{self._chance.choice(self._given)} {self._chance.choice(self._family)}"
            for _ in range(count)
        )
        return tuple(AuthorRecord(name) for name in dict.fromkeys(names))

    def _read(self, words: list[str]) -> None:
        self._starts.append(words[0])
        for word, following in pairwise(words):
            self._follows[word].append(following)

    def _words(self, count: int) -> list[str]:
        pick, follows, starts = self._chance.random, self._follows, self._starts
        word = starts[int(pick() * len(starts))]
        words = [word]
        for _ in range(count - 1):
            choices = follows.get(word) or starts
            word = choices[int(pick() * len(choices))]
            words.append(word)
        return words


def _names(seed: int) -> tuple[list[str], list[str]]:
    # Imported here: production does not have it, and does not need it.
    from faker import Faker  # noqa: PLC0415

    voice = Faker(["en_US", "de_DE", "fr_FR", "en_IN", "pl_PL", "pt_BR"])
    voice.seed_instance(seed)
    return (
        [voice.first_name() for _ in range(_GIVEN_NAMES)],
        [voice.last_name() for _ in range(_FAMILY_NAMES)],
    )
