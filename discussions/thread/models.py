"""A thread, and how far each member has read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from discussions import owners
from papers.models import Paper

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


# Why nobody writes to a thread.
LOCKED = "A moderator closed this thread to new comments."


class ThreadQuerySet(models.QuerySet["Thread"]):
    def readable_by(self, reader: User | AnonymousUser) -> Self:
        """Threads whose comments the reader may see at all."""
        return self.filter(owners.readable_by(reader))

    def listed_for(self, reader: User | AnonymousUser) -> Self:
        """Threads whose comments lists show the reader."""
        return self.filter(owners.listed_for(reader))

    def writable_by(self, member: User) -> Self:
        """Threads in which the member may write, unless a moderator closed them."""
        return self.filter(owners.writable_by(member))

    def public(self) -> Self:
        """Threads that everybody may read: those of feeds and of public pages."""
        return self.filter(paper__isnull=False)


class Thread(models.Model):
    """The conversation under a paper, or in another app's place that points here.

    A paper's thread is made with its first comment or its first watcher. One without a
    paper is closed to all but those for whom its app answers (discussions.owners).
    """

    paper = models.OneToOneField(
        Paper, on_delete=models.CASCADE, null=True, blank=True, related_name="thread"
    )
    # The comments that stand: neither deleted, hidden, nor waiting for a moderator.
    comment_count = models.PositiveIntegerField(default=0)
    last_comment_at = models.DateTimeField(null=True, blank=True)
    # Closed to new comments by a moderator.
    locked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ThreadQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Thread {self.pk}"

    def get_absolute_url(self) -> str:
        """Return the address of the thread itself, which leads to the page that shows it."""
        return reverse("discussions:thread_page", args=[self.pk])

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None

    def is_writable_by(self, member: User) -> bool:
        """Whether the thread is the member's to write in; one query unless it is a paper's."""
        if self.paper_id is not None:
            return True
        return Thread.objects.writable_by(member).filter(pk=self.pk).exists()

    def is_writable_for(self, reader: User | AnonymousUser) -> bool:
        """Whether the reader may write, or could after signing in, were the thread not locked."""
        if self.paper_id is not None:
            return True
        return reader.is_authenticated and self.is_writable_by(reader)

    def why_closed_to(self, member: User) -> str:
        """Say why a member who may read the thread may not write to it, or nothing."""
        if self.is_locked and not member.is_moderator:
            return LOCKED
        return "" if self.is_writable_by(member) else owners.owner_of(self).refusal


class ThreadReading(models.Model):
    """One member in one thread: how far they have read, and whether they want news of it."""

    class Attention(models.TextChoices):
        # News of replies to them and of mentions, as everybody.
        USUAL = "", "Replies and mentions"
        WATCHING = "watching", "Every new comment"
        MUTED = "muted", "Nothing"

    # The constraint's index begins with the member.
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="thread_readings",
        db_index=False,
    )
    thread = models.ForeignKey(
        Thread, on_delete=models.CASCADE, related_name="readings", db_index=False
    )
    # The newest comment that they have had on their screen; later ones are new to them.
    seen_up_to = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField(null=True, blank=True)
    attention = models.CharField(max_length=8, choices=Attention, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "thread"], name="discussions_member_reads_a_thread_once"
            ),
            models.CheckConstraint(
                condition=Q(attention__in=["", "watching", "muted"]),
                name="discussions_attention_is_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["thread"],
                name="discussions_attentive",
                condition=~Q(attention=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.thread_id}"
