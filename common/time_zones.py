"""The time zones of the installed database, and the list that is offered to people.

The list has one zone for each country and each clock in it: "America/Detroit" is left out, because
its clock agrees with "America/New_York". All zones of the database are accepted, and a saved one
is kept.
"""

from __future__ import annotations

import functools
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources

from django.core.exceptions import ValidationError
from django.utils import timezone

# Entries of the database that are not zones.
_NO_ZONES = frozenset({"Factory", "localtime", "posixrules"})
# Aliases that are kept: the name of their zone would surprise, as America/Panama for EST.
_FIXED = frozenset({"EST", "MST", "HST"})
# Zones whose offsets agree at these times, over two years, are one entry of the list.
_COMPARED = tuple(timedelta(weeks=week) for week in range(0, 104, 2))


@dataclass(frozen=True, slots=True)
class Zone:
    """An entry of the list."""

    name: str
    country: str

    def label(self, at: datetime) -> str:
        where = f", {self.country}" if self.country else ""
        return f"{with_offset(self.name, at)}{where}"


@functools.cache
def names() -> frozenset[str]:
    """Return every zone of the installed database."""
    return frozenset(zoneinfo.available_timezones()) - _NO_ZONES


def listed(at: datetime | None = None) -> tuple[Zone, ...]:
    """Return the list that is offered, UTC first. It may change from day to day."""
    return _listed_on((at or timezone.now()).astimezone(UTC).date().isoformat())


def find(text: str) -> str | None:
    """Return the zone that somebody typed: a name, a city, a country with one zone, or a label."""
    typed = text.partition("(")[0].strip().rstrip(",").replace(" ", "_").casefold()
    if not typed:
        return None
    by_name = {name.casefold(): name for name in names()}
    if typed in by_name:
        return by_name[typed]
    of_city = {name for name in names() if name.rpartition("/")[2].casefold() == typed}
    of_country = {
        zone.name for zone in listed() if zone.country.replace(" ", "_").casefold() == typed
    }
    for found in (of_city, of_city & {zone.name for zone in listed()}, of_country):
        if len(found) == 1:
            return found.pop()
    # Several names of one zone, such as America/Buenos_Aires.
    places = {canonical(name) for name in of_city}
    return places.pop() if len(places) == 1 else None


def canonical(name: str) -> str:
    """Return the main name of a zone: "Asia/Kolkata" for its alias "Asia/Calcutta"."""
    if name in _FIXED or any(zone.name == name for zone in listed()):
        return name
    target = _links().get(name, name)
    if target in {"Etc/UTC", "Etc/GMT"}:
        return "UTC"
    return target if target in names() else name


def with_offset(name: str, at: datetime) -> str:
    """Return "Europe/Berlin (UTC+01:00)": the offset changes with summer time."""
    offset = f"{at.astimezone(zoneinfo.ZoneInfo(name)):%z}"
    return f"{name} (UTC{offset[:3]}:{offset[3:5]})"


def is_time_zone(name: str) -> bool:
    return name in names()


def validate_time_zone(name: str) -> None:
    """Reject a zone that cannot be loaded."""
    if not is_time_zone(name):
        raise ValidationError("Choose a time zone from the list.", code="time_zone")


@functools.lru_cache(maxsize=2)
def _listed_on(day: str) -> tuple[Zone, ...]:
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    countries = {code: country for code, country, *_ in _table("iso3166.tab")}
    common = {name for _, _, name, *_ in _table("zonenow.tab")}
    clocks: dict[tuple[str, tuple[timedelta | None, ...]], str] = {}
    for code, _, name, *_ in _table("zone.tab"):
        if name not in names():
            continue
        zone = zoneinfo.ZoneInfo(name)
        offsets = (zone.utcoffset((start + each).astimezone(zone)) for each in _COMPARED)
        clock = code, tuple(offsets)
        # Of zones with equal clocks, the one in zonenow.tab or else the first: Australia/Sydney.
        if clock not in clocks or (name in common and clocks[clock] not in common):
            clocks[clock] = name
    zones = {name: Zone(name, countries.get(code, "")) for (code, _), name in clocks.items()}
    return (Zone("UTC", ""), *(zones[name] for name in sorted(zones)))


def _table(name: str) -> list[list[str]]:
    """Read a table of the time zone database."""
    text = (resources.files("tzdata.zoneinfo") / name).read_text()
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@functools.cache
def _links() -> dict[str, str]:
    """Return each alias with the zone that it names."""
    text = (resources.files("tzdata.zoneinfo") / "tzdata.zi").read_text()
    lines = (line.split() for line in text.splitlines() if line.startswith("L "))
    return {alias: target for _, target, alias in lines}
