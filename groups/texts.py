"""What organisers write of their group, rendered as comments are."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import transaction

from discussions.comments import rendering
from discussions.markdown.comment_text import TextError
from groups.membership.models import Group

if TYPE_CHECKING:
    from collections.abc import Sequence

logger = logging.getLogger(__name__)

# Rendered from the column of the same name.
FIELDS = ("description", "rules")


def render(group: Group) -> None:
    """Render the texts of a group that is about to be saved, or raise `TextError`."""
    for name in FIELDS:
        text = getattr(group, name)
        setattr(group, f"{name}_html", rendering.render(text).html if text else "")
    group.rendered_with = rendering.RENDERED_WITH


def check(text: str) -> None:
    """Raise `TextError`, saying why, for a text that cannot be rendered."""
    if text.strip():
        rendering.render(text)


def render_stale(*, limit: int = 50) -> int:
    """Render the texts that an older renderer, or none, has written. Return of how many groups.

    What another worker has in hand is passed over; run until it returns 0.
    """
    with transaction.atomic():
        stale = Group.objects.filter(rendered_with__lt=rendering.RENDERED_WITH).order_by("pk")
        groups = list(stale.select_for_update(skip_locked=True, no_key=True)[:limit])
        _render_each(groups)
        Group.objects.bulk_update(groups, ["description_html", "rules_html", "rendered_with"])
    return len(groups)


def render_all_stale() -> None:
    """Render slice after slice until all is done."""
    while render_stale():
        pass


def _render_each(groups: Sequence[Group]) -> None:
    """Render what groups say; one that fails is shown as it was typed, and keeps no other."""
    for group in groups:
        try:
            texts = [getattr(group, name) for name in FIELDS]
            rendered = rendering.render_many(texts)
        except (TextError, ValueError, RecursionError):
            logger.exception("The texts of group %s cannot be rendered", group.pk)
            rendered = []
        for name, each in zip(FIELDS, rendered, strict=False):
            setattr(group, f"{name}_html", each.html if getattr(group, name) else "")
        group.rendered_with = rendering.RENDERED_WITH
