"""What readers say of a comment with one press: a vote, a reaction."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from discussions.models.comments import Comment


class CommentVoteQuerySet(models.QuerySet["CommentVote"]):
    def standing(self) -> Self:
        """Votes that are shown; one voided by a moderator is not."""
        return self.filter(voided_at__isnull=True)


class CommentVote(models.Model):
    """One member's vote for one comment. A weight of 0 is shown and moves no order."""

    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, related_name="votes", db_index=False
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="comment_votes"
    )
    weight = models.FloatField(default=1.0)
    cast_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)

    objects = CommentVoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "member"], name="discussions_member_votes_once_for_a_comment"
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=0, weight__lte=1), name="discussions_vote_weight_is_0_to_1"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} for {self.comment_id}"


class Reaction(models.Model):
    """One of a few things that a member may say of a comment without words."""

    class Kind(models.TextChoices):
        AGREE = "agree", "I agree"
        INSIGHTFUL = "insightful", "Insightful"
        THANKS = "thanks", "Thank you"
        CELEBRATE = "celebrate", "Well done"
        FUNNY = "funny", "Funny"
        DOUBTFUL = "doubtful", "I am not convinced"

    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, related_name="reactions", db_index=False
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reactions"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    # As a vote's: young accounts move the order by less.
    weight = models.FloatField(default=1.0)
    made_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "member", "kind"], name="discussions_member_reacts_once_alike"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["agree", "insightful", "thanks", "celebrate", "funny", "doubtful"]
                ),
                name="discussions_reaction_is_known",
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=0, weight__lte=1),
                name="discussions_reaction_weight_is_0_to_1",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind} {self.comment_id}"
