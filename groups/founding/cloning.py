"""A new group made as another one is: its settings and habits, neither people nor past."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from groups import logbook
from groups.cycle.models import Cycle
from groups.founding import founding
from groups.membership.models import Group
from groups.membership.rights import require_organiser
from groups.rota.models import SeatKind

if TYPE_CHECKING:
    from accounts.models import User

# Not taken over: who and when it is, and what grew in it.
_OWN = {"id", "name", "slug", "member_count", "created_at", "closed_at"}


@transaction.atomic
def clone_group(*, group: Group, by: User, name: str, slug: str) -> Group:
    """Make a group with the settings, cycle, seats and templates of one that they run.

    They own it, and are alone in it. Raise founding.SlugTakenError with nothing made.
    """
    require_organiser(group, by)
    group = Group.objects.select_related("cycle").get(pk=group.pk)
    clone = Group(name=name, slug=slug, **_columns(group, without=_OWN))
    founding.make(clone, founder=by)
    clone.topics.set(group.topics.all())
    Cycle.objects.create(group=clone, **_columns(group.cycle, without={"group"}))
    kinds = SeatKind.objects.filter(group=group, retired_at__isnull=True)
    SeatKind.objects.bulk_create(
        [SeatKind(group=clone, **_columns(kind, without={"id", "group"})) for kind in kinds]
    )
    # The clone may come into other hands, which need not know of a private group.
    words = (
        "Created the group"
        if group.is_private
        else f"Created the group as a copy of “{group.name}”"
    )
    logbook.note(group=clone, kind="founded", words=words, actor=by)
    return clone


def _columns(row: Group | Cycle | SeatKind, *, without: set[str]) -> dict[str, object]:
    """Return what a row says, by column, but for some."""
    names = [field.name for field in row._meta.concrete_fields]  # noqa: SLF001 - as Django names it
    return {name: getattr(row, name) for name in names if name not in without}
