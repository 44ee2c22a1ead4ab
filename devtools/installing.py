"""The virtual environment: made once, filled from the lock file, left alone while neither changes.

Runs before anything is installed, so it knows the standard library only.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK_FILE = ROOT / "requirements-dev.txt"
STAMP = VENV / "installed"


class InstallError(Exception):
    """The environment cannot be made. The message is fit to show."""


def main(arguments: Sequence[str]) -> int:
    """Prepare the environment, then become the module that the arguments name."""
    os.chdir(ROOT)
    os.environ.setdefault("OCTAVO_BEGAN_AT", str(time.time()))
    # What programs print is UTF-8; an old locale would break on it half way through a log.
    os.environ.setdefault("PYTHONUTF8", "1")
    try:
        python = prepare()
    except InstallError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Stopped while installing; the next start goes on from here.\n")
        return 130
    sys.stdout.flush()
    return os.execv(python, [str(python), "-m", *arguments])  # noqa: S606


def prepare() -> Path:
    """Return the environment's Python, after installing what the lock file names."""
    python = VENV / "bin" / "python"
    with _one_at_a_time():
        wanted = _fingerprint()
        if python.exists() and STAMP.exists() and STAMP.read_text() == wanted:
            return python
        started = time.monotonic()
        sys.stdout.write("Installing packages into .venv\n")
        sys.stdout.flush()
        _make_venv(python)
        _install(python)
        STAMP.write_text(wanted)
        sys.stdout.write(f"  packages installed in {time.monotonic() - started:.1f} s\n")
    return python


def _fingerprint() -> str:
    """Name what was installed, by which Python and where: a moved environment is made anew."""
    lock = hashlib.sha256(LOCK_FILE.read_bytes()).hexdigest()
    return f"{VENV}\n{sys.version_info[:2]}\n{lock}\n"


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let `make start` and `make test`, begun together, not install over each other."""
    try:
        (ROOT / "var").mkdir(exist_ok=True)
        lock = (ROOT / "var" / "install.lock").open("a")
    except OSError as error:
        raise InstallError(f"Octavo keeps its data in {ROOT / 'var'}: {error.strerror}.") from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_venv(python: Path) -> None:
    if python.exists() and (VENV / "bin" / "pip").exists() and _was_made_here():
        return
    if VENV.is_symlink():
        # Another checkout's: cleared, it would be gone there.
        VENV.unlink()
    # Without --clear a half-made environment, or one from another place, would be kept.
    made = _run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if made.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise InstallError(
            f"Python could not make .venv; on Debian and Ubuntu it needs "
            f"`apt-get install python{version}-venv`. It said: {_last_line(made.stdout)}"
        )


def _was_made_here() -> bool:
    """Say whether .venv is of this Python and this folder: its scripts name both."""
    notes = dict(
        line.split(" = ", 1)
        for line in (VENV / "pyvenv.cfg").read_text().splitlines()
        if " = " in line
    )
    return notes.get("command", "").endswith(str(VENV)) and notes.get("version", "").startswith(
        f"{sys.version_info[0]}.{sys.version_info[1]}."
    )


def _install(python: Path) -> None:
    """Install the lock file, trying twice: registries hiccup.

    uv is quick, but reads none of pip's settings. Where only pip knows the way to the
    registry, pip does it.
    """
    uv = [str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--python", str(python)]
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    locked = ["--require-hashes", "-r", str(LOCK_FILE)]
    if _install_uv(pip) and _run([*uv, *locked]).returncode == 0:
        return
    for _attempt in range(2):
        result = _run([*pip, *locked])
        if result.returncode == 0:
            return
    raise InstallError(f"The packages could not be installed: {_last_line(result.stdout)}")


def _install_uv(pip: Sequence[str]) -> bool:
    """Install uv alone, with the lock file's own version and hashes."""
    if (VENV / "bin" / "uv").exists():
        return True
    lines = LOCK_FILE.read_text().splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("uv=="))
    block = [lines[start]]
    for line in lines[start + 1 :]:
        if not line.startswith("    --hash"):
            break
        block.append(line)
    only_uv = VENV / "uv.txt"
    only_uv.write_text("\n".join(block).rstrip("\\") + "\n")
    return any(
        _run([*pip, "--require-hashes", "-r", str(only_uv)]).returncode == 0 for _try in range(2)
    )


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        command,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def _environment() -> dict[str, str]:
    environment = {**os.environ}
    environment.pop("VIRTUAL_ENV", None)
    environment.pop("PYTHONHOME", None)
    home = Path(environment.get("HOME", "/nonexistent"))
    if "UV_CACHE_DIR" not in environment and not os.access(home, os.W_OK):
        environment["UV_CACHE_DIR"] = str(ROOT / "var" / "cache" / "uv")
    return environment


def _last_line(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else "nothing"
