"""`make check`, `make test` and `make e2e`: run every step, and say at the end what failed."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from devtools.processes import ROOT, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NO_CHROMIUM = (
    "browser tests (no Chromium: `apt-get install chromium`, or name it in OCTAVO_CHROMIUM)"
)
# What a community's server would be given.
PRODUCTION = {
    "OCTAVO_ENV": "production",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "SITE_URL": "https://octavo.example.org",
    "ALLOWED_HOSTS": "octavo.example.org",
    "DATABASE_URL": "postgres://octavo@127.0.0.1/octavo",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
}


@dataclass(frozen=True)
class Step:
    """One check: what it is called, and the command that fails when it fails."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, *, shows_output: bool) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "OCTAVO_ENV": "development", **self.environment}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        return subprocess.run(  # noqa: S603
            self.command,
            cwd=ROOT,
            env=environment,
            capture_output=not shows_output,
            text=True,
            check=False,
        )


def main(act: str) -> int:
    """Run the checks and tests of the act, and say last what failed or did not run."""
    began = time.monotonic()
    failed = _run_quick_checks() if act == "check" else []
    chromium = find_chromium()
    tests = [] if act == "e2e" else [_unit_tests()]
    tests += [_browser_tests(chromium)] if chromium else []
    # In the open; no tests at all is a failure as well.
    failed += [step.name for step in tests if step.run(shows_output=True).returncode != 0]
    if not chromium and os.environ.get("CI"):
        failed.append(NO_CHROMIUM)
    seconds = f"{time.monotonic() - began:.0f} s"
    if failed:
        say(f"Failed: {', '.join(failed)} ({seconds}).")
    elif chromium:
        say(f"Everything passed in {seconds}.")
    else:
        say(f"Passed in {seconds}. Did not run: {NO_CHROMIUM}.")
    return 1 if failed else 0


def find_chromium() -> str | None:
    named = os.environ.get("OCTAVO_CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome")
    return named or next(
        (path for name in names if (path := shutil.which(name)) and _runs(path)), None
    )


def _runs(program: str) -> bool:
    """Say whether it is a browser: Ubuntu's package is a script that points to a snap."""
    try:
        asked = subprocess.run(  # noqa: S603
            [program, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=30,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def _run_quick_checks() -> list[str]:
    """Run what reads the code, side by side, and show only what complains."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        verdicts = pool.map(_is_fine, steps := _quick_checks())
        return [step.name for step, is_fine in zip(steps, verdicts, strict=True) if not is_fine]


def _is_fine(step: Step) -> bool:
    began = time.monotonic()
    done = step.run(shows_output=False)
    is_fine = done.returncode == 0
    verdict = "ok" if is_fine else "FAILED"
    complaint = "" if is_fine else f"\n{done.stdout}{done.stderr}".rstrip()
    say(f"  {step.name:<14}{verdict:<8}{time.monotonic() - began:6.1f} s{complaint}")
    return is_fine


def _quick_checks() -> list[Step]:
    manage = (sys.executable, "manage.py")
    templates = sorted(map(str, (ROOT / "templates").rglob("*.html")))
    return [
        Step("types", _tool("mypy")),
        Step("format", _tool("ruff", "format", "--check", ".")),
        Step("lint", _tool("ruff", "check", ".")),
        Step("templates", _tool("djade", "--check", *templates)),
        Step("imports", _tool("lint-imports")),
        Step("migrations", (*manage, "makemigrations", "--check", "--dry-run")),
        Step("deployment", (*manage, "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
    ]


def _unit_tests() -> Step:
    # In random order, by pytest-randomly; the seed is in the first lines of the output.
    return Step("tests", _tool("pytest", "-q", "-n", "auto", "--dist", "worksteal"))


def _browser_tests(chromium: str) -> Step:
    command = _tool("pytest", "-q", "-m", "browser", "tests/e2e")
    return Step("browser tests", command, {"OCTAVO_CHROMIUM": chromium})


def _tool(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(ROOT / ".venv" / "bin" / name), *arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
