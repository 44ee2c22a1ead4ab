"""The rule by which a group meets, and the days on which it does not."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import time_zones
from groups.models import Schedule
from groups.scheduling import rules, wall_times, words

if TYPE_CHECKING:
    from datetime import date, time

    from django.http import QueryDict

    from accounts.models import User
    from groups.scheduling.rules import Rule

MAX_SKIPPED = 60
# Calendars describe every change of the clocks up to the last meeting, for whoever asks.
FIRST_YEAR, YEARS_AHEAD = 1970, 20
_TIMES = range(1, rules.MAX_TIMES + 1)


class DayField(forms.DateField):
    """A day within the reach of planning."""

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        last = timezone.now().year + YEARS_AHEAD
        if day is not None and not FIRST_YEAR <= day.year <= last:
            raise ValidationError(f"Choose a day between the years {FIRST_YEAR} and {last}.")
        return day


def day_field(label: str, **options: Any) -> DayField:
    return DayField(
        label=label,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        **options,
    )


def time_field(label: str, **options: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        input_formats=["%H:%M", "%H:%M:%S"],
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        **options,
    )


def zone_field() -> forms.ChoiceField:
    unknown = "“%(value)s” is no time zone. Choose one from the list."
    return forms.ChoiceField(
        label="Time zone", choices=time_zones.choices, error_messages={"invalid_choice": unknown}
    )


def minutes_field() -> forms.IntegerField:
    return forms.IntegerField(
        label="Minutes", min_value=rules.SHORTEST, max_value=rules.LONGEST, initial=60
    )


class ScheduleForm(forms.Form):
    """A rule, and the day from which it holds. `rule` has it when the form is valid."""

    interval = forms.IntegerField(
        label="Every", min_value=1, max_value=rules.MAX_INTERVAL, initial=1
    )
    frequency = forms.ChoiceField(label="Period", choices=Schedule.Frequency)
    weekday = forms.TypedChoiceField(
        label="Weekday", choices=list(enumerate(words.WEEKDAYS)), coerce=int, empty_value=None
    )
    nth = forms.TypedChoiceField(
        label="Of the month",
        choices=[("", "Every one"), *Schedule.Nth.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    time_1 = time_field("Time")
    time_2 = time_field("Second time", required=False)
    time_3 = time_field("Third time", required=False)
    time_4 = time_field("Fourth time", required=False)
    zone = zone_field()
    duration_minutes = minutes_field()
    starts_on = day_field("From this day on")
    ends_on = day_field(
        "Last day of the term", error_messages={"required": "Say when the term ends."}
    )

    rule: Rule

    def __init__(self, data: QueryDict | None = None, **fields: Any) -> None:
        super().__init__(data, label_suffix="", **fields)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if self.errors:
            return said
        times = [said[f"time_{number}"] for number in _TIMES if said[f"time_{number}"] is not None]
        names = ("frequency", "interval", "weekday", "nth", "zone", "starts_on", "ends_on")
        try:
            self.rule = rules.make_rule(
                times=tuple(times),
                duration_minutes=said["duration_minutes"],
                **{name: said[name] for name in names},
            )
        except rules.RuleError as error:
            raise ValidationError(str(error)) from error
        return said


def initial_of(schedule: Schedule | None, *, reader: User) -> dict[str, Any]:
    """Return what the form starts with: the rule that holds, from its next meeting on.

    Of several times the one whose turn it is then stands first.
    """
    now = timezone.now()
    if schedule is None:
        first = timezone.localdate(now) + timedelta(days=7)
        last = first + timedelta(weeks=26)
        zone = reader.time_zone if time_zones.is_time_zone(reader.time_zone) else "UTC"
        return _initial(first.weekday(), [], zone) | {"starts_on": first, "ends_on": last}
    rule = rules.rule_of(schedule)
    coming = [
        each
        for each in rules.occurrences(rule)
        if wall_times.to_instant(each.day, each.time, rule.zone) > now
    ]
    turn = coming[0].index % len(rule.times) if coming else 0
    times = [*rule.times[turn:], *rule.times[:turn]]
    starts_on = coming[0].day if coming else timezone.localdate(now, timezone=ZoneInfo(rule.zone))
    return _initial(rule.weekday, times, rule.zone) | {
        "frequency": rule.frequency,
        "interval": rule.interval,
        "nth": rule.nth,
        "duration_minutes": rule.duration_minutes,
        "starts_on": starts_on,
        "ends_on": rule.ends_on if coming else None,
    }


def _initial(weekday: int, times: list[time], zone: str) -> dict[str, Any]:
    named = {f"time_{number}": at for number, at in enumerate(times, start=1)}
    return {"weekday": weekday, "zone": zone, **named}


class SkipForm(forms.Form):
    """Days without a meeting, as holidays are."""

    days = forms.CharField(
        label="Days",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text="As 2026-12-24, one a line.",
        error_messages={"required": "Give at least one day, as 2026-12-24."},
    )

    def __init__(self, data: QueryDict | None = None, **fields: Any) -> None:
        super().__init__(data, label_suffix="", auto_id="skip-%s", **fields)

    def clean_days(self) -> list[date]:
        given = [each for each in re.split(r"[\s,;]+", self.cleaned_data["days"]) if each]
        if len(given) > MAX_SKIPPED:
            raise ValidationError(f"At most {MAX_SKIPPED} days at once.")
        field = forms.DateField(input_formats=["%Y-%m-%d"])
        days = []
        for each in given:
            try:
                days.append(field.clean(each))
            except ValidationError as error:
                raise ValidationError(
                    f"“{each[:20]}” is no day. Write it as 2026-12-24."
                ) from error
        return days
