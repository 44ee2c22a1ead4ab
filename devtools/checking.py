"""`make test`, `make check` and the other tools of the workshop, with what they need."""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devtools.embedded import EmbeddedError, running_services
from devtools.guarding import ROOT
from devtools.supervising import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

NO_CHROMIUM = (
    "the browser tests (no Chromium: `apt-get install chromium`, or name it in OCTAVO_CHROMIUM)"
)
LOCK = (
    *("uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"),
    *("--custom-compile-command", "make lock"),
)


@dataclass(frozen=True)
class Step:
    """One check: what it is called, and the command that fails when it fails."""

    name: str
    command: Sequence[str]


def main(arguments: Sequence[str]) -> int:
    """Carry out one command of the Makefile."""
    parser = argparse.ArgumentParser(prog="devtools.checking")
    parser.add_argument("act", choices=("test", "check", "e2e", "fmt", "lock"))
    parser.add_argument("--upgrade", action="store_true")
    options = parser.parse_args(arguments)
    try:
        if options.act == "fmt":
            return _run_all(_formatting())
        if options.act == "lock":
            return _run_all(_locking(upgrade=options.upgrade))
        return check(options.act)
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def check(act: str) -> int:
    """Run the checks and tests of the act, and say last what failed or did not run."""
    began = time.monotonic()
    failed: list[str] = []
    left_out: list[str] = []
    logs = ROOT / "var" / "test"
    given = (os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", ""))
    with (
        running_services(
            logs, durable=False, database_url=given[0], redis_url=given[1]
        ) as services,
        ThreadPoolExecutor() as pool,
    ):
        environment = {
            **os.environ,
            "DATABASE_URL": services.database_url,
            "REDIS_URL": services.redis_url,
        }
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        browser = pool.submit(find_or_install_chromium)
        if act == "check":
            failed += _run_quick_checks(environment)
        if act != "e2e" and not _passes(_unit_tests(), environment):
            failed.append("tests")
        chromium = browser.result()
        if chromium is None:
            left_out.append(NO_CHROMIUM)
        elif not _passes(_browser_tests(), {**environment, "OCTAVO_CHROMIUM": chromium}):
            failed.append("browser tests")
    return _conclude(failed, left_out, time.monotonic() - began)


def find_or_install_chromium() -> str | None:
    """Return a Chromium; root gets one from apt where there is none."""
    named = os.environ.get("OCTAVO_CHROMIUM")
    if named:
        return named
    if (found := _chromium()) is not None or os.geteuid() != 0 or not shutil.which("apt-get"):
        return found
    say("Installing Chromium for the browser tests")
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for _attempt in range(2):
        for command in (
            ["apt-get", "-qq", "update"],
            ["apt-get", "-qq", "install", "-y", "--no-install-recommends", "chromium"],
        ):
            subprocess.run(  # noqa: S603
                command, env=quietly, stdin=subprocess.DEVNULL, capture_output=True, check=False
            )
        if (found := _chromium()) is not None:
            return found
    return None


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = (path for name in names if (path := shutil.which(name)))
    return next((path for path in found if _runs(path)), None)


def _runs(program: str) -> bool:
    """Say whether it is a browser: Ubuntu's package is a sign that points to a snap."""
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


def _run_quick_checks(environment: Mapping[str, str]) -> list[str]:
    """Run what reads the code, side by side, and show only what complains."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = pool.map(lambda step: _examine(step, environment), _quick_checks())
        return [name for name, is_fine in results if not is_fine]


def _examine(step: Step, environment: Mapping[str, str]) -> tuple[str, bool]:
    began = time.monotonic()
    env = _production(environment) if step.name == "deployment" else _development(environment)
    done = subprocess.run(  # noqa: S603
        step.command, cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    is_fine = done.returncode == 0
    verdict = "ok" if is_fine else "FAILED"
    complaint = "" if is_fine else f"\n{done.stdout}{done.stderr}".rstrip()
    say(f"  {step.name:<14}{verdict:<8}{time.monotonic() - began:6.1f} s{complaint}")
    return step.name, is_fine


def _quick_checks() -> list[Step]:
    manage = (sys.executable, "manage.py")
    templates = _templates()
    return [
        Step("types", _tool("mypy")),
        Step("format", _tool("ruff", "format", "--check", ".")),
        Step("lint", _tool("ruff", "check", ".")),
        *([Step("templates", _tool("djade", "--check", *templates))] if templates else []),
        Step("imports", _tool("lint-imports")),
        Step("migrations", (*manage, "makemigrations", "--check", "--dry-run")),
        Step("deployment", (*manage, "check", "--deploy", "--fail-level", "WARNING")),
    ]


def _unit_tests() -> Step:
    # In random order, by pytest-randomly; the seed is in the first lines of the output.
    return Step("tests", _tool("pytest", "-q", "-n", "auto", "--dist", "worksteal"))


def _browser_tests() -> Step:
    return Step("browser tests", _tool("pytest", "-q", "-m", "browser", "tests/e2e"))


def _formatting() -> list[Step]:
    return [
        Step("format", _tool("ruff", "format", ".")),
        Step("lint", _tool("ruff", "check", "--fix", ".")),
        Step("templates", _tool("djade", *_templates())),
    ]


def _locking(*, upgrade: bool) -> list[Step]:
    more = ["--upgrade"] if upgrade else []
    return [
        Step(name, _tool(*LOCK, *more, f"{name}.in", "--output-file", f"{name}.txt"))
        for name in ("requirements", "requirements-dev")
    ]


def _run_all(steps: Sequence[Step]) -> int:
    return max((0 if _passes(step, os.environ) else 1) for step in steps)


def _passes(step: Step, environment: Mapping[str, str]) -> bool:
    """Run a step in the open; no tests at all is a failure as well."""
    sys.stdout.flush()
    done = subprocess.run(step.command, cwd=ROOT, env=dict(environment), check=False)  # noqa: S603
    return done.returncode == 0


def _conclude(failed: Sequence[str], left_out: Sequence[str], seconds: float) -> int:
    if failed:
        say(f"Failed: {', '.join(failed)} ({seconds:.0f} s).")
    if left_out and (not failed):
        say(f"Passed in {seconds:.0f} s. Did not run: {', '.join(left_out)}.")
    elif left_out:
        say(f"Did not run: {', '.join(left_out)}.")
    elif not failed:
        say(f"Everything passed in {seconds:.0f} s.")
    # In CI a browser is a part of the promise.
    return 1 if failed or (left_out and os.environ.get("CI")) else 0


def _tool(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(_scripts() / name), *arguments)


def _scripts() -> Path:
    return ROOT / ".venv" / "bin"


def _templates() -> list[str]:
    return [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("templates/**/*.html"))]


def _development(environment: Mapping[str, str]) -> dict[str, str]:
    return {**environment, "OCTAVO_ENV": "development"}


def _production(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what a community's server would be given."""
    return {
        **environment,
        "OCTAVO_ENV": "production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SITE_URL": "https://octavo.example.org",
        "ALLOWED_HOSTS": "octavo.example.org",
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
