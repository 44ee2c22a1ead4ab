"""When a group meets."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from groups.models.groups import Group


class Schedule(models.Model):
    """A rule for meetings from one day to another, at a wall time in a zone.

    A changed rule is a new row from the day on which it holds, and the old one ends the day
    before. With several times, meetings take them in turn: the first at the first, the second
    at the second, so that a group around the world shares the bad hour.
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
    # Every week, every second week.
    interval = models.PositiveSmallIntegerField(default=1)
    # Monday is 0.
    weekday = models.PositiveSmallIntegerField()
    # Which of the month's, for a monthly rule.
    nth = models.SmallIntegerField(choices=Nth, null=True, blank=True)
    times = ArrayField(models.TimeField(), size=4)
    zone = models.CharField(max_length=64)
    starts_on = models.DateField()
    ends_on = models.DateField()
    duration_minutes = models.PositiveSmallIntegerField(default=60)
    # Raised by every change that calendars must notice.
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


class Series(models.Model):
    """A book, or a long paper, that several meetings read part by part."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="series")
    title = models.CharField(max_length=300)
    # A book is no paper of the site's.
    paper = models.ForeignKey(
        "papers.Paper", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    url = models.URLField(max_length=500, blank=True)
    note = models.TextField(max_length=2000, blank=True)
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title


class SeriesPart(models.Model):
    """What of a series one meeting reads."""

    series = models.ForeignKey(
        Series, on_delete=models.CASCADE, related_name="parts", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    # "pp. 31 to 58", "§3": as people say it.
    extent = models.CharField(max_length=80, blank=True)
    meeting = models.OneToOneField(
        "groups.Meeting",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="series_part",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "position"], name="groups_parts_are_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.title
