"""Comments with their revisions, mentions, anchors and marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Now
from django.urls import reverse

from discussions import owners
from discussions.comments.rendering import MarkdownText
from discussions.markdown.comment_text import MAX_LENGTH
from discussions.thread.models import Thread

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


models.TextField.register_lookup(Length, "length")


_MOMENTS_OF_GOING = ("taken_back_at", "hidden_at", "held_at")


def shown(prefix: str = "") -> Q:
    """Return the condition that a comment is shown to all its thread's readers and counted.

    `prefix` is the lookup path to the comment, as "comment__".
    """
    return Q(**{f"{prefix}{moment}__isnull": True for moment in _MOMENTS_OF_GOING})


SHOWN = shown()


SHOWN_SQL = " AND ".join(f"{moment} IS NULL" for moment in _MOMENTS_OF_GOING)


class CommentQuerySet(models.QuerySet["Comment"]):
    def shown(self) -> Self:
        """Return the comments that are shown and counted."""
        return self.filter(SHOWN)

    def readable_by(self, reader: User | AnonymousUser) -> Self:
        """Return comments in threads that the reader may read, whatever their state."""
        return self.filter(thread__in=Thread.objects.filter(owners.readable_by(reader)))

    def listed_for(self, reader: User | AnonymousUser) -> Self:
        """Return comments that lists outside their threads may show the reader."""
        return self.filter(thread__in=Thread.objects.filter(owners.listed_for(reader)))

    def public(self) -> Self:
        """Return shown comments in threads that everybody may read."""
        return self.shown().filter(thread__paper__isnull=False)

    def held(self) -> Self:
        """Return comments that wait for a moderator's approval."""
        return self.filter(
            held_at__isnull=False, taken_back_at__isnull=True, hidden_at__isnull=True
        )


class Comment(MarkdownText):
    """A member's comment in a thread.

    The row is never removed: deleted and hidden comments keep their place, so that their
    replies keep theirs.
    """

    thread = models.ForeignKey(
        Thread, on_delete=models.CASCADE, related_name="comments", db_index=False
    )
    # Null once the account is deleted.
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
    # The first comment of the branch; null for that comment itself.
    root = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="branch",
        db_index=False,
    )
    depth = models.PositiveIntegerField(default=0)
    # For the first comment of a branch: the number of comments below it, in any state.
    descendant_count = models.PositiveIntegerField(default=0)

    text = models.TextField()
    html = models.TextField(blank=True)
    # Generated with the form: a second click or a retry finds the comment already made.
    key = models.UUIDField()

    created_at = models.DateTimeField(db_default=Now())
    edited_at = models.DateTimeField(null=True, blank=True)
    revision_count = models.PositiveIntegerField(default=0)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    # Set by moderators. The reason is public and shown in place of the comment.
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_reason = models.CharField(max_length=300, blank=True)
    # Waiting for a moderator's approval: the first links of a new account.
    held_at = models.DateTimeField(null=True, blank=True)
    # When notifications were sent; null while they are due.
    notified_at = models.DateTimeField(null=True, blank=True)

    vote_count = models.PositiveIntegerField(default=0)
    # Sort key of "best"; the formula is in discussions.comments.points.
    points = models.FloatField(default=0)
    # {"agree": 3, …}, without kinds of count 0.
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
                condition=Q(text__length__lte=MAX_LENGTH),
                name="discussions_comment_is_not_too_long",
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
        """Return the permalink, which redirects to the comment in its thread."""
        return reverse("discussions:comment_page", args=[self.pk])

    @property
    def is_shown(self) -> bool:
        return self.taken_back_at is None and self.hidden_at is None and self.held_at is None


class Revision(models.Model):
    """The text of a comment before an edit. As public as the comment."""

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
    """A member mentioned in a comment."""

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
    """The passage a comment points at, as a W3C Web Annotation target.

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
    # The paper's version in which the passage was read; null if unknown.
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
        """Return the votes that count: those not voided by a moderator."""
        return self.filter(voided_at__isnull=True)


class CommentVote(models.Model):
    """A member's vote for a comment. One of weight 0 is shown but does not affect ranking."""

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
    """A member's reaction to a comment, of one of a few kinds."""

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
    # As for votes: those of new accounts weigh less.
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
