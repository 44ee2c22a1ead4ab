"""A reading group: what it is, and how its weeks go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from groups.models.defaults import MINUTES_TEMPLATE, SURVEY_QUESTION, reminder_minutes
from papers.models import Topic

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class GroupQuerySet(models.QuerySet["Group"]):
    def running(self) -> Self:
        """Groups that have not been closed."""
        return self.filter(closed_at__isnull=True)

    def listed(self) -> Self:
        """Groups that anybody may come across: in the list, in search, on a paper's page."""
        return self.filter(visibility=Group.Visibility.PUBLIC)

    def visible_to(self, reader: User | AnonymousUser) -> Self:
        """Groups whose pages the reader may open when they have the address."""
        visible = ~Q(visibility=Group.Visibility.PRIVATE)
        if not reader.is_authenticated:
            return self.filter(visible)
        own = self.model.objects.filter(memberships__member_id=reader.pk)
        return self.filter(visible | Q(pk__in=own.values("pk")))

    def of(self, member: User) -> Self:
        """Groups that the member belongs to."""
        return self.filter(memberships__member=member)


class Group(models.Model):
    """People who read a paper together, usually every week."""

    class Visibility(models.TextChoices):
        PUBLIC = "public", "Public: listed, and open to every reader"
        UNLISTED = "unlisted", "Unlisted: open to whoever has the address"
        PRIVATE = "private", "Private: for its members only, and unknown to others"

    class Joining(models.TextChoices):
        OPEN = "open", "Anybody may join"
        REQUEST = "request", "Anybody may ask to join"
        INVITATION = "invitation", "By invitation only"

    name = models.CharField(max_length=80)
    # Part of every address of the group; `groups.naming` says what it may be.
    slug = models.CharField(max_length=40)
    summary = models.CharField(max_length=200, blank=True)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PUBLIC)
    joining = models.CharField(max_length=10, choices=Joining, default=Joining.OPEN)
    # Put to those who ask to join.
    join_question = models.CharField(max_length=300, blank=True)
    # Markdown and what was rendered from it, as comments are.
    description = models.TextField(blank=True)
    description_html = models.TextField(blank=True)
    rules = models.TextField(blank=True)
    rules_html = models.TextField(blank=True)
    rendered_with = models.PositiveSmallIntegerField(default=0)
    topics = models.ManyToManyField(Topic, blank=True, related_name="groups")
    # Where meetings are held unless one says otherwise: for members only.
    join_url = models.URLField(max_length=500, blank=True)
    place = models.CharField(max_length=200, blank=True)
    # How many may come to a meeting; nothing means as many as like.
    capacity = models.PositiveIntegerField(null=True, blank=True)
    minutes_template = models.TextField(default=MINUTES_TEMPLATE, blank=True)
    survey_question = models.CharField(max_length=200, default=SURVEY_QUESTION)
    member_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    # A closed group keeps its pages and does nothing any more.
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = GroupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="groups_addresses_differ"),
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
                name="groups_addresses_are_plain",
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=["public", "unlisted", "private"]),
                name="groups_visibility_is_known",
            ),
            models.CheckConstraint(
                condition=Q(joining__in=["open", "request", "invitation"]),
                name="groups_joining_is_known",
            ),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gt=0),
                name="groups_capacity_lets_somebody_in",
            ),
        ]
        indexes = [
            models.Index(
                F("member_count").desc(),
                F("id").desc(),
                name="groups_largest",
                condition=Q(visibility="public", closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("groups:group_page", args=[self.slug])

    @property
    def is_private(self) -> bool:
        return self.visibility == self.Visibility.PRIVATE

    @property
    def is_public(self) -> bool:
        return self.visibility == self.Visibility.PUBLIC

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


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


class LogEntry(models.Model):
    """What happened in a group: by the clock when nobody is named, else by whom."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="log", db_index=False)
    meeting = models.ForeignKey(
        "groups.Meeting",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="log",
        db_index=False,
    )
    # "phase", "schedule", "joined", "role", "removed", "banned", …: see groups.logbook.
    kind = models.CharField(max_length=24)
    # Of a meeting's changes of phase: the first, the second. Each happens once.
    number = models.PositiveIntegerField(null=True, blank=True)
    words = models.CharField(max_length=300)
    actor = models.ForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    at = models.DateTimeField()
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="groups_phase_changes_once"),
        ]
        indexes = [models.Index(fields=["group", "-id"], name="groups_log")]

    def __str__(self) -> str:
        return self.words


class Notice(models.Model):
    """Something that a group's members are owed, once: a reminder, a ballot, a recap.

    Whom it was told is a Notification for each, under the same event.
    """

    class Kind(models.TextChoices):
        REMINDER = "reminder", "Reminder of a meeting"
        NOMINATIONS = "nominations", "Nominations are open"
        BALLOT = "ballot", "A ballot is open"
        CLOSING = "closing", "A ballot closes soon"
        CHOSEN = "chosen", "The paper is chosen"
        CHANGED = "changed", "A meeting was moved"
        CANCELLED = "cancelled", "A meeting was cancelled"
        RECAP = "recap", "What a meeting left"
        ORGANISERS = "organisers", "For the organisers"

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
    # Within the group: "reminder:123:1440:2026-11-26T17:00Z".
    event = models.CharField(max_length=64)
    at = models.DateTimeField()
    told_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "event"], name="groups_notice_is_given_once"),
        ]

    def __str__(self) -> str:
        return self.event
