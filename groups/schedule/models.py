"""Models for schedules and meetings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from discussions.models import Thread
from groups.cycle.models import Cycle
from groups.membership.models import Group
from groups.scheduling import wall_times
from papers.models import Paper

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class Schedule(models.Model):
    """A rule for meetings from one day to another, at a wall-clock time in a zone.

    A changed rule is a new row from its first day on, and the old one ends the day before. With
    several times, meetings take them in turn: the first at the first, the second at the second, so
    that a group around the world shares the inconvenient hours.
    """

    class Frequency(models.TextChoices):
        WEEKLY = "weekly", "Weeks"
        MONTHLY = "monthly", "Months"

    class Nth(models.IntegerChoices):
        FIRST = 1, "first"
        SECOND = 2, "second"
        THIRD = 3, "third"
        FOURTH = 4, "fourth"
        LAST = -1, "last"

    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="schedules", db_index=False
    )
    frequency = models.CharField(max_length=7, choices=Frequency, default=Frequency.WEEKLY)
    # 2 means every second week.
    interval = models.PositiveSmallIntegerField(default=1)
    # Monday is 0.
    weekday = models.PositiveSmallIntegerField()
    # Which weekday of the month, for a monthly rule.
    nth = models.SmallIntegerField(choices=Nth, null=True, blank=True)
    times = ArrayField(models.TimeField(), size=4)
    zone = models.CharField(max_length=64)
    starts_on = models.DateField()
    ends_on = models.DateField()
    duration_minutes = models.PositiveSmallIntegerField(default=60)
    # Raised by every change that calendars must show.
    sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "starts_on"], name="groups_one_rule_starts_on_a_day"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="groups_term_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(weekday__lte=6, interval__gte=1, interval__lte=12),
                name="groups_rule_numbers_make_sense",
            ),
            models.CheckConstraint(
                condition=Q(frequency="weekly", nth__isnull=True)
                | Q(frequency="monthly", nth__in=[1, 2, 3, 4, -1]),
                name="groups_rule_says_which_of_the_month",
            ),
            models.CheckConstraint(condition=Q(times__len__gte=1), name="groups_rule_has_a_time"),
            models.CheckConstraint(
                condition=Q(duration_minutes__gte=5, duration_minutes__lte=720),
                name="groups_rule_lasts_a_while",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.frequency} from {self.starts_on} to {self.ends_on}"


class Phase(models.TextChoices):
    """The phase of a meeting's cycle; `groups.cycle` defines the transitions."""

    PLANNED = "planned", "Planned"
    NOMINATING = "nominating", "Nominations are open"
    VOTING = "voting", "The ballot is open"
    READY = "ready", "Ready"
    LIVE = "live", "Going on now"
    HELD = "held", "Held"
    # Members are notified, since they may have counted on it.
    CANCELLED = "cancelled", "Cancelled"
    # A week without a meeting, for example a holiday.
    SKIPPED = "skipped", "No meeting"


TO_COME = (Phase.PLANNED, Phase.NOMINATING, Phase.VOTING, Phase.READY)
UPCOMING = (*TO_COME, Phase.LIVE)


OFF = (Phase.CANCELLED, Phase.SKIPPED)


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, reader: User | AnonymousUser) -> Self:
        """Return meetings of groups that the reader may open."""
        return self.filter(group__in=Group.objects.visible_to(reader))

    def upcoming(self) -> Self:
        """Return upcoming and running meetings, the next first, without cancelled ones."""
        return self.filter(phase__in=UPCOMING).order_by("starts_at", "id")

    def not_begun(self) -> Self:
        return self.filter(phase__in=TO_COME, starts_at__gt=timezone.now())

    def running(self) -> Self:
        """Meetings of groups that have not been closed."""
        return self.filter(group__closed_at__isnull=True)

    def held(self) -> Self:
        """Return meetings that took place, latest first."""
        return self.filter(phase=Phase.HELD).order_by("-starts_at", "-id")

    def due(self) -> Self:
        """Return meetings whose next phase change is due by the clock."""
        return self.filter(due_at__lte=timezone.now()).order_by("due_at", "id")


