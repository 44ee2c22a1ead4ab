"""The colours of code can be read in both themes, and the sheet knows every class."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from discussions.markdown.highlighting import CLASSES

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
TOKEN = re.compile(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
COLOURS = {
    name: (light, dark)
    for sheet in ("octavo.css", "writing.css")
    for name, light, dark in TOKEN.findall((CSS / sheet).read_text())
}


def luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", [name for name in COLOURS if name.startswith("hl-")])
@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["wash", "leaf"])
def test_code_can_be_read_on_both_grounds(name, theme, ground):
    assert contrast(COLOURS[name][theme], COLOURS[ground][theme]) >= 4.5


def test_every_kind_of_token_has_its_colour():
    written = set(re.findall(r"\.(hl-[a-z]+) \{ color: var\(--hl-[a-z]+\)", _sheet()))

    assert written == CLASSES


@pytest.mark.parametrize(
    "name",
    [
        "display-maths",
        "is-centered",
        "is-end",
        "mention",
        "note-back",
        "note-mark",
        "notes",
        "quoted",
        "table-box",
        "task",
    ],
)
def test_every_class_of_a_comment_is_dressed(name):
    assert f".{name}" in _sheet()


def _sheet() -> str:
    return (CSS / "writing.css").read_text()
