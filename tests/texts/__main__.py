"""`python -m tests.texts FOLDER`: how the titles and abstracts of a corpus are shown.

The folder holds `*.jsonl.gz`, one object with `title` and `abstract` a line, or answers of the
daily papers of Hugging Face as `*.json.gz`. Exits with 1 when an aim is missed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from tests.texts.measuring import Counts, measure

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    Words = tuple[str, str]

PAPERS_A_TASK = 500
MAX_LEFTOVERS = 0.002  # of abstracts
MAX_FALLBACKS = 0.005  # of formulas
MAX_MILLISECONDS = 100


def main() -> int:
    options = _parser().parse_args()
    papers = islice(words_in(options.folder), None, None, options.every)
    counts = Counts()
    with ProcessPoolExecutor(options.processes) as pool:
        for each in pool.map(_measured, iter(lambda: list(islice(papers, PAPERS_A_TASK)), [])):
            counts.add(each)
    if not counts.papers:
        sys.stderr.write(f"There are no *.jsonl.gz and no *.json.gz in {options.folder}.\n")
        return 2
    missed = report(counts)
    return 1 if missed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.texts")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1, help="measure one paper of so many")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    return parser


def words_in(folder: Path) -> Iterator[Words]:
    """Yield the title and abstract of each paper, as the source sent them."""
    for path in sorted(folder.rglob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                yield row.get("title") or "", row.get("abstract") or ""
    for path in sorted(folder.rglob("*.json.gz")):
        entries = json.loads(gzip.decompress(path.read_bytes()))
        for entry in entries if isinstance(entries, list) else []:
            paper = entry.get("paper", entry)
            yield (
                paper.get("title") or entry.get("title") or "",
                paper.get("summary") or entry.get("summary") or "",
            )


def _measured(papers: list[Words]) -> Counts:
    counts = Counts()
    for title, abstract in papers:
        counts.add(measure(title, abstract))
    return counts


def report(counts: Counts) -> list[str]:
    """Print the table, and return the aims that are missed."""
    fallbacks = counts.fallbacks["standard"]
    leftovers = counts.abstracts_with["leftovers"]
    rows = [
        ("texts", 2 * counts.papers, None),
        ("refused as no paper's", counts.refused, None),
        ("abstracts with leftovers", leftovers, counts.papers),
        ("  of these a command", counts.abstracts_with["commands"], counts.papers),
        ("  of these a dollar", counts.abstracts_with["dollars"], counts.papers),
        ("abstracts with authors' own macros", counts.abstracts_with["own macros"], counts.papers),
        ("titles with leftovers", counts.titles_with["leftovers"], counts.papers),
        ("titles with authors' own macros", counts.titles_with["own macros"], counts.papers),
        ("plain titles with leftovers", counts.plain_titles_with["leftovers"], counts.papers),
        ("formulas", counts.formulas, None),
        ("  shown as source", fallbacks, counts.formulas),
        ("  shown as source, own macros", counts.fallbacks["own macros"], counts.formulas),
        ("  empty MathML", counts.empty_formulas, None),
        ("damaged on the way into the database", counts.damaged, None),
    ]
    for label, value, whole in rows:
        share = f"{value / whole:10.3%}" if whole else ""
        print(f"{label:40}{value:>10,}{share}")
    milliseconds, slowest = counts.slowest
    print(f"{'slowest text, ms':40}{milliseconds:>10.1f}  {slowest}")
    _print_most(counts.leftovers, "Leftovers, in texts")
    _print_most(counts.own_macros, "Authors' own macros, in texts")
    _print_most(counts.fallback_macros, "Formulas shown as source, by macro or source")

    aims = {
        "leftovers in at most 0.2 % of abstracts": leftovers <= MAX_LEFTOVERS * counts.papers,
        "at most 0.5 % of formulas as source": fallbacks <= MAX_FALLBACKS * counts.formulas,
        "no empty MathML": not counts.empty_formulas,
        "no text over 100 ms": milliseconds <= MAX_MILLISECONDS,
        "nothing damaged": not counts.damaged,
    }
    print()
    for aim, is_met in aims.items():
        print(f"{'met' if is_met else 'MISSED'}: {aim}")
    return [aim for aim, is_met in aims.items() if not is_met]


def _print_most(found: Counter[str], heading: str) -> None:
    print(f"\n{heading}:")
    for name, count in found.most_common(20):
        print(f"{count:>8,}  {name}")


if __name__ == "__main__":
    sys.exit(main())
