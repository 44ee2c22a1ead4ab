"""Where an embedded server keeps its data, and as whom it runs.

Postgres refuses to run as root. Root's Postgres therefore runs as `nobody`, who can neither
enter a closed home folder nor run programs in it; opening somebody's home to everybody
would be the wrong answer, so what `nobody` needs is then kept in a folder outside.
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
    """Return arguments of Popen that make Postgres run as the caller, or for root as `nobody`."""
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
    """Return the folder itself, or for root the one outside when others cannot enter it.

    Where data lies already, it stays, though the permissions above have changed since.
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
    """Return root's folder outside for this folder, made at the first call.

    A link in the folder remembers it. The note inside says whose it is, so that a copy of
    the folder, which has the link as well, does not write into the original's data.
    """
    link = folder / "outside"
    if _is_home_of(link, folder):
        return link.resolve()
    # Not /var/tmp if there is a choice: some systems empty it of what lay still for a month.
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
    """Stop a server of this data folder that outlived its master and its guard.

    The number in its note may be another program's since a restart of the machine. Postgres
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
