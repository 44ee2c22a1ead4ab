"""Load by wrk, and what came of it."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CONNECTIONS = (1, 8, 32)
_SCRIPT = Path(__file__).with_name("load.lua")


class LoadError(Exception):
    """The load could not be made. The message is fit to show."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one address, or several in turn, were asked and answered."""

    connections: int
    requests: int
    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int
    # What the web server computed for one request: hardly moved by other programs' load.
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Operation:
    """Requests of one kind: targets in turn, each by the next member where there are any."""

    name: str
    targets: Sequence[str]
    method: str = "GET"
    cookies: Path | None = None
    # Of a form, with KEY where each request needs a UUID of its own.
    body: str = ""


def ensure_wrk() -> None:
    """Have wrk, from Debian where we may install it."""
    if shutil.which("wrk"):
        return
    install = "apt-get install -y wrk"
    if shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False, capture_output=True)
        subprocess.run(install.split(), check=False, capture_output=True)
    if not shutil.which("wrk"):
        raise LoadError(f"The load is made by wrk, which is not installed: `{install}` as root.")


def measure(
    operation: Operation, *, url: str, folder: Path, seconds: float, cpu: Callable[[], float]
) -> list[Load]:
    """Measure one operation at each number of connections, after warming up.

    `cpu` says how many seconds of processor the server has had.
    """
    targets = folder / "targets.txt"
    targets.write_text("\n".join(operation.targets) + "\n")
    _run(operation, url, targets, connections=4, seconds=max(1, round(seconds / 4)))
    loads = []
    for connections in CONNECTIONS:
        before = cpu()
        load = _run(operation, url, targets, connections=connections, seconds=round(seconds))
        spent = cpu() - before
        loads.append(replace(load, cpu_ms=spent / max(load.requests, 1) * 1000))
    return loads


def _run(operation: Operation, url: str, targets: Path, *, connections: int, seconds: int) -> Load:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s"]
    command += ["-s", str(_SCRIPT), url, "--", operation.method, str(targets)]
    if operation.cookies:
        command += [str(operation.cookies), operation.body]
    output = subprocess.run(command, capture_output=True, text=True, check=False)
    result = next((line for line in output.stdout.splitlines() if line.startswith("RESULT")), "")
    if not result:
        raise LoadError(f"wrk said: {output.stdout[-300:]} {output.stderr[-300:]}")
    requests, microseconds, p50, p99, errors = (float(part) for part in result.split()[1:])
    return Load(
        connections=connections,
        requests=int(requests),
        per_second=requests / microseconds * 1e6,
        p50_ms=p50 / 1000,
        p99_ms=p99 / 1000,
        errors=int(errors),
        cpu_ms=0.0,
    )
