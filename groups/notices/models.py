"""What a group has told its members."""

from __future__ import annotations

from django.db import models

from groups.membership.models import Group


class Notice(models.Model):
    """Something that a group's members are owed, once: a reminder, a ballot, a recap.

    The columns of its key say what was told. Whom it was told is a Notification for each.
    """

    class Kind(models.TextChoices):
        REMINDER = "reminder", "Reminder of a meeting"
        SEAT = "seat", "Reminder of a seat at a meeting"
        NOMINATIONS = "nominations", "Nominations are open"
        BALLOT = "ballot", "A ballot is open"
        CLOSING = "closing", "A ballot closes soon"
        CHOSEN = "chosen", "The paper is chosen"
        PICKED = "picked", "An organiser picked the paper"
        READ = "read", "The paper of a meeting changed"
        RETIRED = "retired", "A nomination was dropped"
        CHANGED = "changed", "A meeting was moved"
        ADDED = "added", "A meeting was added"
        SCHEDULE = "schedule", "The schedule changed"
        CANCELLED = "cancelled", "A meeting was cancelled"
        RECAP = "recap", "A meeting was held"
        # For the organisers, or for one member.
        UNREADY = "unready", "A meeting has no paper or presenter"
        WITHOUT = "without", "There is no ballot"
        EMPTY = "empty", "Nothing was nominated"
        NOTHING = "nothing", "A ballot chose no paper"
        TERM = "term", "The term ends"
        REQUEST = "request", "A request to join"
        DECIDED = "decided", "A request to join was decided"
        ROLE = "role", "A member’s role changed"
        VISIBILITY = "visibility", "The visibility of the group changed"

    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="notices", db_index=False
    )
    meeting = models.ForeignKey(
        "groups.Meeting",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="notices",
    )
    kind = models.CharField(max_length=11, choices=Kind)
    # The row that it is about; the kind says of which table.
    subject_id = models.BigIntegerField()
    # Tells notices about one row apart: minutes before a meeting, the number of a change, whose
    # seat it is.
    number = models.BigIntegerField(default=0)
    # For which it was given: when that is moved, another is due.
    moment = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()
    told_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "kind", "subject_id", "number", "moment"],
                name="groups_notice_is_given_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject_id}"
