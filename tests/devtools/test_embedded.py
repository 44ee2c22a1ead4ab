"""The embedded servers: what they promise, and that nothing outlives its master."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil
import psycopg
import pytest
import redis

from devtools import server_homes
from devtools.embedded import EmbeddedError, remove_data, running_services
from devtools.processes import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MASTER = """
import sys, time
from pathlib import Path
from devtools.embedded import running_services
with running_services(Path(sys.argv[1]), durable=True) as services:
    print(services.database_url, services.redis_url, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    folder.mkdir()
    yield folder
    remove_data(folder)


def _pid_of_postgres(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_read_file('postmaster.pid')").fetchone()
        assert row is not None
        return int(row[0].splitlines()[0])


def is_alive(pid: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def _wait_until(is_true, seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not is_true():
        time.sleep(0.02)
    return is_true()


def test_durable_servers_keep_their_data(folder):
    with running_services(folder, durable=True) as first:
        with psycopg.connect(first.database_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        redis.Redis.from_url(first.redis_url).set("kept", "one")

    with running_services(folder, durable=True) as again:
        with psycopg.connect(again.database_url) as connection:
            assert connection.execute("SELECT one FROM kept").fetchone() == (1,)
        assert redis.Redis.from_url(again.redis_url).get("kept") == b"one"


@pytest.mark.parametrize("name", ["fsync", "full_page_writes", "synchronous_commit"])
def test_durable_postgres_keeps_every_promise(folder, name):
    with (
        running_services(folder, durable=True, redis_url="redis://given") as services,
        psycopg.connect(services.database_url) as connection,
    ):
        assert connection.execute(f"SHOW {name}").fetchone() == ("on",)


def test_the_extensions_that_the_site_needs_are_there(folder):
    with (
        running_services(folder, durable=False, redis_url="redis://given") as services,
        psycopg.connect(services.database_url) as connection,
    ):
        for name in ("vector", "pg_trgm", "unaccent"):
            connection.execute(f"CREATE EXTENSION {name}")


def test_valkey_never_drops_a_message_to_save_memory(folder):
    with running_services(folder, durable=False, database_url="postgres://given") as services:
        policy = redis.Redis.from_url(services.redis_url).config_get("maxmemory-policy")

    assert policy == {"maxmemory-policy": "noeviction"}


def test_valkey_refuses_whoever_does_not_know_the_password(folder):
    with running_services(folder, durable=False, database_url="postgres://given") as services:
        port = int(services.redis_url.rpartition(":")[2].partition("/")[0])

        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=port).ping()


def test_two_throwaway_runs_share_nothing(folder):
    with (
        running_services(folder, durable=False) as one,
        running_services(folder, durable=False) as other,
    ):
        assert one.database_url != other.database_url
        assert one.redis_url != other.redis_url


def test_a_folder_has_one_owner_at_a_time(folder):
    given = {"database_url": "postgres://given", "redis_url": "redis://given"}
    with (
        running_services(folder, durable=True, **given),
        pytest.raises(EmbeddedError, match="already running"),
        running_services(folder, durable=True, **given),
    ):
        pass


def test_the_servers_end_with_a_killed_master_and_start_again(folder):
    master = subprocess.Popen(
        [sys.executable, "-c", MASTER, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    database_url = master.stdout.readline().split()[0]
    pid = _pid_of_postgres(database_url)

    master.kill()
    master.wait()

    assert _wait_until(lambda: not is_alive(pid))
    with running_services(folder, durable=True) as services:
        assert _pid_of_postgres(services.database_url) != pid


def test_a_pid_file_that_names_another_program_is_no_obstacle(folder):
    with running_services(folder, durable=True, redis_url="redis://given"):
        home = server_homes.server_home(folder)
    # This very process has the number, as after a restart of the machine.
    (home / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{home}\n0\n5432\n\n\n\n")

    with running_services(folder, durable=True, redis_url="redis://given") as services:
        assert _pid_of_postgres(services.database_url) != os.getpid()


def test_a_long_path_does_not_break_the_socket(tmp_path):
    folder = tmp_path / ("long" * 30)
    try:
        with (
            running_services(folder, durable=True, redis_url="redis://given") as services,
            psycopg.connect(services.database_url) as connection,
        ):
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        remove_data(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers live elsewhere")
def test_root_opens_no_closed_folder(tmp_path):
    tmp_path.chmod(0o700)
    folder = tmp_path / "data"

    with running_services(folder, durable=True, redis_url="redis://given"):
        mode = tmp_path.stat().st_mode & 0o777
    outside = server_homes.server_home(folder)
    remove_data(folder)

    assert (mode, outside.exists()) == (0o700, False)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers live elsewhere")
def test_roots_data_stays_where_it_is_when_the_folder_is_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(server_homes, "is_open_to_all", lambda _folder: False)
    outside = server_homes.server_home(tmp_path)
    monkeypatch.setattr(server_homes, "is_open_to_all", lambda _folder: True)

    again = server_homes.server_home(tmp_path)
    server_homes.forget_outside_home(tmp_path)

    assert again == outside


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers live elsewhere")
def test_roots_data_is_not_begun_anew_when_the_folder_is_closed(tmp_path, monkeypatch):
    (tmp_path / "postgres").mkdir()
    monkeypatch.setattr(server_homes, "is_open_to_all", lambda _folder: False)

    with pytest.raises(EmbeddedError, match="chmod"):
        server_homes.server_home(tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers live elsewhere")
def test_a_copy_of_a_checkout_does_not_throw_the_originals_data_away(tmp_path):
    original, copy = tmp_path / "original", tmp_path / "copy"
    original.mkdir()
    home = server_homes.outside_home(original)
    shutil.copytree(original, copy, symlinks=True)

    remove_data(copy)

    assert home.exists()
    remove_data(original)
    assert not home.exists()


def test_a_stop_is_a_clean_one(folder):
    with running_services(folder, durable=True, redis_url="redis://given"):
        pass

    assert "database system is shut down" in (folder / "postgres.log").read_text()
    remove_data(folder)
    assert not folder.exists()


def test_the_guard_spares_what_was_released():
    script = (
        "import os, signal, subprocess\n"
        "from devtools.processes import Process\n"
        "kids = [Process(['sleep', '60'], stdout=subprocess.DEVNULL) for _ in '12']\n"
        "kids[0]._guard.kill()\n"
        "print(kids[0].pid, kids[1].pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    spared, watched = map(int, ended.stdout.split())

    assert _wait_until(lambda: not is_alive(watched))
    assert is_alive(spared)
    os.kill(spared, signal.SIGKILL)
