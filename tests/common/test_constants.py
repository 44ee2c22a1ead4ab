"""Fragments that are rendered once."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.template.loader import get_template

from common.templatetags import constants
from tests.test_conventions import ROOT

NAMED = sorted(
    {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'{% constant "([^"]+)" %}', path.read_text())
    }
)


@pytest.mark.parametrize("name", NAMED)
def test_a_constant_fragment_reads_nothing_of_the_reader(name):
    source = get_template(name).template.source

    assert not re.search(r"\b(request|user|csrf_token|messages|theme)\b", source.partition("#}")[2])


def test_a_constant_fragment_is_rendered_once(settings):
    settings.DEBUG = False
    constants._rendered.cache_clear()
    for _ in range(3):
        constants.constant(NAMED[0])

    assert constants._rendered.cache_info().misses == 1


@pytest.mark.parametrize("name", NAMED)
def test_a_constant_fragment_does_not_change_with_the_day(name):
    with time_machine.travel("2026-11-20", tick=False):
        today = constants._render(name)

    with time_machine.travel("2027-03-01", tick=False):
        assert constants._render(name) == today
