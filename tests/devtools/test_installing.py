"""The virtual environment, made where it is needed and nowhere else."""

from __future__ import annotations

import subprocess

import pytest

from devtools import installing
from devtools.processes import ROOT

DONE = subprocess.CompletedProcess([], 0, stdout="")


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with an environment that holds what its lock file names."""
    (tmp_path / "requirements-dev.txt").write_text("django==5.2\nuv==1.0\n")
    bin_folder = tmp_path / ".venv" / "bin"

    def run(command):
        if "venv" in command:
            bin_folder.mkdir(parents=True, exist_ok=True)
            (bin_folder / "python").touch()
        return DONE

    monkeypatch.setattr(installing, "_run", run)
    installing.prepare(tmp_path)
    return tmp_path


@pytest.fixture
def commands(checkout, monkeypatch):
    """What is run from now on, without running it."""
    commands = []

    def run(command):
        commands.append(" ".join(command))
        return DONE

    monkeypatch.setattr(installing, "_run", run)
    return commands


def test_an_installed_environment_is_left_alone(checkout, commands):
    installing.prepare(checkout)

    assert commands == []


def test_a_changed_lock_file_is_installed_into_the_environment_that_is_there(checkout, commands):
    (checkout / "requirements-dev.txt").write_text("django==5.3\nuv==1.0\n")

    installing.prepare(checkout)

    assert [command for command in commands if "requirements-dev.txt" in command]
    assert not [command for command in commands if "-m venv" in command]


def test_an_environment_that_was_moved_is_made_anew(checkout, commands):
    moved = checkout.parent / "moved"
    checkout.rename(moved)

    installing.prepare(moved)

    assert commands[0].endswith(f"-m venv --clear {moved / '.venv'}")


def test_an_environment_that_is_half_made_is_made_anew(checkout, commands):
    (checkout / ".venv" / "installed").unlink()

    installing.prepare(checkout)

    assert "-m venv --clear" in commands[0]


def test_what_only_pip_can_reach_is_installed_by_pip(checkout, monkeypatch):
    commands = []

    def run(command):
        commands.append(" ".join(command))
        return subprocess.CompletedProcess([], int("/uv" in command[0]), stdout="no route")

    monkeypatch.setattr(installing, "_run", run)
    (checkout / ".venv" / "installed").unlink()

    installing.prepare(checkout)

    assert "-m pip install" in commands[-1]
    assert commands[-1].endswith(
        "--require-hashes --requirement " + str(checkout / "requirements-dev.txt")
    )


def test_an_environment_borrowed_from_another_checkout_is_left_as_it_is(tmp_path):
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    (theirs / "bin").mkdir(parents=True)
    (theirs / "bin" / "python").touch()
    ours.symlink_to(theirs)

    installing._make_venv(ours)

    assert [path.name for path in (theirs / "bin").iterdir()] == ["python"]
    assert (ours / "bin" / "python").exists()
    assert not ours.is_symlink()


def _make_with(python: str, tmp_path) -> subprocess.CompletedProcess[str]:
    program = tmp_path / "python"
    program.write_text(python)
    program.chmod(0o755)
    return subprocess.run(
        ["make", "installed", f"PYTHON={program}"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_python_that_is_too_old_is_one_sentence(tmp_path):
    old = '#!/bin/sh\n[ "$1" = -V ] && echo Python 3.9.2 && exit\nexit 1\n'

    done = _make_with(old, tmp_path)

    assert done.returncode != 0
    assert "Octavo needs Python 3.11 or newer, and this is Python 3.9.2." in done.stderr


def test_what_is_started_writes_utf8_in_any_locale(tmp_path):
    done = _make_with('#!/bin/sh\necho "utf8=$PYTHONUTF8"\n', tmp_path)

    assert "utf8=1" in done.stdout
