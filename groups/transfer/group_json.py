"""Reading and writing the file as JSON, by the classes of the schema.

pydantic validates the file against the schema. Its size, depth and duplicate names are checked
before, contradictions afterwards (`checking`).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import Any

from pydantic import TypeAdapter, ValidationError

from groups.transfer.schema import FORMAT, VERSION, GroupFile, shown

MAX_BYTES = 5_000_000
# A group of many years has a tenth of it; reading a million takes a minute.
MAX_ENTRIES = 300_000
# Messages for members, by pydantic's error type.
_WORDS = {
    "missing": "It is missing.",
    "string_type": "A text was expected.",
    "string_unicode": "It holds half a character.",
    "int_type": "A whole number was expected.",
    "greater_than_equal": "A number from {ge:,} on was expected.",
    "less_than_equal": "A number up to {le:,} was expected.",
    "bool_type": "True or false was expected.",
    "list_type": "A list was expected.",
    "dict_type": "An object was expected.",
    "dataclass_type": "An object was expected.",
    "too_long": "{actual_length:,} entries are more than the {max_length:,} we take.",
    "wrong": "{words}",
}
_adapter = TypeAdapter(GroupFile)


class GroupFileError(ValueError):
    """The file cannot be read. The message is fit to show, and names the location."""

    def __init__(self, place: str, words: str) -> None:
        super().__init__(f"{place}: {words}" if place else words)


def write(file: GroupFile) -> str:
    """Return the file as JSON, the same text for the same group."""
    return json.dumps(asdict(file), ensure_ascii=False, indent=2, default=_iso) + "\n"


def read(content: bytes) -> GroupFile:
    """Read a file, or raise GroupFileError; does not check for contradictions."""
    value = _parsed(content)
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise GroupFileError("", f"This is not an exported group: its format is not “{FORMAT}”.")
    version = value.get("version")
    if version != VERSION or isinstance(version, bool):
        said = repr(version)[:20]
        raise GroupFileError("version", f"We read version {VERSION}, and the file has {said}.")
    try:
        return _adapter.validate_python(value)
    except ValidationError as error:
        raise _refusal(error) from error


def _iso(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"No way to write {value!r}.")


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
        raise GroupFileError("", f"One object says “{shown(twice)}” twice.")
    return found


def _no_constant(name: str) -> None:
    raise GroupFileError("", f"{name} is not a JSON number.")


def _refusal(error: ValidationError) -> GroupFileError:
    """Return an error for the first location that violates the schema."""
    first = error.errors(include_url=False, include_input=False)[0]
    place, kind = first["loc"], first["type"]
    if kind == "unexpected_keyword_argument":
        return GroupFileError(
            _written(place[:-1]), f"“{shown(str(place[-1]))}” is not a known field."
        )
    words = _WORDS.get(kind, "It cannot be read.")
    return GroupFileError(_written(place), words.format_map(first.get("ctx", {})))


def _written(place: tuple[int | str, ...]) -> str:
    parts = (f"[{part}]" if isinstance(part, int) else f".{shown(part)}" for part in place)
    return "".join(parts).removeprefix(".")
