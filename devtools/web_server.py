"""The command of the web server."""

from __future__ import annotations

import sys

APPS = ("config", "groups", "discussions", "papers", "accounts", "common")
# Fewer than the database connections in the pool of each worker (config/wsgi.py).
THREADS = 4
WORKERS = 2


def web_command(server: str, *, port: int, reloads: bool) -> list[str]:
    """Return the command to serve the site on loopback, reloading if asked to."""
    if server == "gunicorn":
        return _gunicorn(port, reloads=reloads)
    return _granian(port, reloads=reloads)


def _granian(port: int, *, reloads: bool) -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    command += ["--workers", str(WORKERS), "--blocking-threads", str(THREADS)]
    command += ["--workers-kill-timeout", "10"]
    if reloads:
        # After an error in the code, the server must wait for the file to change again.
        command += ["--reload", "--reload-ignore-worker-failure"]
        # Templates and styles are reread at each request; only Python needs a restart.
        command += ["--reload-ignore-patterns", r"(?<!\.py)$"]
        for app in APPS:
            command += ["--reload-paths", app]
    else:
        command += ["--respawn-failed-workers"]
    return [*command, "config.wsgi:application"]


def _gunicorn(port: int, *, reloads: bool) -> list[str]:
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS)]
    command += ["--log-level", "warning", "--graceful-timeout", "10"]
    if reloads:
        command += ["--reload"]
    return [*command, "config.wsgi:application"]
