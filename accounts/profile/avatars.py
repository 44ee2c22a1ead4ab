"""Avatars drawn from members' names: no uploads, no external host."""

from __future__ import annotations

import colorsys
import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from accounts.names.usernames import username_key

if TYPE_CHECKING:
    from accounts.models import User

INK = "#ffffff"
# As many hues as people can distinguish. A member always has the same one.
TONES = 12
_GRID = 4
_CELL = 10


def draw_avatar(user: User, *, size: int = 40) -> SafeString:
    """Return an SVG of the member's initials on a pattern. The same name gives the same picture.

    Colours are attributes of the shapes, because the site's policy allows no style
    attribute.
    """
    return _drawn(user.username, user.full_name, size)


# Every page for a member shows their own avatar.
@lru_cache(maxsize=4096)
def _drawn(username: str, full_name: str, size: int) -> SafeString:
    return format_html(
        '<svg class="avatar" width="{size}" height="{size}" viewBox="0 0 40 40"'
        ' aria-hidden="true" focusable="false"><rect width="40" height="40" fill="{ground}"/>'
        '<path d="{pattern}" fill="{shade}"/><text x="20" y="26" font-size="16"'
        ' font-weight="600" text-anchor="middle" fill="{ink}">{initials}</text></svg>',
        size=size,
        ground=ground_color(tone_of(username)),
        pattern=mark_safe(_pattern(_seed(username))),  # noqa: S308 - numbers and letters made here
        shade=_shade(tone_of(username)),
        ink=INK,
        initials=initials_of(username, full_name),
    )


def initials_of(username: str, full_name: str) -> str:
    """Return one or two letters: from the first and last word of the name, or from the username."""
    words = [word for word in full_name.split() if word[0].isalnum()]
    if not words:
        return username[:2].upper()
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()[:2]


def tone_of(username: str) -> int:
    """Return the member's index into TONES."""
    return _seed(username)[0] % TONES


def ground_color(tone: int) -> str:
    """Return a dark, muted colour on which white letters have a contrast of 4.5 in every hue."""
    return _color(tone, lightness=0.32)


def _shade(tone: int) -> str:
    # Darker than the ground, so that the pattern can only raise the contrast.
    return _color(tone, lightness=0.26)


def _seed(username: str) -> bytes:
    return hashlib.sha256(username_key(username).encode()).digest()


def _color(tone: int, *, lightness: float) -> str:
    channels = colorsys.hls_to_rgb(tone / TONES, lightness, 0.42)
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)


def _pattern(seed: bytes) -> str:
    """Return triangles in a grid, mirrored left to right so that they form one figure."""
    triangles = []
    for row in range(_GRID):
        for column in range(_GRID // 2):
            corner = seed[2 + row * 2 + column] % 5
            triangles += [_triangle(column, row, corner)]
            triangles += [_triangle(_GRID - 1 - column, row, (1, 0, 3, 2, 4)[corner])]
    return "".join(triangles)


def _triangle(column: int, row: int, corner: int) -> str:
    """Return half of a cell, with its right angle in the numbered corner; 4 leaves it empty."""
    left, top = column * _CELL, row * _CELL
    corners = [(0, 0), (_CELL, 0), (0, _CELL), (_CELL, _CELL)]
    if corner == 4:
        return ""
    points = [point for index, point in enumerate(corners) if index != 3 - corner]
    return "M" + "L".join(f"{left + x} {top + y}" for x, y in points) + "Z"
