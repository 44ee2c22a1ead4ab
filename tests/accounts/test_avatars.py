import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.profile.avatars import INK, TONES, draw_avatar, ground_color, initials_of


def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("tone", range(TONES))
def test_the_initials_can_be_read_on_every_ground(tone):
    contrast = (_luminance(INK) + 0.05) / (_luminance(ground_color(tone)) + 0.05)

    assert contrast >= 4.5


@given(st.text(min_size=1, max_size=30), st.text(max_size=100))
def test_any_name_gives_well_formed_markup_without_style(username, full_name):
    svg = draw_avatar(User(username=username, full_name=full_name.replace("\x00", "")))

    assert "style" not in svg.replace(username, "")
    assert re.fullmatch(r"<svg .*</svg>", svg, re.DOTALL)


def test_the_same_name_gives_the_same_picture_and_another_one_another():
    pictures = [draw_avatar(User(username=name)) for name in ("ada", "ada", "mira")]

    assert pictures[0] == pictures[1] != pictures[2]


def test_the_picture_is_decoration_for_those_who_listen():
    root = ElementTree.fromstring(draw_avatar(User(username="ada"), size=64))

    assert root.attrib["aria-hidden"] == "true"
    assert root.attrib["width"] == "64"


@pytest.mark.parametrize(
    ("full_name", "initials"),
    [
        ("Ada Lovelace", "AL"),
        ("Ada", "A"),
        ("", "AD"),
        ("João de Barros", "JB"),
        ("… !", "AD"),
        ("田中 さくら", "田さ"),
        ("<b> Bold", "B"),
        ("ß x", "SS"),
    ],
)
def test_initials_are_of_the_first_and_last_word(full_name, initials):
    assert initials_of("ada", full_name) == initials
