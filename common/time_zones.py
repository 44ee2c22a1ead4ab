"""The time zones that the installed database knows, and those that people choose from."""

from __future__ import annotations

import functools
import zoneinfo

from django.core.exceptions import ValidationError

# Kept by the database for machines, and of no use to a person.
_NOT_PLACES = ("Etc/", "SystemV/", "posix/", "right/")


@functools.cache
def names() -> frozenset[str]:
    """Every zone that the installed database knows."""
    return frozenset(zoneinfo.available_timezones())


@functools.cache
def choices() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Places to choose from, by region, with UTC on top."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(names()):
        region, slash, place = name.partition("/")
        if slash and not name.startswith(_NOT_PLACES):
            regions.setdefault(region, []).append((name, place.replace("_", " ")))
    return (
        ("Everywhere", (("UTC", "UTC"),)),
        *((region, tuple(places)) for region, places in regions.items()),
    )


def is_time_zone(name: str) -> bool:
    return name in names()


def validate_time_zone(name: str) -> None:
    """Refuse a zone that cannot be loaded."""
    if not is_time_zone(name):
        raise ValidationError("Choose a time zone from the list.", code="time_zone")
