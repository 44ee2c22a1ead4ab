"""A comment, what it said before, whom it names and what it points at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Now
from django.urls import reverse

from discussions import owners
from discussions.comments.rendering import MarkdownText
from discussions.thread.models import Thread

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


models.TextField.register_lookup(Length, "length")


_MOMENTS_OF_GOING = ("taken_back_at", "hidden_at", "held_at")


def shown(prefix: str = "") -> Q:
    """Return the condition that all who read its thread are shown a comment: it counts then.

    `prefix` leads to the comment, as "comment__".
    """
    return Q(**{f"{prefix}{moment}__isnull": True for moment in _MOMENTS_OF_GOING})


SHOWN = shown()


SHOWN_SQL = " AND ".join(f"{moment} IS NULL" for moment in _MOMENTS_OF_GOING)


class CommentQuerySet(models.QuerySet["Comment"]):
    def shown(self) -> Self:
        """Comments that are shown and counted."""
        return self.filter(SHOWN)

    def readable_by(self, reader: User | AnonymousUser) -> Self:
        """Comments in threads that the reader may read, whatever became of them."""
        return self.filter(thread__in=Thread.objects.filter(owners.readable_by(reader)))

    def listed_for(self, reader: User | AnonymousUser) -> Self:
        """Comments that lists outside of their threads show the reader."""
        return self.filter(thread__in=Thread.objects.filter(owners.listed_for(reader)))

    def public(self) -> Self:
        """Shown comments in threads that everybody may read."""
        return self.shown().filter(thread__paper__isnull=False)

    def held(self) -> Self:
        """Comments that wait for a moderator."""
        return self.filter(
            held_at__isnull=False, taken_back_at__isnull=True, hidden_at__isnull=True
        )


class Comment(MarkdownText):
    """What a member said in a thread.

    A comment is never deleted: what is taken back or hidden keeps its place, so that its
    replies keep theirs.
    """

    MAX_LENGTH = 10_000

    thread = models.ForeignKey(
        Thread, on_delete=models.CASCADE, related_name="comments", db_index=False
    )
    # Null once the account is gone.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="comments",
        db_index=False,
    )
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies"
    )
    # The comment that begins the branch; null for that one itself.
    root = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="branch",
        db_index=False,
    )
    depth = models.PositiveIntegerField(default=0)
    # Of a comment that begins a branch: how many there are below it, in whatever state.
    descendant_count = models.PositiveIntegerField(default=0)

    text = models.TextField()
    html = models.TextField(blank=True)
    # Chosen with the form: a second press or a retry finds the comment it made.
    key = models.UUIDField()

    created_at = models.DateTimeField(db_default=Now())
    edited_at = models.DateTimeField(null=True, blank=True)
    revision_count = models.PositiveIntegerField(default=0)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    # Set by moderators. The reason is public: it is shown in place of the comment.
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_reason = models.CharField(max_length=300, blank=True)
    # Waits for a moderator: the first links of a new account.
    held_at = models.DateTimeField(null=True, blank=True)
    # When those concerned were told; null while that is due.
    notified_at = models.DateTimeField(null=True, blank=True)

    vote_count = models.PositiveIntegerField(default=0)
    # What "best" sorts by: discussions.comments.points has the formula.
    points = models.FloatField(default=0)
    # {"agree": 3, …}, without those that nobody chose.
    reaction_counts = models.JSONField(default=dict, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["author", "key"], name="discussions_form_posts_one_comment"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, root__isnull=True, depth=0)
                | Q(parent__isnull=False, root__isnull=False, depth__gt=0),
                name="discussions_only_replies_have_depth",
            ),
            models.CheckConstraint(
                condition=Q(text__length__lte=10_000), name="discussions_comment_is_not_too_long"
            ),
        ]
        indexes = [
            models.Index(
                F("thread"),
                F("points").desc(),
                F("id"),
                name="discussions_best",
                condition=Q(parent__isnull=True),
            ),
            models.Index(
                fields=["thread", "id"],
                name="discussions_beginnings",
                condition=Q(parent__isnull=True),
            ),
            models.Index(
                fields=["root"], name="discussions_branch", condition=Q(root__isnull=False)
            ),
            models.Index(fields=["thread", "id"], name="discussions_standing", condition=SHOWN),
            models.Index(fields=["author", "-id"], name="discussions_by_author"),
            models.Index(fields=["-id"], name="discussions_latest", condition=SHOWN),
            models.Index(
                fields=["held_at"], name="discussions_held", condition=Q(held_at__isnull=False)
            ),
            models.Index(
                fields=["id"],
                name="discussions_to_notify",
                condition=SHOWN & Q(notified_at__isnull=True),
            ),
            models.Index(
                fields=["taken_back_at"],
                name="discussions_taken_back",
                condition=Q(taken_back_at__isnull=False),
            ),
            models.Index(fields=["rendered_with"], name="discussions_by_rendering"),
        ]

    def __str__(self) -> str:
        return f"Comment {self.pk}"

    def get_absolute_url(self) -> str:
        """Return the permalink, which leads to the comment's place in its thread."""
        return reverse("discussions:comment_page", args=[self.pk])

    @property
    def is_shown(self) -> bool:
        return self.taken_back_at is None and self.hidden_at is None and self.held_at is None


class Revision(models.Model):
    """What a comment said before an edit. Public, as the comment was."""

    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, related_name="revisions", db_index=False
    )
    # From 1, the oldest.
    number = models.PositiveIntegerField()
    text = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "number"], name="discussions_revisions_are_numbered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id}, revision {self.number}"


class Mention(models.Model):
    """A member whom a comment names."""

    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, related_name="mentions", db_index=False
    )
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "member"], name="discussions_comment_mentions_a_member_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.comment_id}"


class Anchor(models.Model):
    """The passage that a comment points at, as a W3C Web Annotation target.

    https://www.w3.org/TR/annotation-model/#selectors
    """

    class Part(models.TextChoices):
        ABSTRACT = "abstract", "The abstract"
        PAPER = "paper", "The paper"

    comment = models.OneToOneField(
        Comment, on_delete=models.CASCADE, primary_key=True, related_name="anchor"
    )
    part = models.CharField(max_length=8, choices=Part)
    # In the abstract a TextQuoteSelector and a TextPositionSelector; in the paper a
    # FragmentSelector and, where a passage was quoted, a TextQuoteSelector.
    selectors = models.JSONField()
    # The paper's version that the passage was read in; null while nobody knew.
    version = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(part__in=["abstract", "paper"]), name="discussions_anchor_part_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} in the {self.part}"


class CommentVoteQuerySet(models.QuerySet["CommentVote"]):
    def counted(self) -> Self:
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
