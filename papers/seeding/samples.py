"""The 42 bundled papers, real ones from arXiv's metadata (CC0)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from papers.clients.records import OrganizationRecord, PaperRecord

_FILE = Path(__file__).with_name("papers.jsonl")


@dataclass(frozen=True, slots=True)
class SamplePaper:
    """A paper with the number of its authors, but not their names."""

    record: PaperRecord
    author_count: int


def sample_papers() -> list[SamplePaper]:
    """Read the bundled papers, in the order of the file."""
    with _FILE.open(encoding="utf-8") as lines:
        return [_paper(json.loads(line)) for line in lines]


def _paper(row: dict[str, str]) -> SamplePaper:
    organization = row.get("organization", "")
    return SamplePaper(
        PaperRecord(
            external_id=row["id"],
            title=row["title"],
            abstract=row["abstract"],
            published_at=datetime.fromisoformat(row["published"]).replace(tzinfo=UTC),
            primary_category=row["category"],
            categories=(row["category"],),
            code_url=row.get("code_url", ""),
            organization=OrganizationRecord(organization, organization) if organization else None,
        ),
        author_count=int(row["author_count"]),
    )
