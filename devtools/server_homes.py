"""Where an embedded server may live, and as whom it runs.

Postgres refuses to run as root. Root's servers therefore run as `nobody`, who can neither
enter a closed home folder nor run programs in it; opening somebody's home to everybody
would be the wrong answer, so what `nobody` needs is then kept in a folder outside.
"""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

# The sun_path of macOS holds 104 bytes, that of Linux 108; ".s.PGSQL.5432" is the longest name.
LONGEST_SOCKET_FOLDER = 88


class EmbeddedError(Exception):
    """A server cannot run here. The message is fit to show."""


@dataclass(frozen=True)
class Account:
    """The system account that a server runs as."""

    uid: int
    gid: int

    def popen_arguments(self) -> dict[str, Any]:
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        if self.uid != os.geteuid():
            os.chown(path, self.uid, self.gid)


def postgres_account() -> Account:
    """Return who runs Postgres: the caller, unless that is root."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError(
            "Postgres does not run as root and there is no account `nobody` to run it; "
            "start Octavo as an ordinary user, or set DATABASE_URL."
        ) from None
    return Account(nobody.pw_uid, nobody.pw_gid)


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
        remove(link.resolve())
    link.unlink(missing_ok=True)


def _is_home_of(link: Path, folder: Path) -> bool:
    note = link / "owner"
    return link.is_symlink() and note.is_file() and note.read_text() == _name_of(folder)


def _name_of(folder: Path) -> str:
    return f"{folder.stat().st_dev}:{folder.stat().st_ino}"


def socket_folder(home: Path, account: Account) -> Path:
    """Return a folder for sockets that only the account may enter, with a path short enough."""
    folder = home / "sockets"
    if len(os.fsencode(folder)) > LONGEST_SOCKET_FOLDER:
        folder = Path(tempfile.mkdtemp(prefix="octavo-"))
    folder.mkdir(mode=0o700, exist_ok=True)
    account.own(folder)
    return folder


def remove(folder: Path) -> None:
    """Remove a folder of a server, which may not be there."""
    if folder.is_dir():
        shutil.rmtree(folder)


def is_server_of(pid: int, program: str, data: Path) -> bool:
    """Say whether this process is the program, at work in that data folder."""
    try:
        process = psutil.Process(pid)
        return process.name() == program and Path(process.cwd()) == data.resolve()
    except psutil.Error:
        return False
