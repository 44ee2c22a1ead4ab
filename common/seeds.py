"""What `manage.py seed` adds beside papers: the apps above them register it here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    # Told the moment that the seed counts from; returns a line to print.
    Plant = Callable[[datetime], str]

_plants: list[Plant] = []


def register(plant: Plant) -> None:
    """Add to the seed. Planting what is there already has to add nothing."""
    if plant not in _plants:
        _plants.append(plant)


def plant_all(*, now: datetime) -> Iterator[str]:
    """Plant what was registered, in that order, and say of each what came of it."""
    for plant in _plants:
        yield plant(now)
