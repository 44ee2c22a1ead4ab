"""The time zones of the installed database, and those offered to people."""

from __future__ import annotations

import functools
import zoneinfo

from django.core.exceptions import ValidationError

# Prefixes of zones for machines, of no use to people.
_NOT_PLACES = ("Etc/", "SystemV/", "posix/", "right/")


@functools.cache
def names() -> frozenset[str]:
    """Return every zone of the installed database."""
    return frozenset(zoneinfo.available_timezones())


@functools.cache
def choices() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the choices by region, with UTC first."""
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
    """Reject a zone that cannot be loaded."""
    if not is_time_zone(name):
        raise ValidationError("Choose a time zone from the list.", code="time_zone")
