"""Answers in the services' own shapes, written for these tests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from common.fetch_errors import FetchError
from common.fetching import Fetched

if TYPE_CHECKING:
    from collections.abc import Iterable

RECORDINGS = Path(__file__).resolve().parents[2] / "recordings"


def recording(name: str) -> bytes:
    return (RECORDINGS / name).read_bytes()


class Replay:
    """Gives one answer after the other, and remembers what was asked."""

    def __init__(self, *answers: bytes | Fetched | FetchError | str) -> None:
        self.answers: Iterable[bytes | Fetched | FetchError | str] = iter(answers)
        self.urls: list[str] = []

    def __call__(self, url: str) -> Fetched:
        self.urls.append(url)
        answer = next(self.answers)  # type: ignore[call-overload]
        if isinstance(answer, FetchError):
            raise answer
        if isinstance(answer, Fetched):
            return answer
        body = recording(answer) if isinstance(answer, str) else answer
        return Fetched(url, 200, {"etag": '"r"'}, body)
