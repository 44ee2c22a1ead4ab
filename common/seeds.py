"""Registry of what `manage.py seed` adds in addition to papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    # Takes the time of the seed; returns a line to print.
    Plant = Callable[[datetime], str]

_plants: list[Plant] = []


def register(plant: Plant) -> None:
    """Add to the seed. Planting twice must add nothing."""
    if plant not in _plants:
        _plants.append(plant)


def plant_all(*, now: datetime) -> Iterator[str]:
    """Plant what was registered, in that order, and yield a line about each."""
    for plant in _plants:
        yield plant(now)
