"""The figures as a table on the terminal and as JSON beside it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.loading import Load
    from tests.bench.weight import Weight
    from tests.bench.work import Timing

RESULTS = Path(__file__).parent / "results"
BARE, ONE_ROW = "bare view", "one SELECT"


@dataclass
class Report:
    """Everything that one run measured."""

    machine: str
    data: str
    began_at: str
    seconds_each: float
    loads: dict[str, dict[str, list[Load]]] = field(default_factory=dict)
    timings: list[Timing] = field(default_factory=list)
    queries: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    vote_queries: int = 0
    weights: dict[str, Weight] = field(default_factory=dict)
    memory: dict[str, int] = field(default_factory=dict)
    checks: dict[str, str] = field(default_factory=dict)
    load_after: float = 0.0

    def save(self) -> Path:
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / "latest.json"
        path.write_text(json.dumps(asdict(self), indent=2) + "\n")
        return path

    def lines(self) -> Iterator[str]:
        yield f"{self.began_at}  {self.machine}, {self.load_after:.2f} after"
        yield f"{self.data}; {self.seconds_each:g} s each; the load is made on the same cores"
        for server, operations in self.loads.items():
            yield ""
            yield f"{server:<30}{_COLUMNS}"
            for name, loads in operations.items():
                yield from _load_lines(name, loads, operations)
        yield from self._other_lines()

    def _other_lines(self) -> Iterator[str]:
        yield ""
        for timing in self.timings:
            yield f"{timing.name:<30}{timing.seconds * 1000:10.1f} ms  {timing.note}"
        yield ""
        yield f"{'queries of':<30}{'first':>8}{'next':>8}{'member':>8}"
        for name, counts in self.queries.items():
            yield f"  {name:<28}" + "".join(f"{count:8}" for count in counts)
        yield f"  {'vote':<28}{'':16}{self.vote_queries:8}"
        yield ""
        for name, weight in self.weights.items():
            yield (
                f"{name:<30}{weight.html_bytes / 1000:8.1f} kB, {weight.html_compressed / 1000:.1f}"
                f" compressed; all {weight.total_compressed / 1000:.1f} kB in {weight.requests}"
                f" requests, {weight.third_parties} elsewhere"
            )
        for name, size in self.memory.items():
            yield f"{'memory, ' + name:<30}{size / 1e6:8.0f} MB (PSS)"
        for name, outcome in self.checks.items():
            yield f"{name:<30}{outcome}"


_COLUMNS = (
    f"{'c':>4}{'req/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'cpu ms':>8}{'errors':>8}"
    f"{'to bare view':>17}{'to one SELECT':>16}"
)


def _load_lines(name: str, loads: list[Load], operations: dict[str, list[Load]]) -> Iterator[str]:
    for place, load in enumerate(loads):
        against = "".join(
            f"{load.p50_ms / floor.p50_ms:8.1f}x{load.per_second / floor.per_second:6.0%}"
            for floor in (operations[base][place] for base in (BARE, ONE_ROW) if base in operations)
        )
        yield (
            f"{name if not place else '':<30}{load.connections:4}{load.per_second:9.0f}"
            f"{load.p50_ms:9.2f}{load.p99_ms:9.2f}{load.cpu_ms:8.2f}{load.errors:8}   {against}"
        )
