"""The servers that tests talk to: real ones, a throwaway pair unless the environment names others.

The parallel workers, which inherit the environment, share the pair.
"""

from __future__ import annotations

import atexit
import os
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from devtools.embedded import running_services

_running = ExitStack()


def ensure_services() -> None:
    """Name a Postgres and a Redis in the environment, starting them if need be."""
    if "DATABASE_URL" in os.environ and "REDIS_URL" in os.environ:
        return
    # For the servers' logs; the data is elsewhere, and both go with this process.
    folder = Path(_running.enter_context(TemporaryDirectory(prefix="octavo-pytest-")))
    services = _running.enter_context(running_services(folder, durable=False))
    atexit.register(_running.close)
    os.environ.setdefault("DATABASE_URL", services.database_url)
    os.environ.setdefault("REDIS_URL", services.redis_url)
