"""What a page weighs, and what the site takes of a machine's memory."""

from __future__ import annotations

import os
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from tests.bench.serving import URL, Answer, get

_LINKS_THAT_LOAD = {"stylesheet", "icon", "modulepreload", "preload", "manifest"}


@dataclass(frozen=True, slots=True)
class Weight:
    """A first visit to a page, everything that it loads included."""

    html_bytes: int
    html_compressed: int
    total_compressed: int
    requests: int
    third_parties: int


class _Assets(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.urls: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "link" and _LINKS_THAT_LOAD & set((values.get("rel") or "").split()):
            self.urls.add(values.get("href") or "")
        elif tag in {"script", "img", "iframe", "source", "video"} and values.get("src"):
            self.urls.add(values.get("src") or "")


def weigh(path: str) -> Weight:
    """Load a page and what it names, as a browser does on a first visit."""
    plain = get(path)
    html = get(path, Accept_Encoding="gzip")
    assets = _Assets()
    assets.feed(plain.body.decode())
    urls = {urljoin(f"{URL}{path}", url) for url in assets.urls if url}
    ours = [urlsplit(url).path for url in urls if url.startswith(f"{URL}/")]
    loaded = [html, *(get(path, Accept_Encoding="gzip, br") for path in ours)]
    return Weight(
        html_bytes=len(plain.body),
        html_compressed=len(html.body),
        total_compressed=sum(_size(answer) for answer in loaded),
        requests=len(loaded),
        third_parties=len(urls) - len(ours),
    )


def _size(answer: Answer) -> int:
    return len(answer.body) + len(str(answer.headers))


def memory_below(root: int) -> int:
    """Add up the proportional memory of a process and its descendants, in bytes.

    Of this process, which only measures, and of the guards of its children, nothing counts.
    """
    family = _family(root) - {os.getpid()}
    return sum(_proportional(pid) for pid in family if "octavo-guard" not in _command_line(pid))


def cpu_seconds_below(root: int) -> float:
    """Add up the processor time that a process and its descendants have had."""
    return sum(_cpu_ticks(pid) for pid in _family(root)) / os.sysconf("SC_CLK_TCK")


def _family(root: int) -> set[int]:
    parents = _parents()
    family = {root}
    # A child's number may be lower than its parent's.
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def _cpu_ticks(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    user, system = status.rpartition(")")[2].split()[11:13]
    return int(user) + int(system)


def _parents() -> dict[int, int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "stat").read_text()
            except OSError:
                continue
            # The name before may hold spaces and parentheses.
            parents[int(entry.name)] = int(status.rpartition(")")[2].split()[1])
    return parents


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def _proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def machine() -> str:
    """Say what the figures were taken on."""
    load = os.getloadavg()[0]
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        "unknown processor",
    )
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{os.cpu_count()} cores, {model}, {memory:.0f} GiB, load {load:.2f} before"
