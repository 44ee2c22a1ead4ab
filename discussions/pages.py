"""Pages of a long list, each beginning where the one before ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

T = TypeVar("T", bound="Model")


def page_below(rows: QuerySet[T], before: int | None, *, size: int) -> tuple[list[T], int | None]:
    """Return the newest rows, or those below an id, and the id that the next page begins below."""
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: size + 1])
    shown = found[:size]
    return shown, shown[-1].pk if len(found) > size else None
