"""The steps of `make check`: what they note, and what is said at the end."""

from __future__ import annotations

import os
import subprocess

import pytest

from devtools.processes import ROOT


@pytest.fixture
def make(tmp_path):
    """Run steps without Chromium and faketime, and note failures in a file of this test."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        script = tmp_path / name
        script.write_text("#!/bin/sh\nexit 1\n")
        script.chmod(0o755)

    def make(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        # What the make that runs the tests was told is not for this one.
        outside = {name: text for name, text in os.environ.items() if "MAKE" not in name}
        outside |= {"CI": "", "OCTAVO_CHROMIUM": "", **environment}
        outside["PATH"] = f"{tmp_path}:{os.environ['PATH']}"
        command = ["make", "-s", f"FAILED={tmp_path / 'failed'}", "FAKETIME=", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=outside, capture_output=True, text=True, check=False
        )

    return make


def test_a_step_that_fails_shows_why_and_the_next_one_runs(make):
    done = make("lint", "imports", RUFF_OUTPUT_FORMAT="unknown")

    assert done.returncode == 0
    assert "lint: FAILED" in done.stdout
    assert "invalid value 'unknown'" in done.stdout
    assert "imports:" in done.stdout


def test_the_end_names_what_failed(make, tmp_path):
    (tmp_path / "failed").write_text("lint\nunit tests\n")

    done = make("conclusion")

    assert done.returncode != 0
    assert done.stderr.startswith("Failed: lint,unit tests.")


def test_the_end_says_that_everything_passed(make, tmp_path):
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\n")

    assert make("conclusion", "FAKETIME=/usr/bin/faketime").stdout == "Everything passed.\n"


def test_a_browser_that_does_not_run_is_none(make):
    done = make("browser", "conclusion")

    assert done.returncode == 0
    assert "Did not run: browser tests (no Chromium" in done.stdout


def test_in_ci_a_browser_is_a_part_of_the_promise(make):
    done = make("browser", "conclusion", CI="true")

    assert done.returncode != 0
    assert "Failed: browser tests (no Chromium" in done.stderr


def test_without_faketime_other_days_do_not_run(make):
    done = make("dates", "conclusion")

    assert done.returncode == 0
    assert "Did not run: tests on other days (no faketime" in done.stdout


def test_in_ci_other_days_are_a_part_of_the_promise(make):
    done = make("dates", "conclusion", CI="true")

    assert done.returncode != 0
    assert "Failed: tests on other days (no faketime" in done.stderr
