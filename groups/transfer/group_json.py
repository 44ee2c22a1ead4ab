"""The file as JSON: written from the classes of the schema, and read back into them.

Reading is driven by the same classes: their types say what must stand where, and a message
names the place. A library for this (pydantic) would be one more compiled dependency, would
speak to programmers, and leave to us what is hard: its size, its depth, and what contradicts
itself.
"""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from groups.transfer.schema import FORMAT, VERSION, GroupFile, GroupFileLimits

if TYPE_CHECKING:
    from collections.abc import Hashable

MAX_BYTES = 5_000_000
# What a group of many years has is a tenth of it; reading a million takes a minute.
MAX_ENTRIES = 300_000
_SURROGATE = re.compile("[\ud800-\udfff]")
_FIRST_YEAR, _LAST_YEAR = 1970, 2200
_KINDS = {str: "a text", int: "a whole number", bool: "true or false", dict: "an object"}
_NO_LIMITS = GroupFileLimits()
_is_link = URLValidator(schemes=["http", "https"])


class GroupFileError(ValueError):
    """The file cannot be read. The message is fit to show, and names the place."""

    def __init__(self, place: str, words: str) -> None:
        super().__init__(f"{place}: {words}" if place else words)


def write(file: GroupFile) -> str:
    """Return the file as JSON, the same text for the same group."""
    return json.dumps(_plain(file), ensure_ascii=False, indent=2) + "\n"


def read(content: bytes) -> GroupFile:
    """Read a file, or raise GroupFileError; whether it contradicts itself is not asked here."""
    value = _parsed(content)
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise GroupFileError("", f"This is not an exported group: its format is not “{FORMAT}”.")
    version = value.get("version")
    if version != VERSION or isinstance(version, bool):
        said = repr(version)[:20]
        raise GroupFileError("version", f"We read version {VERSION}, and the file has {said}.")
    found: GroupFile = _object(GroupFile, value, "")
    return found


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else value


def _parsed(content: bytes) -> Any:
    if len(content) > MAX_BYTES:
        raise GroupFileError("", f"The file is larger than {MAX_BYTES // 1_000_000} MB.")
    if sum(map(content.count, (b"{", b"[", b","))) > MAX_ENTRIES:
        raise GroupFileError("", "The file has too many entries.")
    try:
        return json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant
        )
    except UnicodeDecodeError as error:
        raise GroupFileError("", "The file is not valid UTF-8.") from error
    except RecursionError as error:
        raise GroupFileError("", "The file is nested too deeply.") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise GroupFileError("", f"The file is not JSON: it breaks at {where}.") from error
    except GroupFileError:
        raise
    except ValueError as error:  # a number of ten thousand digits
        raise GroupFileError("", "The file has a number that is too long.") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise GroupFileError("", f"One object says “{_shown(twice)}” twice.")
    return found


def _no_constant(name: str) -> None:
    raise GroupFileError("", f"{name} is not a JSON number.")


@cache
def _types(kind: Hashable) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _object(kind: Any, value: Any, place: str) -> Any:
    if not isinstance(value, dict):
        raise GroupFileError(place, "An object was expected.")
    known = fields(kind)
    unknown = set(value) - {each.name for each in known}
    if unknown:
        raise GroupFileError(place, f"“{_shown(min(unknown))}” is not a known field.")
    read_fields = {}
    for each in known:
        where = f"{place}.{each.name}" if place else each.name
        if each.name not in value:
            raise GroupFileError(where, "It is missing.")
        read_fields[each.name] = _value(_types(kind)[each.name], value[each.name], where)
    return kind(**read_fields)


def _value(kind: Any, value: Any, place: str, limits: GroupFileLimits = _NO_LIMITS) -> Any:
    if get_origin(kind) is Annotated:
        kind, limits = get_args(kind)
    if isinstance(kind, UnionType):
        if value is None:
            return None
        kind = next(each for each in get_args(kind) if each is not NoneType)
    if get_origin(kind) is list:
        return _list(get_args(kind)[0], value, place, limits)
    if is_dataclass(kind):
        return _object(kind, value, place)
    if kind in (date, time, datetime):
        return _moment(kind, value, place)
    kind = get_origin(kind) or kind
    # True is an int to Python, and a lie in a file.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise GroupFileError(place, f"{_KINDS[kind].capitalize()} was expected.")
    if kind is int:
        _check_number(value, place, limits)
    return _text(value, place, limits) if kind is str else value


def _list(kind: Any, value: Any, place: str, limits: GroupFileLimits) -> list[Any]:
    if not isinstance(value, list):
        raise GroupFileError(place, "A list was expected.")
    most = limits.many
    if len(value) > most:
        raise GroupFileError(place, f"{len(value):,} entries are more than the {most:,} we take.")
    return [_value(kind, each, f"{place}[{index}]", limits) for index, each in enumerate(value)]


def _check_number(value: int, place: str, limits: GroupFileLimits) -> None:
    least, most = limits.least, limits.most
    if not least <= value <= most:
        raise GroupFileError(place, f"A number from {least} to {most} was expected.")


def _text(value: str, place: str, limits: GroupFileLimits) -> str:
    if "\0" in value or _SURROGATE.search(value):
        raise GroupFileError(place, "It has an invalid character (NUL, or half of one).")
    if limits.values:
        if value not in limits.values:
            known = ", ".join(sorted(filter(None, limits.values)))
            raise GroupFileError(place, f"“{_shown(value)}” is none of {known}.")
        return value
    least, most = limits.least, limits.most
    if len(value) > most:
        raise GroupFileError(
            place, f"{len(value):,} characters are more than the {most:,} we take."
        )
    if len(value.strip()) < least:
        raise GroupFileError(place, "It is too short." if value.strip() else "It is empty.")
    if limits.is_link and value:
        _check_link(value, place)
    return value


def _check_link(value: str, place: str) -> None:
    try:
        _is_link(value)
        # "https://arxiv.org@elsewhere.example" leads elsewhere.
        is_plain = "@" not in urlsplit(value).netloc
    except (ValidationError, ValueError):
        is_plain = False
    if not is_plain:
        raise GroupFileError(place, f"“{_shown(value)}” is not a web address.")


def _moment(kind: type, value: Any, place: str) -> date | time | datetime:
    names = {date: "a day, as 2026-11-26,", time: "a time, as 18:00,"}
    expected = names.get(kind, "a moment, as 2026-11-26T17:00:00Z,")
    wrong = GroupFileError(place, f"{expected.capitalize()} was expected.")
    if not isinstance(value, str) or len(value) > 40:
        raise wrong
    try:
        found: date | time | datetime = kind.fromisoformat(value)  # type: ignore[attr-defined]
    except ValueError:
        raise wrong from None
    if isinstance(found, time) and (found.tzinfo or found.second or found.microsecond):
        raise wrong
    if isinstance(found, datetime):
        if found.tzinfo is None:
            raise GroupFileError(place, "The moment has no time zone, such as Z.")
        found = _in_utc(found, place)
    if isinstance(found, date) and not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise GroupFileError(place, f"The year {found.year} is out of reach.")
    return found


def _in_utc(moment: datetime, place: str) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise GroupFileError(place, "The moment is out of reach.") from None


def _shown(text: str) -> str:
    """Return what a message may quote of a file."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text[:40]).replace("\0", "")
