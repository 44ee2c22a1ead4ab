"""Models for seats and swaps."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from groups.membership.models import Group
from groups.schedule.models import Meeting


class SeatKind(models.Model):
    """A role that somebody takes at every meeting: presenter, critic, note-taker."""

    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="seat_kinds", db_index=False
    )
    name = models.CharField(max_length=60)
    # What the role involves; shown to whoever takes it.
    task = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField()
    # Presents the paper: counted in the load table, one per group.
    is_presenter = models.BooleanField(default=False)
    # Not filled any more; past meetings keep it.
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "name"],
                condition=Q(retired_at__isnull=True),
                name="groups_seats_are_named_apart",
            ),
            models.UniqueConstraint(
                fields=["group"],
                condition=Q(is_presenter=True, retired_at__isnull=True),
                name="groups_one_seat_presents",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """A role taken at one meeting."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="seats", db_index=False
    )
    kind = models.ForeignKey(SeatKind, on_delete=models.PROTECT, related_name="seats")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="seats"
    )
    # Themselves, an organiser, or none if it came with the winning nomination.
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "kind"], name="groups_seat_is_taken_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} at {self.meeting_id}"


class Swap(models.Model):
    """A swap of two members' seats, made when both have agreed."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="swaps")
    # The asker's seat, and the one asked for.
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="swaps_asked")
    other_seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="swaps_wanted")
    # The holders of the seats at the time of asking.
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    other_member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    words = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    other_accepted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    is_done = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(seat=F("other_seat")), name="groups_swap_is_of_two_seats"
            ),
            models.UniqueConstraint(
                fields=["seat", "other_seat"],
                condition=Q(ended_at__isnull=True),
                name="groups_swap_is_asked_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat_id} for {self.other_seat_id}"
