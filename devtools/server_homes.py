"""Data folders and accounts of embedded servers.

Postgres refuses to run as root. For root it therefore runs as `nobody`, who can neither enter a
private home folder nor run programs in it. Instead of opening a home to everybody, what
`nobody` needs is then kept in a folder outside.
"""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

if TYPE_CHECKING:
    import signal

STOP_SECONDS = 30


class EmbeddedError(Exception):
    """A server cannot run here. The message is fit to show."""


def account_of_postgres() -> dict[str, Any]:
    """Return arguments for Popen to run Postgres as the caller, or for root as `nobody`."""
    if os.geteuid() != 0:
        return {}
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError(
            "Postgres does not run as root and there is no account `nobody` to run it; "
            "start Octavo as an ordinary user, or set DATABASE_URL."
        ) from None
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def give_to_postgres(path: Path) -> None:
    if account := account_of_postgres():
        os.chown(path, account["user"], account["group"])


def server_home(folder: Path) -> Path:
    """Return the folder itself, or for root the one outside if others cannot enter it.

    Existing data stays where it is, even if permissions of parent folders have changed.
    """
    if os.geteuid() != 0:
        return folder
    if _is_home_of(folder / "outside", folder):
        return outside_home(folder)
    if is_open_to_all(folder):
        return folder
    if (folder / "postgres").is_dir():
        raise EmbeddedError(
            f"There is data in {folder}, and Postgres, which runs as `nobody`, can no longer "
            "get there: let others enter the folders above again (chmod o+x)."
        )
    return outside_home(folder)


def is_open_to_all(folder: Path) -> bool:
    resolved = folder.resolve()
    return all(path.stat().st_mode & 0o001 for path in [resolved, *resolved.parents])


def outside_home(folder: Path) -> Path:
    """Return root's folder outside for this folder, created at the first call.

    A link in the folder points to it. The note inside names the owner, so that a copy of the
    folder, which contains the link too, does not write into the original's data.
    """
    link = folder / "outside"
    if _is_home_of(link, folder):
        return link.resolve()
    # Prefer another to /var/tmp: some systems delete files there unused for a month.
    parents = [Path("/var/lib"), Path("/var/tmp")]  # noqa: S108
    parent = next((path for path in parents if os.access(path, os.W_OK)), None)
    home = Path(tempfile.mkdtemp(prefix="octavo-", dir=parent))
    home.chmod(0o711)
    (home / "owner").write_text(_name_of(folder))
    link.unlink(missing_ok=True)
    link.symlink_to(home)
    return home


def forget_outside_home(folder: Path) -> None:
    link = folder / "outside"
    if _is_home_of(link, folder):
        shutil.rmtree(link.resolve())
    link.unlink(missing_ok=True)


def _is_home_of(link: Path, folder: Path) -> bool:
    note = link / "owner"
    return link.is_symlink() and note.is_file() and note.read_text() == _name_of(folder)


def _name_of(folder: Path) -> str:
    return f"{folder.stat().st_dev}:{folder.stat().st_ino}"


def end_the_last_run(note: Path, program: str, *, stop_signal: signal.Signals) -> None:
    """Stop a server of this data folder that outlived its parent and its guard.

    After a restart of the machine, the pid in its note may be another program's. Postgres
    trusts it all the same, and would not start.
    """
    words = note.read_text().split() if note.exists() else []
    if words and words[0].isdigit():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            server = psutil.Process(int(words[0]))
            if server.name() == program and Path(server.cwd()) == note.parent.resolve():
                server.send_signal(stop_signal)
                server.wait(STOP_SECONDS)
    note.unlink(missing_ok=True)
