"""Ending open swaps when one of their seats changes hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from discussions.models import Notification
from discussions.notifications import notifications
from groups.notices import gate
from groups.rota.models import Swap

if TYPE_CHECKING:
    from collections.abc import Iterable

    from groups.membership.models import Group


def void(*, seats: Iterable[int]) -> int:
    """End the open swaps of these seats, and notify both sides. Return their number.

    The caller holds locks on the meetings.
    """
    ids = list(seats)
    asked = (
        Swap.objects.filter(Q(seat__in=ids) | Q(other_seat__in=ids), ended_at__isnull=True)
        .select_related("group")
        .order_by("pk")
    )
    ended = list(asked.select_for_update(of=("self",)))
    Swap.objects.filter(pk__in=[swap.pk for swap in ended]).update(ended_at=timezone.now())
    for swap in ended:
        tell_of_end(swap, swap.group)
    return len(ended)


def tell_of_end(swap: Swap, group: Group) -> None:
    """Notify both sides that a swap has ended."""
    notifications.tell(
        recipients=[swap.member_id, swap.other_member_id],
        event=gate.event_of(swap.group_id, f"swap:{swap.pk}:void"),
        reason=Notification.Reason.GROUP,
        summary=f"A seat swap in {group.name} is no longer possible: one of the seats has changed.",
        url=swap_url(group),
    )


def swap_url(group: Group) -> str:
    """Return the URL where swaps are answered."""
    return reverse("groups:rota_page", args=[group.slug]) + "#swaps"
