"""The threads that ship with the site: our own words about the sample papers.

A file in `threads/` holds one paper's thread, its comments in the order they were posted:

    paper = "2401.12345"

    [[comments]]
    id = "bound"            # for those who answer it
    by = 17                 # a number for an invented member, a name for a demo account, or
    text = '''…'''          # "submitter"; in the text, @17 is that member's name

    [[comments]]
    to = "bound"
    …

The other fields are those of `Comment` below.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from discussions.markdown.comment_text import clean_text

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER = Path(__file__).with_name("threads")


@dataclass(frozen=True)
class SeedComment:
    """A comment as it is written in a file."""

    by: int | str
    text: str
    id: str = ""
    to: str = ""
    # Left out: drawn by chance.
    votes: int | None = None
    reactions: Mapping[str, int] = field(default_factory=dict)
    # A passage of the abstract, or a place in the paper ("page 1").
    quote: str = ""
    place: str = ""
    # What it said before edits, the oldest first.
    was: tuple[str, ...] = ()
    taken_back: bool = False
    # The moderator's public reason.
    hidden: str = ""
    held: bool = False
    # by, reason, note.
    report: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SeedThread:
    """A thread as it is written in its file."""

    paper: str
    comments: tuple[SeedComment, ...]
    # Why a moderator closed it.
    locked: str = ""
    # Who watches it, and the id of the last comment that they have seen.
    watched: Mapping[str, str] = field(default_factory=dict)


def written_threads() -> list[SeedThread]:
    """Read the threads that ship, in the order of their papers' ids."""
    return [
        _thread(tomllib.loads(path.read_text("utf-8"))) for path in sorted(_FOLDER.glob("*.toml"))
    ]


def _thread(row: dict[str, Any]) -> SeedThread:
    return SeedThread(**row | {"comments": tuple(_comment(each) for each in row["comments"])})


def _comment(row: dict[str, Any]) -> SeedComment:
    before = tuple(clean_text(text) for text in row.get("was", []))
    return SeedComment(**row | {"text": clean_text(row["text"]), "was": before})
