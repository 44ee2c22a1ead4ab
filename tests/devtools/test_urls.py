"""The pages for developers, and that a site in use does not have them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from devtools.processes import ROOT

RESOLVE = """
import sys, django
django.setup()
from django.urls import Resolver404, resolve
try:
    resolve(sys.argv[1])
except Resolver404:
    print("unknown")
"""


@pytest.mark.django_db
def test_the_parts_are_shown_in_both_themes(client):
    content = client.get("/about/design").content.decode()

    assert 'data-theme="light"' in content
    assert 'data-theme="dark"' in content


@pytest.mark.parametrize("path", ["/about/design", "/mail/", "/mail/20261122-1"])
def test_a_site_in_use_does_not_know_the_address(path):
    production = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "OCTAVO_ENV": "production",
        "SECRET_KEY": "x" * 60,
        "SITE_URL": "https://octavo.example.org",
    }

    done = subprocess.run(
        [sys.executable, "-c", RESOLVE, path],
        cwd=ROOT, env=production, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout == "unknown\n"
