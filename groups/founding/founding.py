"""Creating a group, with everything that it needs for its first week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from common.refusals import Refused
from groups import naming
from groups.cycle.models import Cycle
from groups.membership.models import Group, LogEntry, Membership, Role
from groups.membership.rights import require_organiser
from groups.rota.models import SeatKind
from groups.schedule import schedules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from groups.scheduling.rules import Rule
    from papers.models import Topic

PRESENTER_TASK = "Introduces the paper and leads the discussion."


class SlugTakenError(Refused):
    """Another group has the address. The message hides which one, and whether it is private."""

    field = "slug"

    def __init__(self) -> None:
        super().__init__("This address is taken. Choose another.")


@transaction.atomic
def found_group(
    *,
    founder: User,
    name: str,
    slug: str,
    summary: str = "",
    visibility: str = Group.Visibility.PUBLIC,
    joining: str = Group.Joining.OPEN,
    join_question: str = "",
    description: str = "",
    topics: Iterable[Topic] = (),
    schedule: Rule | None = None,
) -> Group:
    """Create a group with its cycle, presenter's seat and owner; with a rule, its meetings.

    Raise SlugTakenError, or the schedule's refusal, without creating anything.
    """
    group = Group(
        name=name,
        slug=slug,
        summary=summary,
        visibility=visibility,
        joining=joining,
        join_question=join_question,
        description=description,
    )
    group.render_texts()
    make(group, founder=founder)
    group.topics.set(topics)
    Cycle.objects.create(group=group)
    SeatKind.objects.create(
        group=group, name="Presenter", task=PRESENTER_TASK, position=0, is_presenter=True
    )
    LogEntry.note(group=group, kind="founded", words="Created the group", actor=founder)
    if schedule is not None:
        schedules.set_schedule(group=group, by=founder, rule=schedule, from_day=schedule.starts_on)
    return group


def make(group: Group, *, founder: User) -> None:
    """Save a new group with its owner, or raise SlugTakenError; in a transaction."""
    group.member_count = 1
    try:
        with transaction.atomic():
            group.save(force_insert=True)
    except IntegrityError as error:
        if "groups_addresses_differ" in str(error):
            raise SlugTakenError from error
        raise
    Membership.objects.create(group=group, member=founder, role=Role.OWNER)


def suggest_slug(name: str, *, founder: User) -> str:
    """Suggest an address that seems free, or "" if the name yields none: one query.

    Groups hidden from the founder are ignored, so that suggestions do not reveal them: only
    creating a group tells that an address is taken, and that is limited to a few times a day.
    """
    slug = naming.slug_from(name)
    if not slug:
        return ""
    stem = slug[: naming.MAX_LENGTH - 3].rstrip("-")
    candidates = [slug, *(f"{stem}-{number}" for number in range(2, 20))]
    visible = Group.objects.visible_to(founder).filter(slug__in=candidates)
    taken = set(visible.values_list("slug", flat=True))
    return next((each for each in candidates if each not in taken), "")


# Not copied: the group's identity, creation date, members and state.
_OWN = {"id", "name", "slug", "member_count", "created_at", "closed_at"}


@transaction.atomic
def clone_group(*, group: Group, by: User, name: str, slug: str) -> Group:
    """Create a group with the settings, cycle, seats and templates of one that `by` runs.

    They own it, and are its only member. Raise SlugTakenError without creating anything.
    """
    require_organiser(group, by)
    group = Group.objects.select_related("cycle").get(pk=group.pk)
    clone = Group(name=name, slug=slug, **_columns(group, without=_OWN))
    make(clone, founder=by)
    clone.topics.set(group.topics.all())
    Cycle.objects.create(group=clone, **_columns(group.cycle, without={"group"}))
    kinds = SeatKind.objects.filter(group=group, retired_at__isnull=True)
    SeatKind.objects.bulk_create(
        [SeatKind(group=clone, **_columns(kind, without={"id", "group"})) for kind in kinds]
    )
    # Later owners of the clone need not know of a private group.
    words = (
        "Created the group"
        if group.is_private
        else f"Created the group as a copy of “{group.name}”"
    )
    LogEntry.note(group=clone, kind="founded", words=words, actor=by)
    return clone


def _columns(row: Group | Cycle | SeatKind, *, without: set[str]) -> dict[str, object]:
    """Return a row's values by column, except some columns."""
    names = [field.name for field in row._meta.concrete_fields]  # noqa: SLF001 - as Django names it
    return {name: getattr(row, name) for name in names if name not in without}
