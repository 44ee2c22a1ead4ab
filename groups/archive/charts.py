"""Small charts as SVG shapes, without scripts or inline styles.

Pure functions from numbers to positions. Charts are 360 units wide, the width of a phone, and take
their colors from the page, so that they fit every theme.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 360
HEIGHT = 160
# Space above the columns for the highest figure, and below for the first and last label.
_TOP = 18
_BOTTOM = 20
_ROW = 26
_BAR = 12
_LABEL_LENGTH = 46
_WIDEST_COLUMN = 28.0
_END = 40


@dataclass(frozen=True)
class Shape:
    """A rectangle and the position of its label."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: int

    @property
    def value_x(self) -> float:
        return round(self.x + self.width + 6, 1)

    @property
    def text_y(self) -> float:
        return round(self.y + self.height - 2, 1)

    @property
    def label_y(self) -> float:
        return round(self.y - 4, 1)


@dataclass(frozen=True)
class ChartLevel:
    """A level across the columns, with its figure."""

    y: float
    label: str


@dataclass(frozen=True)
class Chart:
    """Shapes in a box of `width` by `height`; `words` describe the chart as text."""

    name: str
    title: str
    words: str
    height: int
    shapes: list[Shape]
    is_columns: bool = False
    line: ChartLevel | None = None
    first: str = ""
    last: str = ""
    width: int = WIDTH

    @property
    def bottom(self) -> int:
        return HEIGHT - _BOTTOM

    @property
    def label_at(self) -> int:
        return HEIGHT - 4


def columns(
    name: str,
    title: str,
    values: Sequence[tuple[str, int]],
    *,
    level: float | None = None,
    words: str = "",
) -> Chart:
    """Draw values over time as columns, oldest at the left, with a line at `level`."""
    highest = max([value for _, value in values], default=0) or 1
    room = HEIGHT - _TOP - _BOTTOM
    step = min(_WIDEST_COLUMN, WIDTH / len(values)) if values else WIDTH
    gap = step / 5
    shapes = []
    for place, (label, value) in enumerate(values):
        height = round(room * value / highest, 1)
        y = round(_TOP + room - height, 1)
        x = round(place * step, 1)
        shapes.append(Shape(x, y, round(step - gap, 1), height, label, value))
    line = None
    if level is not None:
        line = ChartLevel(
            round(_TOP + room - room * min(level, highest) / highest, 1), f"{level:g}"
        )
    return Chart(
        name=name,
        title=title,
        words=words,
        height=HEIGHT,
        shapes=shapes,
        is_columns=True,
        line=line,
        first=values[0][0] if values else "",
        last=values[-1][0] if len(values) > 1 else "",
    )


def bars(name: str, title: str, values: Sequence[tuple[str, int]], *, words: str = "") -> Chart:
    """Draw values as labelled horizontal bars, one below the other."""
    highest = max([value for _, value in values], default=0) or 1
    shapes = [
        Shape(
            x=0,
            y=place * (_ROW + _BAR) + _ROW - 8,
            width=round((WIDTH - _END) * value / highest, 1),
            height=_BAR,
            label=_short(label),
            value=value,
        )
        for place, (label, value) in enumerate(values)
    ]
    height = len(values) * (_ROW + _BAR)
    return Chart(name=name, title=title, words=words, height=height, shapes=shapes)


def _short(label: str) -> str:
    if len(label) <= _LABEL_LENGTH:
        return label
    return label[: _LABEL_LENGTH - 1].rstrip() + "…"
