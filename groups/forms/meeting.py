"""What an organiser says of one meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from groups.attending import answers
from groups.forms.naming import LineField
from groups.forms.schedule import day_field, minutes_field, time_field, zone_field
from groups.models import Cycle, Meeting
from groups.planning import readings
from groups.planning.editing import Details

if TYPE_CHECKING:
    from django.http import QueryDict

    from groups.attending.places import Consequence


class PapersField(forms.CharField):
    """Papers, one a line: an arXiv id, a DOI, or an address that holds one."""

    widget = forms.Textarea(attrs={"rows": 2, "spellcheck": "false"})

    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in (super().clean(value) or "").splitlines()]
        given = list(dict.fromkeys(line for line in lines if line))
        if len(given) > readings.MAX_PAPERS:
            raise ValidationError(f"A meeting reads {readings.MAX_PAPERS} papers at most.")
        try:
            readings.unknown_among(given)
        except readings.PaperRefusedError as error:
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


def note_field() -> forms.CharField:
    return forms.CharField(
        label="Note",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="For all who may see the meeting. Plain text.",
    )


class MoveForm(forms.Form):
    """Another time for one meeting."""

    day = day_field("Day")
    time = time_field("Time")
    zone = zone_field()

    def __init__(self, data: QueryDict | None = None, *, meeting: Meeting) -> None:
        initial = {"day": meeting.day, "time": meeting.time, "zone": meeting.zone}
        super().__init__(data, initial=initial, label_suffix="")


class AddForm(forms.Form):
    """A meeting that no rule asks for."""

    day = day_field("Day")
    time = time_field("Time")
    zone = zone_field()
    duration_minutes = minutes_field()
    title = LineField(
        label="Title",
        max_length=300,
        required=False,
        help_text="Where it is not about a paper of the site: a talk, a kick-off.",
    )
    note = note_field()

    def __init__(self, data: QueryDict | None = None, **fields: Any) -> None:
        super().__init__(data, label_suffix="", **fields)


class OffForm(forms.Form):
    """Whether a meeting takes place: `act` says so, and a second press does no harm."""

    ACTS = (
        ("skip", "There is no meeting that week. Nobody is told."),
        ("cancel", "The meeting is cancelled. Every member is told."),
    )

    act = forms.ChoiceField(
        label="What is it",
        choices=ACTS,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether there is no meeting, or it is cancelled."},
    )
    reason = LineField(
        label="Why",
        max_length=200,
        required=False,
        help_text="Shown to members: “the room is closed”.",
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="")


def ask_before_loss(
    form: forms.Form, found: Consequence, capacity: int | None, *, confirmed: str
) -> None:
    """Have a form say who loses their place, and take it when it is sent once more.

    The hidden field holds what was read: where more lose theirs by then, it is asked again.
    """
    read = f"{capacity} {found.losing_count}"
    if found.losing_count and form.cleaned_data.get(confirmed) != read:
        form.add_error("capacity", f"{found.words} Save once more, if that is meant.")
        form.data = {**{name: form.data[name] for name in form.data}, confirmed: read}


class MeetingForm(forms.Form):
    """All of a meeting but its time."""

    choice = forms.ChoiceField(
        label="What is read",
        choices=Cycle.Choice,
        widget=forms.RadioSelect,
        error_messages={"required": "Say who chooses."},
    )
    papers = PapersField(
        label="Papers",
        max_length=2000,
        required=False,
        help_text="Where an organiser picks, or the ballot is over. "
        "An arXiv id, a DOI or an address, one a line.",
    )
    title = LineField(
        label="Title",
        max_length=300,
        required=False,
        help_text="Where it is not about a paper of the site: a talk, a chapter.",
    )
    note = note_field()
    join_url = link_field("Link for joining", help_text="For members only. Empty: the group’s.")
    place = LineField(
        label="Place", max_length=200, required=False, help_text="Empty: the group’s."
    )
    capacity = forms.IntegerField(
        label="Places",
        min_value=1,
        max_value=100_000,
        required=False,
        help_text="Empty: as in the group. Where more would come they wait, in the order in "
        "which they answered.",
    )
    duration_minutes = minutes_field()
    # Holds the loss of places that was read.
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, meeting: Meeting) -> None:
        self.meeting = meeting
        initial = {name: getattr(meeting, name) for name in Details.__dataclass_fields__}
        reads = meeting.readings.select_related("paper")
        initial["papers"] = "\n".join(each.paper.external_id for each in reads)
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
