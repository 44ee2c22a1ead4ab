"""A reading group: what it is, and how its weeks go."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from groups.defaults import reminder_minutes
from groups.membership.models import Group


class Cycle(models.Model):
    """How a group's paper is chosen, and when, counted back from the meeting.

    Hours are of the wall clock in the group's zone: what is due seven days before a meeting
    at 18:00 is due at 18:00, also when the clocks change between.
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
        ATTENDED = "attended", "Members who came to one of the last meetings"

    group = models.OneToOneField(
        Group, on_delete=models.CASCADE, primary_key=True, related_name="cycle"
    )
    choice = models.CharField(max_length=9, choices=Choice, default=Choice.BALLOT)
    nominations_open_hours = models.PositiveSmallIntegerField(default=13 * 24)
    ballot_opens_hours = models.PositiveSmallIntegerField(default=9 * 24)
    ballot_closes_hours = models.PositiveSmallIntegerField(default=7 * 24)
    method = models.CharField(max_length=8, choices=Method, default=Method.APPROVAL)
    electorate = models.CharField(max_length=8, choices=Electorate, default=Electorate.MEMBERS)
    # Of how many meetings one must have come to one, where the electorate is "attended".
    electorate_meetings = models.PositiveSmallIntegerField(default=6)
    hides_results = models.BooleanField("results hidden until the ballot closes", default=True)
    # So many ballots must be cast, or nothing is chosen.
    quorum = models.PositiveSmallIntegerField(default=1)
    # How many papers one may approve of; 0 means as many as one likes.
    max_approvals = models.PositiveSmallIntegerField(default=0)
    # The most nominations on one ballot: those with most seconds, then the earliest.
    max_candidates = models.PositiveSmallIntegerField(default=12)
    # Lost so many ballots, a nomination retires.
    rounds_kept = models.PositiveSmallIntegerField(default=4)
    # Minutes before the meeting; members may choose their own.
    reminder_minutes = ArrayField(
        models.PositiveIntegerField(), size=4, default=reminder_minutes, blank=True
    )
    # For those who cannot come: so many days of writing in the thread. 0 means no such track.
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
