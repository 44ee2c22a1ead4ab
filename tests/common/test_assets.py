"""Scripts and style sheets carry the digest of what was collected."""

from __future__ import annotations

import base64
import hashlib

import pytest
from django.core.management import call_command

from common.templatetags import assets


@pytest.fixture
def collected(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    assets._digest.cache_clear()
    assets._tag_once.cache_clear()
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["admin"])
    yield tmp_path
    assets._digest.cache_clear()
    assets._tag_once.cache_clear()


def test_the_digest_is_that_of_the_file_the_browser_gets(collected):
    tag = assets.script("js/octavo.js")

    file = next((collected / "js").glob("octavo.*.js"))
    digest = base64.b64encode(hashlib.sha384(file.read_bytes()).digest()).decode()
    assert f'src="/static/js/{file.name}"' in tag
    assert f'integrity="sha384-{digest}"' in tag


def test_in_development_a_file_may_change_under_the_page(settings):
    settings.DEBUG = True

    assert "integrity" not in assets.stylesheet("css/octavo.css")


def test_a_file_that_was_not_collected_has_no_digest(settings, tmp_path):
    assets._digest.cache_clear()
    assets._tag_once.cache_clear()

    assert assets._digest("css/no-such-file.css") == ""
