"""Days that were saved as files, read as if the service had just sent them."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime, time
from functools import partial
from typing import TYPE_CHECKING

from common.fetching import Fetched
from papers.clients import huggingface

if TYPE_CHECKING:
    from pathlib import Path

    from papers.clients.records import Batch


class SavedAnswerError(Exception):
    """The folder or file cannot be read. The message is fit to show."""


def saved_days(folder: Path) -> dict[date, Path]:
    """Return the folder's days in order: `YYYY-MM-DD.json`, packed by gzip or not."""
    if not folder.is_dir():
        raise SavedAnswerError(f"There is no folder {folder}.")
    if (folder / "daily").is_dir():
        folder = folder / "daily"
    days = {}
    for path in sorted(folder.iterdir()):
        name, _, kind = path.name.partition(".")
        if kind in {"json", "json.gz"} and (day := _day(name)):
            days[day] = path
    if not days:
        raise SavedAnswerError(f"{folder} holds no days, as 2026-11-20.json or 2026-11-20.json.gz.")
    return days


def read_day(path: Path, day: date) -> Batch:
    """Read one day, or raise a `ClientError` as its client does.

    The file does not say when it was saved. Its votes count as read when the day began, so that
    every answer of the service itself is later.
    """
    try:
        body = path.read_bytes()
        body = gzip.decompress(body) if path.suffix == ".gz" else body
    except (OSError, EOFError) as error:
        raise SavedAnswerError(f"{path.name} cannot be read: {error}") from error
    return huggingface.daily_papers(
        partial(_answer, body),
        "https://saved.invalid",
        day=day,
        read_at=datetime.combine(day, time(), UTC),
    )


def _answer(body: bytes, url: str) -> Fetched:
    return Fetched(url=url, status=200, body=body)


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None
