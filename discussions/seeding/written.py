"""The bundled threads about the sample papers.

A file in `threads/` contains one paper's thread, its comments in the order of posting:

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
    """A comment in a file."""

    by: int | str
    text: str
    id: str = ""
    to: str = ""
    # Random if left out.
    votes: int | None = None
    reactions: Mapping[str, int] = field(default_factory=dict)
    # A passage of the abstract, or a location in the paper ("page 1").
    quote: str = ""
    place: str = ""
    # The texts before edits, the oldest first.
    was: tuple[str, ...] = ()
    deleted: bool = False
    # The moderator's public reason.
    hidden: str = ""
    held: bool = False
    # by, reason, note.
    report: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SeedThread:
    """A thread in a file."""

    paper: str
    comments: tuple[SeedComment, ...]
    # For an older paper, when its readers came to it; else they came on its day.
    days_ago: int = 0
    # Why a moderator locked it.
    locked: str = ""
    # The members who watch it, with the id of the last comment each has seen.
    watched: Mapping[str, str] = field(default_factory=dict)


def written_threads() -> list[SeedThread]:
    """Read the bundled threads, in the order of their papers' ids."""
    return [
        _thread(tomllib.loads(path.read_text("utf-8"))) for path in sorted(_FOLDER.glob("*.toml"))
    ]


def _thread(row: dict[str, Any]) -> SeedThread:
    return SeedThread(**row | {"comments": tuple(_comment(each) for each in row["comments"])})


def _comment(row: dict[str, Any]) -> SeedComment:
    before = tuple(clean_text(text) for text in row.get("was", []))
    return SeedComment(**row | {"text": clean_text(row["text"]), "was": before})
