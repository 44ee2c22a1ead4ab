"""A short-lived cache shared by all readers.

It cannot hold a reader's own state: cached functions take no request and no reader, only frozen
values, and all of these are in the key.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from enum import Enum
from functools import wraps
from hashlib import sha256
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from django.core.cache import caches

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")

# Maximum age of shared data: a day's counts, its topics, lists.
SHARED_SECONDS = 10

_FROZEN_TYPES = (str, bytes, int, float, date, Enum, type(None))  # a datetime is a date


def shared(make: Callable[P, T]) -> Callable[P, T]:
    """Cache the function's results for some seconds, for all readers."""
    if make.__closure__ is not None:
        raise TypeError(f"{make.__qualname__} must get all it needs as arguments.")
    name = f"{make.__module__}.{make.__qualname__}"

    @wraps(make)
    def remembered(*args: P.args, **kwargs: P.kwargs) -> T:
        require_frozen((args, *kwargs.values()))
        fragments = caches["fragments"]
        key = sha256(f"{name}{args!r}{kwargs!r}".encode()).hexdigest()
        kept: tuple[T] | None = fragments.get(key)
        if kept is None:
            kept = (make(*args, **kwargs),)
            fragments.set(key, kept, SHARED_SECONDS)
        return kept[0]

    return remembered


def require_frozen(value: object) -> None:
    """Reject values that can change or refer to a reader: models, requests, lists, queries."""
    if isinstance(value, _FROZEN_TYPES):
        return
    if isinstance(value, (tuple, frozenset)):
        parts: list[object] = list(value)
    elif _is_frozen_dataclass(value):
        parts = [getattr(value, field.name) for field in fields(value)]  # type: ignore[arg-type]
    else:
        raise TypeError(f"{type(value).__name__} is not frozen: it cannot be remembered for all.")
    for part in parts:
        require_frozen(part)


def _is_frozen_dataclass(value: object) -> bool:
    parameters = getattr(type(value), "__dataclass_params__", None)
    return parameters is not None and parameters.frozen
