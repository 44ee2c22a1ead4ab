"""Texts that are rendered when they are written, so that no page parses anything.

When a renderer changes, `render_stale` renders anew what an older one has written.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, ClassVar

from django.apps import apps
from django.db import models, transaction

from common import due_work

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Self

logger = logging.getLogger(__name__)

# So few that whoever wants one of the rows meanwhile waits for a moment only.
SLICE = 50


class RenderedText(models.Model):
    """A row with texts and what a renderer made of them. `render_stale` finds every subclass."""

    # The version of the renderer. Raise it whenever the same text comes out otherwise.
    RENDERED_WITH: ClassVar[int]
    SOURCES: ClassVar[tuple[str, ...]]
    OUTPUTS: ClassVar[tuple[str, ...]]

    # 0 means never. A subclass has an index on it.
    rendered_with = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    @classmethod
    def render_rows(cls, rows: Sequence[Self]) -> None:
        """Set the outputs of the rows, which have their sources loaded."""
        raise NotImplementedError

    def keep_as_typed(self) -> None:
        """Set the outputs without the renderer, which fails on this row."""
        raise NotImplementedError


def render_stale() -> int:
    """Render anew what is stale, for as long as a sweep may take. Return how many rows."""
    return sum(due_work.in_time(_slices()))


def _slices() -> Iterator[int]:
    """Render a slice of each model in turn, until none is left: a large table stops no other."""
    waiting = [model for model in apps.get_models() if issubclass(model, RenderedText)]
    while waiting:
        for model in tuple(waiting):
            try:
                count = render_slice(model)
            except Exception:
                logger.exception("Rows of %s could not be rendered anew", model.__name__)
                count = 0
            if not count:
                waiting.remove(model)
            yield count


@transaction.atomic
def render_slice(model: type[RenderedText]) -> int:
    """Render some rows that an older renderer, or none, has written. Return how many.

    What somebody else has locked is passed over. Six queries at most, however many rows.
    """
    manager = model._default_manager  # noqa: SLF001 - Django's own name
    stale = manager.filter(rendered_with__lt=model.RENDERED_WITH)
    rows = list(
        stale.select_for_update(skip_locked=True, no_key=True)
        .order_by("rendered_with")
        .only(*model.SOURCES)[:SLICE]
    )
    try:
        model.render_rows(rows)
    except Exception:
        logger.exception("Some of %d rows of %s cannot be rendered", len(rows), model.__name__)
        for row in rows:
            _render_alone(row)
    for row in rows:
        row.rendered_with = model.RENDERED_WITH
    manager.bulk_update(rows, [*model.OUTPUTS, "rendered_with"])
    return len(rows)


def _render_alone(row: RenderedText) -> None:
    try:
        type(row).render_rows([row])
    except Exception:
        logger.exception("%s %s is shown as it was typed", type(row).__name__, row.pk)
        row.keep_as_typed()
