"""The HTTP side: what is asked for, how often, and in what state it is sent."""

from __future__ import annotations

import hashlib
import itertools
import json
import socket
import struct
import time
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from tests.replay.faults import Fault, FaultPlan, spoil
from tests.replay.library import Library

if TYPE_CHECKING:
    from pathlib import Path

    from tests.replay.limits import FixedWindow

_DRIP_SECONDS = 0.25
_NOTHING_CHANGED = b"""<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
  <responseDate>2026-11-22T05:00:00Z</responseDate>
  <request verb="ListRecords">http://oaipmh.arxiv.org/oai</request>
  <error code="noRecordsMatch">No matches.</error>
</OAI-PMH>
"""
_STATUS = {
    Fault.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
    Fault.TOO_MANY_SILENT: HTTPStatus.TOO_MANY_REQUESTS,
    Fault.BROKEN: HTTPStatus.INTERNAL_SERVER_ERROR,
    Fault.AWAY: HTTPStatus.SERVICE_UNAVAILABLE,
}


@dataclass
class Statistics:
    """What the server saw; at /replay/statistics as JSON."""

    answers: Counter[str] = field(default_factory=Counter)
    arxiv_asked_at: list[float] = field(default_factory=list)
    arxiv_queries: list[dict[str, str]] = field(default_factory=list)

    def as_json(self, plan: FaultPlan) -> bytes:
        times = sorted(self.arxiv_asked_at)
        gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
        return json.dumps(
            {
                "answers": dict(self.answers),
                "faults": dict(plan.met),
                "smallest_gap_at_arxiv": min(gaps, default=None),
            }
        ).encode()


class ReplayServer(ThreadingHTTPServer):
    daemon_threads = True
    # A worker that is killed leaves its port to the next.
    allow_reuse_address = True

    def __init__(self, folder: Path, *, port: int = 0, plan: FaultPlan, limit: FixedWindow) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.library = Library(folder)
        self.plan, self.limit = plan, limit
        self.statistics = Statistics()
        # Whether Crossref and OpenReview answer 403.
        self.refuses = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of those who hang up: that is what the tests do to us."""


class _Handler(BaseHTTPRequestHandler):
    server: ReplayServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/replay/statistics":
            self._send(HTTPStatus.OK, self.server.statistics.as_json(self.server.plan), {})
        elif parts.path == "/api/daily_papers":
            self._send_day(query)
        elif parts.path.startswith("/works/") or parts.path == "/notes":
            self._send_record(unquote(parts.path), query)
        else:
            self._send_arxiv(parts.path, query)

    def _send_day(self, query: dict[str, str]) -> None:
        turn = self.server.limit.turn()
        if not turn.is_allowed:
            self._send(HTTPStatus.TOO_MANY_REQUESTS, b'{"error":"Too many"}', turn.headers)
            return
        page = int(query.get("p", "0"))
        body = self.server.library.day(query.get("date", "")) if page == 0 else b"[]"
        self._send_faulty(body, turn.headers)

    def _send_record(self, path: str, query: dict[str, str]) -> None:
        """Answer as Crossref and OpenReview do, which say 404 of what they do not know."""
        asked = query.get("forum") or query.get("content.venueid") or ""
        name = "_".join(filter(None, [path, asked, query.get("offset")]))
        body = self.server.library.recording(f"{name.strip('/').replace('/', '_')}.json")
        if self.server.refuses:
            self._send(HTTPStatus.FORBIDDEN, b'{"name":"ForbiddenError"}', {})
        elif body is None:
            self._send(HTTPStatus.NOT_FOUND, b"Resource not found.", {})
        else:
            self._send_faulty(body, {})

    def _send_arxiv(self, path: str, query: dict[str, str]) -> None:
        self.server.statistics.arxiv_asked_at.append(time.monotonic())
        self.server.statistics.arxiv_queries.append(query)
        body = self._arxiv_body(path, query)
        if body is None:
            self._send(HTTPStatus.NOT_FOUND, b"Nothing was saved of it.", {})
        else:
            self._send(HTTPStatus.OK, body, {"Content-Type": "application/atom+xml"})

    def _arxiv_body(self, path: str, query: dict[str, str]) -> bytes | None:
        if "id_list" in query:
            return self.server.library.atom(query["id_list"].split(","))
        name = path.strip("/").replace("/", "_")
        if token := query.get("resumptionToken"):
            name = f"{name}_{token}"
        saved = self.server.library.recording(f"{name}.xml")
        return _NOTHING_CHANGED if saved is None and path == "/oai" else saved

    def _send_faulty(self, body: bytes, headers: dict[str, str]) -> None:
        fault = self.server.plan.draw()
        if fault is Fault.RESET:
            self._reset()
        elif fault is not None and fault in _STATUS:
            extra = {"Retry-After": "1"} if fault is Fault.TOO_MANY else {}
            self._send(_STATUS[fault], b'{"error":"not now"}', headers | extra)
        elif fault is None and self._is_known(body):
            self._send(HTTPStatus.NOT_MODIFIED, b"", headers | {"ETag": _etag(body)})
        else:
            spoiled = spoil(body, fault)
            tag = {} if fault else {"ETag": _etag(body)}
            self._send(HTTPStatus.OK, spoiled, headers | tag, is_dripped=fault is Fault.DRIP)

    def _is_known(self, body: bytes) -> bool:
        return self.headers.get("If-None-Match") == _etag(body)

    def _send(
        self, status: HTTPStatus, body: bytes, headers: dict[str, str], *, is_dripped: bool = False
    ) -> None:
        self.server.statistics.answers[str(status.value)] += 1
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json"} | headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if is_dripped:
            for byte in body:
                self.wfile.write(bytes([byte]))
                time.sleep(_DRIP_SECONDS)
        else:
            self.wfile.write(body)
        self.close_connection = True

    def _reset(self) -> None:
        self.server.statistics.answers["reset"] += 1
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Keep quiet: the statistics tell more."""


def _etag(body: bytes) -> str:
    return f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'
