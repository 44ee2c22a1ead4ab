"""The saved answers that are replayed."""

from __future__ import annotations

import gzip
import json
import threading
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from pathlib import Path

# An entry as arXiv's interface writes it, with what the daily feed leaves out.
_ENTRY = """  <entry>
    <id>http://arxiv.org/abs/{id}v1</id>
    <updated>{published}</updated>
    <published>{published}</published>
    <title>{title}</title>
    <summary>{summary}</summary>
{authors}
    <arxiv:primary_category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
    <category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
    <category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/>
  </entry>
"""
_FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"
      xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
  <title>ArXiv Query</title>
  <opensearch:totalResults>{count}</opensearch:totalResults>
  <opensearch:startIndex>0</opensearch:startIndex>
{entries}</feed>
"""


class Library:
    """A folder of days, as `YYYY-MM-DD.json` or `.json.gz`, and of files for other paths."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._papers: dict[str, dict[str, Any]] | None = None

    def day(self, day: str) -> bytes:
        """One day's answer; an empty list where nothing was saved, as the service does."""
        plain = self._folder / f"{day}.json"
        if plain.is_file():
            return plain.read_bytes()
        packed = self._folder / f"{day}.json.gz"
        return gzip.decompress(packed.read_bytes()) if packed.is_file() else b"[]"

    def recording(self, name: str) -> bytes | None:
        path = self._folder / name
        return path.read_bytes() if path.is_file() else None

    def atom(self, ids: list[str]) -> bytes:
        """Answer as arXiv does when asked for papers by id; unknown ones are left out."""
        papers = self._known_papers()
        entries = [_entry(papers[each]) for each in ids if each in papers]
        return _FEED.format(count=len(entries), entries="".join(entries)).encode()

    def _known_papers(self) -> dict[str, dict[str, Any]]:
        with self._lock:
            if self._papers is None:
                self._papers = {
                    entry["paper"]["id"]: entry["paper"]
                    for path in sorted(self._folder.glob("20*.json*"))
                    for entry in json.loads(self.day(path.name[:10]))
                }
            return self._papers


def _entry(paper: dict[str, Any]) -> str:
    authors = [
        f"    <author><name>{escape(author['name'])}</name></author>" for author in paper["authors"]
    ]
    return _ENTRY.format(
        id=paper["id"],
        published=paper.get("publishedAt", "2026-01-01T00:00:00Z"),
        title=escape(paper["title"]),
        summary=escape(paper.get("summary", "")),
        authors="\n".join(authors),
    )