class Meeting(models.Model):
    """One occurrence of a group's schedule, or a meeting outside it.

    `day`, `time` and `zone` are planned; `starts_at` and `ends_at` are computed from them for
    sorting, and computed again when the zone's rules change.
    """

    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="meetings", db_index=False
    )
    # None for a meeting outside every rule.
    schedule = models.ForeignKey(
        Schedule, on_delete=models.PROTECT, null=True, blank=True, related_name="meetings"
    )
    # The day by the rule: part of its URL and of its UID in calendars. It stays when the meeting is
    # moved.
    occurs_on = models.DateField()
    # Earlier values of `occurs_on`, from before the rule was changed.
    former_days = ArrayField(models.DateField(), default=list, blank=True)
    day = models.DateField()
    time = models.TimeField()
    zone = models.CharField(max_length=64)
    duration_minutes = models.PositiveSmallIntegerField(default=60)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # Raised by every change that calendars show.
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)

    phase = models.CharField(max_length=10, choices=Phase, default=Phase.PLANNED)
    phase_number = models.PositiveIntegerField(default=0)
    # When the clock moves it to the next phase; null if never.
    due_at = models.DateTimeField(null=True, blank=True)
    nominations_open_at = models.DateTimeField(null=True, blank=True)
    ballot_opens_at = models.DateTimeField(null=True, blank=True)
    ballot_closes_at = models.DateTimeField(null=True, blank=True)
    choice = models.CharField(max_length=9, choices=Cycle.Choice, default=Cycle.Choice.BALLOT)
    # Why it is cancelled or skipped: shown to members.
    off_reason = models.CharField(max_length=200, blank=True)

    # For a meeting without a paper from the site: a talk, a chapter.
    title = models.CharField(max_length=300, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    papers = models.ManyToManyField(
        Paper, through="MeetingPaper", related_name="group_meetings", blank=True
    )
    # "" and null mean the group's.
    join_url = models.URLField(max_length=500, blank=True)
    place = models.CharField(max_length=200, blank=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    # The end of the written discussion, for those who could not attend.
    written_until = models.DateTimeField(null=True, blank=True)
    thread = models.OneToOneField(Thread, on_delete=models.PROTECT, related_name="meeting")
    # The number of Rsvp rows with a place; denormalized for lists.
    going_count = models.PositiveIntegerField(default=0)

    objects = MeetingQuerySet.as_manager()

    # The fields that `set_moments` computes.
    MOMENTS = (
        "starts_at",
        "ends_at",
        "nominations_open_at",
        "ballot_opens_at",
        "ballot_closes_at",
        "written_until",
        "due_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "occurs_on"], name="groups_one_meeting_on_a_day"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="groups_meeting_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(phase__in=Phase.values), name="groups_phase_is_known"
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | ~Q(phase__in=["held", "cancelled", "skipped"]),
                name="groups_nothing_is_due_after_the_end",
            ),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gt=0),
                name="groups_meeting_lets_somebody_in",
            ),
        ]
        indexes = [
            models.Index(fields=["group", "-starts_at", "-id"], name="groups_meetings"),
            models.Index(fields=["due_at"], name="groups_due", condition=Q(due_at__isnull=False)),
            # For reminders, which query meetings that begin soon in all groups.
            models.Index(
                fields=["starts_at"],
                name="groups_soon",
                condition=Q(phase__in=["planned", "nominating", "voting", "ready"]),
            ),
            GinIndex(fields=["former_days"], name="groups_former_days"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} on {self.day}"

    def get_absolute_url(self) -> str:
        """Return the meeting's URL; queries its group unless it is loaded."""
        return reverse("groups:meeting_page", args=[self.group.slug, self.occurs_on])

    @property
    def is_upcoming(self) -> bool:
        return self.phase in UPCOMING

    @property
    def has_begun(self) -> bool:
        """Return whether it has begun, on time or started early by an organiser."""
        return self.phase in (Phase.LIVE, Phase.HELD) or self.starts_at <= timezone.now()

    @property
    def is_off(self) -> bool:
        return self.phase in OFF

    @property
    def is_moved(self) -> bool:
        """Return whether it is held on another day than the rule says."""
        return self.day != self.occurs_on

    def set_moments(self, cycle: Cycle) -> None:
        """Compute every moment from the wall time and the group's cycle.

        Changes only the instance: the caller saves MOMENTS.
        """
        wall = (self.day, self.time, self.zone)
        self.starts_at = wall_times.to_instant(*wall)
        self.ends_at = self.starts_at + self.duration
        has_ballot = self.choice == Cycle.Choice.BALLOT
        for field, hours in (
            ("nominations_open_at", cycle.nominations_open_hours),
            ("ballot_opens_at", cycle.ballot_opens_hours),
            ("ballot_closes_at", cycle.ballot_closes_hours),
        ):
            setattr(self, field, wall_times.hours_before(*wall, hours) if has_ballot else None)
        days = timedelta(days=cycle.written_days)
        self.written_until = self.ends_at + days if days else None
        self.due_at = self.next_due_at()

    def next_due_at(self) -> datetime | None:
        """Return when the clock moves it to its next phase; None if never.

        A meeting whose paper an organiser picks needs no nominations: it is ready from the start.
        """
        next_at = {
            Phase.PLANNED: self.nominations_open_at or self.starts_at,
            Phase.NOMINATING: self.ballot_opens_at or self.starts_at,
            Phase.VOTING: self.ballot_closes_at or self.starts_at,
            Phase.READY: self.starts_at,
            Phase.LIVE: self.ends_at,
        }
        return next_at.get(Phase(self.phase))

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.duration_minutes)


class MeetingPaper(models.Model):
    """A paper that a meeting reads."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="readings", db_index=False
    )
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="readings")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "paper"], name="groups_meeting_reads_a_paper_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} at {self.meeting_id}"


class Pulse(models.Model):
    """A counter of changes in the room, which live pages poll.

    A separate row, because it changes with every vote and the meeting does not.
    """

    meeting = models.OneToOneField(
        Meeting, on_delete=models.CASCADE, primary_key=True, related_name="pulse"
    )
    beat = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.beat}"
