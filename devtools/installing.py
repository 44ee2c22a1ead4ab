"""Creates the virtual environment, and updates it when the lock file changes.

Runs before anything is installed, so it uses only the standard library.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent


def prepare(root: Path) -> None:
    """Create .venv and install the lock file's packages, unless done already.

    The note in .venv says what was installed, where and for which Python: an incomplete or
    moved environment is created again.
    """
    venv, lock_file = root / ".venv", root / "requirements-dev.txt"
    note = venv / "installed"
    place = f"{venv} {sys.version_info[:2]}"
    wanted = f"{place}\n{hashlib.sha256(lock_file.read_bytes()).hexdigest()}"
    try:
        (root / "var").mkdir(exist_ok=True)
        lock = (root / "var" / "install.lock").open("a")
    except OSError as error:
        sys.exit(f"Octavo keeps its data in {root / 'var'}: {error.strerror}.")
    with lock:
        # Concurrent `make start` and `make test` must not install at the same time.
        fcntl.flock(lock, fcntl.LOCK_EX)
        noted = note.read_text() if note.exists() else ""
        if noted == wanted and (venv / "bin" / "python").exists():
            return
        began = time.monotonic()
        sys.stdout.write("Installing packages into .venv\n")
        sys.stdout.flush()
        if not noted.startswith(f"{place}\n"):
            _make_venv(venv)
        note.unlink(missing_ok=True)
        _install(venv, lock_file)
        note.write_text(wanted)
        sys.stdout.write(f"  packages installed in {time.monotonic() - began:.1f} s\n")


def _make_venv(venv: Path) -> None:
    if venv.is_symlink():
        # Belongs to another checkout: clearing it would break that one.
        venv.unlink()
    made = _run([sys.executable, "-m", "venv", "--clear", str(venv)])
    if made.returncode != 0:
        shutil.rmtree(venv, ignore_errors=True)
        sys.exit(
            f"Python could not make .venv; on Debian and Ubuntu it needs `apt-get install "
            f"python{sys.version_info[0]}.{sys.version_info[1]}-venv`. "
            f"It said: {_last_line(made.stdout)}"
        )


def _install(venv: Path, lock_file: Path) -> None:
    """Install the lock file with uv, or with pip if only pip is configured for the registry."""
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    pip += ["--disable-pip-version-check", "--require-hashes", "--requirement"]
    uv = [str(venv / "bin" / "uv"), "pip", "install", "--quiet", "--python", str(venv)]
    uv += ["--require-hashes", "--requirement"]
    # uv alone comes first, with the version and the hashes of the lock file.
    uv_alone = venv / "uv.txt"
    pinned = re.search(r"^uv==.*?(?=^\S|\Z)", lock_file.read_text(), re.MULTILINE | re.DOTALL)
    uv_alone.write_text(pinned.group() if pinned else "")
    got_uv = _run([*pip, str(uv_alone)]).returncode == 0
    if got_uv and _run([*uv, str(lock_file)]).returncode == 0:
        return
    # Retried, since registries fail now and then.
    for _attempt in range(2):
        result = _run([*pip, str(lock_file)])
        if result.returncode == 0:
            return
    sys.exit(f"The packages could not be installed: {_last_line(result.stdout)}")


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def _last_line(output: str) -> str:
    return (output.strip().splitlines() or ["nothing"])[-1].strip()


if __name__ == "__main__":
    try:
        prepare(ROOT)
    except KeyboardInterrupt:
        sys.exit("Stopped while installing; the next start goes on from here.")
