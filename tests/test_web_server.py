"""What the web server's door adds to the settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def options_after(module: str) -> str:
    """Return what a fresh process that begins with the module asks of Postgres."""
    code = (
        f"import {module}; from django.conf import settings;"
        "print(settings.DATABASES['default']['OPTIONS']['options'])"
    )
    clean = {name: text for name, text in os.environ.items() if not name.startswith("DATABASE_")}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, check=True)
    return done.stdout


def test_a_statement_of_the_web_ends_before_its_reader_gives_up():
    options = options_after("config.wsgi")

    assert "statement_timeout=10000" in options
    assert "lock_timeout=5000" in options


def test_a_statement_of_a_worker_takes_as_long_as_it_takes():
    assert "statement_timeout=0" in options_after("config.celery")
