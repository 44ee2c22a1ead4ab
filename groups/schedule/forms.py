"""Forms for a group's schedule and for single meetings."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone

from common import time_zones
from common.form_fields import LinesField
from common.refusals import Refused
from common.time_zone_field import TimeZoneField
from groups.attendance import answers
from groups.cycle.models import Cycle
from groups.fields import LineField
from groups.schedule import readings
from groups.schedule.editing import Details
from groups.schedule.models import Meeting, Schedule
from groups.scheduling import rules, wall_times, words

if TYPE_CHECKING:
    from datetime import date, time

    from django.http import QueryDict

    from accounts.models import User
    from groups.attendance.answers import Consequence
    from groups.scheduling.rules import Rule


MAX_SKIPPED = 60


# Anybody may request a calendar, which lists every clock change up to the last meeting.
FIRST_YEAR, YEARS_AHEAD = 1970, 20


_TIMES = range(1, rules.MAX_TIMES + 1)


class DayField(forms.DateField):
    """A day within the range of planning."""

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


def minutes_field() -> forms.IntegerField:
    return forms.IntegerField(
        label="Minutes", min_value=rules.SHORTEST, max_value=rules.LONGEST, initial=60
    )


class ScheduleForm(forms.Form):
    """A rule and its first day; `rule` is set when the form is valid."""

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
    zone = TimeZoneField()
    duration_minutes = minutes_field()
    starts_on = day_field("Starting on")
    ends_on = day_field(
        "Last day of the term", error_messages={"required": "Enter when the term ends."}
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
    """Return the initial data: the current rule, from its next meeting on.

    Of several times, the one for the next meeting comes first.
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
    """Days without a meeting, for example holidays."""

    days = LinesField(
        label="Days",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text="Such as 2026-12-24, one per line.",
        error_messages={"required": "Enter at least one day, such as 2026-12-24."},
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
                    f"“{each[:20]}” is not a day. Write it like 2026-12-24."
                ) from error
        return days


class PapersField(LinesField):
    """Papers, one per line: an arXiv id, a DOI, or a URL that contains one."""

    widget = forms.Textarea(attrs={"rows": 2, "spellcheck": "false"})

    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in (super().clean(value) or "").splitlines()]
        given = list(dict.fromkeys(line for line in lines if line))
        if len(given) > readings.MAX_PAPERS:
            raise ValidationError(f"A meeting can have at most {readings.MAX_PAPERS} papers.")
        try:
            readings.unknown_among(given)
        except Refused as error:
            raise ValidationError(str(error)) from error
        return given


def link_field(label: str, **options: Any) -> forms.URLField:
    return forms.URLField(
        label=label,
        max_length=500,
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
        **options,
    )


def note_field() -> LinesField:
    return LinesField(
        label="Note",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="Everyone who can see the meeting can see the note. Plain text.",
    )


class MoveForm(forms.Form):
    """Another time for one meeting."""

    day = day_field("Day")
    time = time_field("Time")
    zone = TimeZoneField()

    def __init__(self, data: QueryDict | None = None, *, meeting: Meeting) -> None:
        initial = {"day": meeting.day, "time": meeting.time, "zone": meeting.zone}
        super().__init__(data, initial=initial, label_suffix="")


class AddForm(forms.Form):
    """A meeting outside the rule."""

    day = day_field("Day")
    time = time_field("Time")
    zone = TimeZoneField()
    duration_minutes = minutes_field()
    title = LineField(
        label="Title",
        max_length=300,
        required=False,
        help_text="If it is not about a paper on this site: a talk, a kick-off.",
    )
    note = note_field()

    def __init__(self, data: QueryDict | None = None, **fields: Any) -> None:
        super().__init__(data, label_suffix="", **fields)


class OffForm(forms.Form):
    """Cancels, skips or restores a meeting, as `act` says; repeating it is harmless."""

    ACTS = (
        ("skip", "Skip this date. Nobody is notified."),
        ("cancel", "Cancel this meeting. Every member is notified."),
    )

    act = forms.ChoiceField(
        label="What to do",
        choices=ACTS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether to skip the date or cancel the meeting."},
    )
    reason = LineField(
        label="Why",
        max_length=200,
        required=False,
        help_text="Shown to members, for example “the room is closed”.",
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="")


def ask_before_loss(
    form: forms.Form, found: Consequence, capacity: int | None, *, confirmed: str
) -> None:
    """Make a form warn about members who would lose their places, and accept a second submission.

    The hidden field holds the confirmed loss: if more members would lose theirs by then, it warns
    again.
    """
    read = f"{capacity} {found.losing_count}"
    if found.losing_count and form.cleaned_data.get(confirmed) != read:
        form.add_error("capacity", f"{found.words} Save again to confirm.")
        form.data = {**{name: form.data[name] for name in form.data}, confirmed: read}


class MeetingForm(forms.Form):
    """All settings of a meeting except its time."""

    choice = forms.ChoiceField(
        label="Who picks the paper",
        choices=Cycle.Choice,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who picks the paper."},
    )
    papers = PapersField(
        label="Papers",
        max_length=2000,
        required=False,
        help_text="If an organiser picks, or the ballot is over. An arXiv id, a DOI or an "
        "address, one per line.",
    )
    title = LineField(
        label="Title",
        max_length=300,
        required=False,
        help_text="If it is not about a paper on this site: a talk, a chapter.",
    )
    note = note_field()
    join_url = link_field(
        "Join link", help_text="For members only. If empty, the group’s link is used."
    )
    place = LineField(
        label="Place",
        max_length=200,
        required=False,
        help_text="If empty, the group’s place is used.",
    )
    capacity = forms.IntegerField(
        label="Places",
        min_value=1,
        max_value=100_000,
        required=False,
        help_text="If empty, the group’s limit is used. More members than that go on a "
        "waiting list, in the order in which they answered.",
    )
    duration_minutes = minutes_field()
    # The loss of places that the organiser confirmed.
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, meeting: Meeting) -> None:
        self.meeting = meeting
        initial = {name: getattr(meeting, name) for name in Details.__dataclass_fields__}
        reads = meeting.readings.select_related("paper")
        initial["papers"] = "\n".join(str(each.paper.ref) for each in reads)
        super().__init__(data, initial=initial, label_suffix="")

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        capacity = said.get("capacity")
        if "capacity" in said and capacity != self.meeting.capacity:
            found = answers.consequence(self.meeting, capacity)
            ask_before_loss(self, found, capacity, confirmed="confirmed")
        return said

    @property
    def details(self) -> Details:
        return Details(**{name: self.cleaned_data[name] for name in Details.__dataclass_fields__})
