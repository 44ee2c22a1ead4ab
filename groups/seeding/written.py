"""The bundled groups, and their minutes about the sample papers: our own texts."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class SeedNomination:
    """A nomination on the open ballot."""

    paper: str
    by: int | str
    pitch: str
    presents: bool
    seconds: int
    # Ballots that it has lost.
    rounds: int


@dataclass(frozen=True)
class SeedGroup:
    """A group in the bundled file.

    The comment in that file says how people and papers are named.
    """

    slug: str
    name: str
    summary: str
    description: str
    rules: str
    visibility: str
    joining: str
    owner: int | str
    organisers: tuple[int | str, ...]
    people: tuple[str, ...]
    # Additional invented members.
    members: int
    topics: tuple[str, ...]
    zone: str
    frequency: str
    weekday: int
    times: tuple[time, ...]
    minutes: int
    method: str
    # Hours between the close of the ballot and the meeting.
    closes_hours: int
    past: tuple[str, ...]
    # The position of the past meeting that was skipped.
    skipped: int
    next: str
    # Questions about it, the most wanted first.
    ask: tuple[str, ...]
    nominations: tuple[SeedNomination, ...]
    interval: int = 1
    nth: int | None = None
    join_question: str = ""
    join_url: str = ""
    place: str = ""
    capacity: int | None = None
    written_days: int = 0
    # A template of seats; "" means only a presenter.
    seats: str = ""

    @property
    def papers(self) -> set[str]:
        return {*self.past, self.next, *(each.paper for each in self.nominations)}


@dataclass(frozen=True)
class Notes:
    """A group's minutes about a paper."""

    claims: str
    made: str
    open: str
    ask: tuple[str, ...] = field(default=())

    def minutes(self, *, action: str) -> str:
        """Return the minutes in the format of the default template."""
        return (
            f"## What the paper claims\n\n{self.claims}\n\n"
            f"## What we made of it\n\n{self.made}\n\n"
            f"## Open questions\n\n{self.open}\n\n"
            f"## Decisions and actions\n\n- [x] {action}\n"
        )


def written_groups() -> list[SeedGroup]:
    """Return the groups in the order of the file."""
    read = tomllib.loads((_FOLDER / "groups.toml").read_text(encoding="utf-8"))
    return [_group(row) for row in read["groups"]]


def written_notes() -> dict[str, Notes]:
    """Return the minutes by the paper's id."""
    read = tomllib.loads((_FOLDER / "notes.toml").read_text(encoding="utf-8"))
    return {paper: Notes(**{**row, "ask": tuple(row["ask"])}) for paper, row in read.items()}


def _group(row: dict[str, Any]) -> SeedGroup:
    lists = {name: tuple(row[name]) for name in ("organisers", "people", "topics", "past", "ask")}
    times = tuple(time.fromisoformat(each) for each in row["times"])
    nominations = tuple(SeedNomination(**each) for each in row["nominations"])
    return SeedGroup(**row | lists | {"times": times, "nominations": nominations})
