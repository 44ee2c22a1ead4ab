"""A stand-in for the services that papers come from, on a port of its own."""

from __future__ import annotations

import contextlib
import json
import shutil
import threading
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from tests.replay.limits import FixedWindow
from tests.replay.server import ReplayServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from pytest_django.fixtures import Settings

    from tests.replay.faults import Fault


RECORDINGS = Path(__file__).resolve().parents[1] / "recordings"


class ScriptedFaults:
    """The faults that the next answers meet, in order; none after the last."""

    def __init__(self) -> None:
        self.coming: list[Fault | None] = []
        self.met: Counter[str] = Counter()

    def draw(self) -> Fault | None:
        return self.coming.pop(0) if self.coming else None


class Feed:
    """What the replay server answers with."""

    def __init__(self, folder: Path, server: ReplayServer, faults: ScriptedFaults) -> None:
        self.folder, self.server, self._faults = folder, server, faults

    def save(self, day: date, *entries: dict[str, Any]) -> None:
        (self.folder / f"{day}.json").write_text(json.dumps(entries))

    def serve(self, name: str, recording: str) -> None:
        """Answer an address with a recording; its path names the file."""
        shutil.copy(RECORDINGS / recording, self.folder / name)

    def fail(self, *faults: Fault | None) -> None:
        self._faults.coming = list(faults)

    @property
    def answers(self) -> Counter[str]:
        return self.server.statistics.answers


def entry(external_id: str, **paper: Any) -> dict[str, Any]:
    """Give an entry in the shape of the daily feed."""
    paper = {
        "id": external_id,
        "title": f"On {external_id}",
        "summary": "We show that it is so.",
        "publishedAt": "2026-11-18T00:00:00.000Z",
        "authors": [{"name": "Ada Lovelace", "hidden": False}],
    } | paper
    return {"paper": paper, "title": paper["title"]}


@pytest.fixture
def feed(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[Feed]:
    if "committed" not in request.fixturenames:
        request.getfixturevalue("db")
    _forget_pauses()
    faults = ScriptedFaults()
    window = FixedWindow(quota=500, window=300)
    server = ReplayServer(tmp_path, plan=faults, limit=window)  # type: ignore[arg-type]
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    settings.HUGGINGFACE_URL = server.url
    settings.ARXIV_API_URL = f"{server.url}/api/query"
    settings.ARXIV_RSS_URL = f"{server.url}/rss"
    settings.ARXIV_OAI_URL = f"{server.url}/oai"
    settings.OPENREVIEW_URL = settings.CROSSREF_URL = server.url
    settings.FETCH_PRIVATE_HOSTS = frozenset({"127.0.0.1"})
    settings.ARXIV_SECONDS_BETWEEN_REQUESTS = 0.01
    yield Feed(tmp_path, server, faults)
    server.shutdown()
    server.server_close()


@pytest.fixture
def committed(transactional_db: None) -> None:
    """Let other connections see what the test writes; all of it is cleared away afterwards."""


def _forget_pauses() -> None:
    """A service that asked one test to wait shall not be waited for by the next."""
    own = connection.copy()
    with contextlib.closing(own), own.cursor() as cursor:
        cursor.execute("DELETE FROM common_pace")
