"""The bundled papers: real ones, as README.md beside the files says."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from papers.clients.records import AuthorRecord, OrganizationRecord, PaperRecord, SignalsRecord

_FOLDER = Path(__file__).parent


def sample_papers() -> list[PaperRecord]:
    """Read the papers of 2026, which fill the last working days, the newest first."""
    return _read("papers.jsonl")


def archived_papers() -> list[PaperRecord]:
    """Read the older papers, which reading groups have read, the oldest first."""
    return _read("archive.jsonl")


def _read(name: str) -> list[PaperRecord]:
    with (_FOLDER / name).open(encoding="utf-8") as lines:
        return [_record(json.loads(line)) for line in lines]


def _record(row: dict[str, Any]) -> PaperRecord:
    published = row.get("published")
    organization = row.get("organization")
    return PaperRecord(
        external_id=row["id"],
        title=row["title"],
        abstract=row["abstract"],
        authors=tuple(AuthorRecord(name) for name in row["authors"]),
        categories=tuple(row["categories"]),
        published_at=_day(published) if published else None,
        code_url=row.get("code_url", ""),
        project_url=row.get("project_url", ""),
        stars=row.get("stars"),
        organization=OrganizationRecord(**organization) if organization else None,
        signals=_signals(row),
    )


def _signals(row: dict[str, Any]) -> SignalsRecord | None:
    if not (external := row.get("external")):
        return None
    return SignalsRecord(
        _day(external["read_on"]), votes=external["votes"], comments=external["comments"]
    )


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
