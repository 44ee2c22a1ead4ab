"""Models for nominations and ballots."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from groups.cycle.models import Cycle
from groups.membership.models import Group
from groups.schedule.models import Meeting
from papers.models import Paper


class NominationQuerySet(models.QuerySet["Nomination"]):
    def standing(self) -> Self:
        """Return nominations for the next ballot in its order: most seconds, then earliest."""
        return self.filter(state=Nomination.State.STANDING).order_by(
            "-second_count", "created_at", "id"
        )


class Nomination(models.Model):
    """A paper that a member proposes; carried over until it wins or retires."""

    class State(models.TextChoices):
        STANDING = "standing", "Nominated"
        CHOSEN = "chosen", "Chosen"
        RETIRED = "retired", "Dropped after several ballots"
        WITHDRAWN = "withdrawn", "Withdrawn"

    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="nominations", db_index=False
    )
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="nominations")
    # None once the account is closed.
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="nominations"
    )
    pitch = models.CharField(max_length=500, blank=True)
    would_present = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=State, default=State.STANDING)
    # Ballots that it has lost.
    rounds = models.PositiveSmallIntegerField(default=0)
    second_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = NominationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "paper"],
                condition=Q(state="standing"),
                name="groups_paper_is_nominated_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["standing", "chosen", "retired", "withdrawn"]),
                name="groups_nomination_state_is_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["group", "-second_count", "created_at", "id"],
                name="groups_standing",
                condition=Q(state="standing"),
            ),
            models.Index(fields=["group", "-id"], name="groups_nominations"),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} for {self.group_id}"


class Second(models.Model):
    """A member who seconds a nomination."""

    nomination = models.ForeignKey(
        Nomination, on_delete=models.CASCADE, related_name="seconds", db_index=False
    )
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "member"], name="groups_member_seconds_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} seconds {self.nomination_id}"


class Ballot(models.Model):
    """The vote for one meeting's paper, under the rules at the time it opened."""

    class Outcome(models.TextChoices):
        CHOSEN = "chosen", "A paper was chosen"
        NO_CANDIDATES = "no_candidates", "Nothing was nominated"
        NO_QUORUM = "no_quorum", "Too few voted"
        NO_VOTES = "no_votes", "No paper got a vote"

    meeting = models.OneToOneField(
        Meeting, on_delete=models.CASCADE, primary_key=True, related_name="ballot"
    )
    method = models.CharField(max_length=8, choices=Cycle.Method)
    electorate = models.CharField(max_length=8, choices=Cycle.Electorate)
    electorate_meetings = models.PositiveSmallIntegerField(default=6)
    hides_results = models.BooleanField(default=True)
    quorum = models.PositiveSmallIntegerField(default=1)
    max_approvals = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=13, choices=Outcome, blank=True, default="")
    winner = models.ForeignKey(
        "groups.Candidate",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    # The count, in the format of groups.ballots.counting.Count.
    count = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="groups_closed_ballot_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(method__in=["approval", "runoff", "schulze"]),
                name="groups_ballot_method_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"Ballot of {self.meeting_id}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_ranked(self) -> bool:
        return self.method != Cycle.Method.APPROVAL


class Candidate(models.Model):
    """A nomination on a ballot, numbered in order of nomination."""

    ballot = models.ForeignKey(
        Ballot, on_delete=models.CASCADE, related_name="candidates", db_index=False
    )
    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="candidacies")
    # From 1, the earliest nomination first: ties go to the lower number.
    number = models.PositiveSmallIntegerField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["ballot", "number"], name="groups_candidates_are_numbered"
            ),
            models.UniqueConstraint(
                fields=["ballot", "nomination"], name="groups_nomination_stands_once_on_a_ballot"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} on {self.ballot_id}"


class Slip(models.Model):
    """One member's vote on one ballot; voting again replaces it until the ballot closes."""

    ballot = models.ForeignKey(
        Ballot, on_delete=models.CASCADE, related_name="slips", db_index=False
    )
    # None if the account was deleted or the ballot was imported; the slip still counts.
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # Candidates' numbers: those approved of, or the ranking with the best first.
    choices = ArrayField(models.PositiveSmallIntegerField())
    # "If one of mine wins, I come."
    will_come = models.BooleanField(default=False)
    # Identifies the slip in the exported file, which names no members.
    key = models.UUIDField(default=uuid.uuid4)
    cast_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ballot", "member"], name="groups_member_votes_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} on {self.ballot_id}"
