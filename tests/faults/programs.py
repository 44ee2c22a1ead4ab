"""What campaigns run and kill."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from devtools.embedded import remove_data

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]


def start(*arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    """Start a Python program in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, start_new_session=True, **options
    )


@contextmanager
def running(*arguments: str, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Python program until the block ends."""
    process = start(*arguments, **({"stdout": subprocess.PIPE} | options))
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def campaign_folder() -> Iterator[Path]:
    """Yield a folder for the servers' data, removed when the campaign ends."""
    # Ended from outside, it must still end what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    # Postgres does not run as root, and must be able to walk in.
    folder = Path(tempfile.mkdtemp(prefix="octavo-campaign-", dir="/var/tmp"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        remove_data(folder)
