"""The model of a group's cycle."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from groups.defaults import reminder_minutes
from groups.membership.models import Group


class Cycle(models.Model):
    """How and when a group's paper is chosen, counted back from the meeting.

    Hours are wall-clock hours in the group's zone: a deadline seven days before a meeting at 18:00
    is at 18:00, even if the clocks change between.
    """

    class Choice(models.TextChoices):
        BALLOT = "ballot", "Members vote"
        ORGANISER = "organiser", "An organiser picks"

    class Method(models.TextChoices):
        APPROVAL = "approval", "Approval: vote for as many as you like"
        RUNOFF = "runoff", "Ranked choice, counted by instant runoff"
        SCHULZE = "schulze", "Ranked choice, counted by the Schulze method"

    class Electorate(models.TextChoices):
        MEMBERS = "members", "Every member"
        ATTENDED = "attended", "Members who attended one of the last meetings"

    group = models.OneToOneField(
        Group, on_delete=models.CASCADE, primary_key=True, related_name="cycle"
    )
    choice = models.CharField(max_length=9, choices=Choice, default=Choice.BALLOT)
    nominations_open_hours = models.PositiveSmallIntegerField(default=13 * 24)
    ballot_opens_hours = models.PositiveSmallIntegerField(default=9 * 24)
    ballot_closes_hours = models.PositiveSmallIntegerField(default=7 * 24)
    method = models.CharField(max_length=8, choices=Method, default=Method.APPROVAL)
    electorate = models.CharField(max_length=8, choices=Electorate, default=Electorate.MEMBERS)
    # With the electorate "attended", voters attended one of this many last meetings.
    electorate_meetings = models.PositiveSmallIntegerField(default=6)
    hides_results = models.BooleanField("results hidden until the ballot closes", default=True)
    # Slips needed for a choice.
    quorum = models.PositiveSmallIntegerField(default=1)
    # Papers that a member may approve of; 0 means any number.
    max_approvals = models.PositiveSmallIntegerField(default=0)
    # Nominations on one ballot: those with the most seconds, then the earliest.
    max_candidates = models.PositiveSmallIntegerField(default=12)
    # A nomination retires after this many lost ballots.
    rounds_kept = models.PositiveSmallIntegerField(default=4)
    # Minutes before the meeting; members may choose their own.
    reminder_minutes = ArrayField(
        models.PositiveIntegerField(), size=4, default=reminder_minutes, blank=True
    )
    # Days of written discussion, for those who cannot attend; 0 means none.
    written_days = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(nominations_open_hours__gt=F("ballot_opens_hours"))
                & Q(ballot_opens_hours__gt=F("ballot_closes_hours")),
                name="groups_cycle_is_in_order",
            ),
            models.CheckConstraint(
                condition=Q(method__in=["approval", "runoff", "schulze"]),
                name="groups_cycle_method_is_known",
            ),
            models.CheckConstraint(
                condition=Q(electorate__in=["members", "attended"]),
                name="groups_cycle_electorate_is_known",
            ),
            models.CheckConstraint(
                condition=Q(choice__in=["ballot", "organiser"]),
                name="groups_cycle_choice_is_known",
            ),
            models.CheckConstraint(
                condition=Q(quorum__gte=1, rounds_kept__gte=1, electorate_meetings__gte=1)
                & Q(max_candidates__gte=2),
                name="groups_cycle_numbers_make_sense",
            ),
        ]

    def __str__(self) -> str:
        return f"Cycle of {self.group_id}"
