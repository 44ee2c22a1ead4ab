"""Votes and their totals."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce

from papers.models.paper import Paper

# Epoch and unit of papers.trending: the moment of a vote is in half-lives since the epoch.
EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
HALF_LIFE_HOURS = 48.0


class UpvoteQuerySet(models.QuerySet["Upvote"]):
    def counted(self) -> Self:
        """Return visible votes: those not voided by a moderator."""
        return self.filter(voided_at__isnull=True)


class Upvote(models.Model):
    """A member's vote for a paper.

    A vote of weight 0 is shown but does not affect ranking: see papers.voting.
    """

    # An index of its own, below, begins with the paper.
    paper = models.ForeignKey(
        Paper, on_delete=models.CASCADE, related_name="upvotes", db_index=False
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="upvotes"
    )
    weight = models.FloatField(default=1.0)
    cast_at = models.DateTimeField()
    # Computed by the database, because a recompute of two million votes would spend most of its
    # time on dates. In UTC, because only that is the same on every connection.
    moment = models.GeneratedField(
        expression=Func(
            "cast_at",
            template=(
                "((extract(epoch FROM (%(expressions)s AT TIME ZONE 'UTC'))::float8"
                f" - {EPOCH.timestamp()}) / {HALF_LIFE_HOURS * 3600})"
            ),
        ),
        output_field=models.FloatField(),
        db_persist=True,
    )
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=200, blank=True)

    objects = UpvoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "paper"], name="papers_member_votes_once_for_a_paper"
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=0, weight__lte=1), name="papers_vote_weight_is_0_to_1"
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, void_reason="")
                | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
                name="papers_void_vote_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(F("paper"), F("cast_at").desc(), F("id").desc(), name="papers_voters"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} for {self.paper_id}"


class PaperTally(models.Model):
    """A paper's sort keys for lists.

    In a table of its own, because every vote rewrites the row, and rewriting the paper with its
    abstract and indexes costs ten times as much.
    """

    paper = models.OneToOneField(
        Paper, on_delete=models.CASCADE, primary_key=True, related_name="tally"
    )
    vote_count = models.PositiveIntegerField(default=0)
    comment_count = models.PositiveIntegerField(default=0)
    # Log2 of the decayed votes (papers.trending); null before the first that ranks.
    hot_score = models.FloatField(null=True, blank=True)

    # The numbers of the service whose feed lists the paper, each with the time it was read.
    # They are never added to ours where readers see them.
    external_vote_count = models.PositiveIntegerField(null=True, blank=True)
    external_votes_read_at = models.DateTimeField(null=True, blank=True)
    external_comment_count = models.PositiveIntegerField(null=True, blank=True)
    external_comments_read_at = models.DateTimeField(null=True, blank=True)

    # As on the paper: an index that gives a day's order cannot span two tables.
    announced_on = models.DateField(null=True, blank=True)
    # The weight of an external vote on that day (papers.day_order).
    day_weight = models.FloatField(default=1.0, db_default=1.0)
    # Computed by the database, so that no statement that changes a count can forget it.
    day_score = models.GeneratedField(
        expression=F("vote_count") + F("day_weight") * Coalesce(F("external_vote_count"), 0),
        output_field=models.FloatField(),
        db_persist=True,
    )

    class Meta:
        verbose_name_plural = "paper tallies"
        indexes = [
            models.Index(
                F("hot_score").desc(nulls_last=True), F("paper").desc(), name="papers_hottest"
            ),
            models.Index(
                F("announced_on"),
                F("day_score").desc(),
                F("comment_count").desc(),
                F("paper").desc(),
                name="papers_best_of_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id}: {self.vote_count} votes"
