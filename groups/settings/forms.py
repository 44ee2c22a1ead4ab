"""Forms for the settings of a group and of its cycle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict

from common.form_fields import LinesField
from groups import fields
from groups.attendance import answers
from groups.cycle.lead_times import LeadTimesField
from groups.cycle.models import Cycle
from groups.membership.models import Group
from groups.schedule.forms import ask_before_loss
from papers.models import Topic

if TYPE_CHECKING:
    from django.http import QueryDict

MAX_TOPICS = 10
MAX_TEMPLATE = 5_000

# The effects of a change of visibility.
_OPENS = (
    "Everyone will be able to read the group’s pages, past ones too: meetings with their "
    "discussions, minutes, archive and ballots. Members are notified."
)
_LISTS = (
    "Everyone will be able to find the group: in the list of groups, in search and on the "
    "pages of papers. Members are notified."
)
_SHUTS = (
    "Only members will be able to read the group’s pages; nobody else will see that the group "
    "exists. Others keep what they have already copied or subscribed to. Members are "
    "notified."
)
_HIDES = "The group will no longer be listed. Anyone with the link can still read it."


def consequence(before: str, after: str) -> str:
    """Return the effect of a change of visibility on existing pages; "" for none."""
    kinds = Group.Visibility
    if before == after:
        return ""
    if after == kinds.PRIVATE:
        return _SHUTS
    if before == kinds.PRIVATE:
        return _OPENS if after == kinds.UNLISTED else f"{_OPENS} {_LISTS}"
    return _LISTS if after == kinds.PUBLIC else _HIDES


class TopicsField(forms.CharField):
    """Topics by code or name, separated by lines or commas."""

    widget = forms.Textarea(attrs={"rows": 2, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else "\n".join(topic.code for topic in value or [])

    def clean(self, value: Any) -> list[Topic]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if not lines:
            return []
        topics = Topic.objects.all()
        known = {topic.name.casefold(): topic for topic in topics}
        known |= {topic.code.casefold(): topic for topic in topics}
        # A name may contain a comma.
        words = [
            word.strip()
            for line in lines
            for word in ([line] if line.casefold() in known else line.split(","))
        ]
        words = [word for word in words if word]
        if unknown := [word for word in words if word.casefold() not in known]:
            raise ValidationError(f"There is no topic “{unknown[0][:60]}”.", code="unknown")
        found = list(dict.fromkeys(known[word.casefold()] for word in words))
        if len(found) > MAX_TOPICS:
            raise ValidationError(f"Choose up to {MAX_TOPICS} topics.", code="too_many")
        return found


# Hidden fields that hold confirmed warnings, and are no settings.
_CONFIRMATIONS = {"confirmed", "confirmed_capacity"}


class GroupForm(forms.Form):
    """All settings of a group except its address, which cannot change."""

    name = fields.name_field()
    summary = fields.LineField(label="Summary", max_length=200, required=False)
    description = fields.TextField(
        label="Description", help_text="In Markdown. Shown on the page about the group."
    )
    rules = fields.TextField(label="Rules", help_text="What you expect of members.")
    topics = TopicsField(
        label="Topics",
        required=False,
        help_text="By code or by name, such as cs.LG or Machine Learning, separated by commas.",
    )
    visibility = forms.ChoiceField(
        label="Who can see it", choices=Group.Visibility.choices, widget=forms.RadioSelect
    )
    # The visibility whose effect the organiser confirmed.
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)
    joining = forms.ChoiceField(
        label="Who can join",
        choices=Group.Joining.choices,
        widget=forms.RadioSelect,
        help_text="A private group can only be joined by invitation, whatever you choose here.",
    )
    join_question = fields.LineField(
        label="Question for people who ask to join", max_length=300, required=False
    )
    join_url = forms.URLField(
        label="Join link",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Where you meet online. Only members see it; a meeting can have its own.",
    )
    place = fields.LineField(
        label="Place", max_length=200, required=False, help_text="Only members see it."
    )
    capacity = forms.IntegerField(
        label="Maximum number of attendees",
        required=False,
        min_value=1,
        max_value=100_000,
        help_text="If empty, there is no limit. More members than that go on a waiting list.",
    )
    # The loss of places that the organiser confirmed.
    confirmed_capacity = forms.CharField(required=False, widget=forms.HiddenInput)
    minutes_template = LinesField(
        label="Minutes template",
        required=False,
        max_length=MAX_TEMPLATE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
    )
    survey_question = fields.LineField(label="The question after a meeting", max_length=200)

    def __init__(self, data: QueryDict | None = None, *, group: Group) -> None:
        self.group = group
        names = [name for name in self.base_fields if name not in {"topics", *_CONFIRMATIONS}]
        initial = {name: getattr(group, name) for name in names}
        if data is None:
            initial["topics"] = list(group.topics.all())
        super().__init__(data, initial=initial, label_suffix="")
        # The warning to confirm, as shown on the page.
        self.warning = ""

    def clean_join_url(self) -> str:
        url: str = self.cleaned_data["join_url"]
        if url and not url.lower().startswith(("https://", "http://")):
            raise ValidationError("The link must begin with https://")
        return url

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        wanted = said.get("visibility", self.group.visibility)
        if wanted == Group.Visibility.PRIVATE:
            said["joining"] = Group.Joining.INVITATION
        self.warning = consequence(self.group.visibility, wanted)
        if self.warning and said.get("confirmed") != wanted:
            self.add_error("visibility", "Check what this changes, then save again.")
            # The form is shown again with the confirmation that its next submission needs.
            self.data = {**self._typed(), "confirmed": wanted}
        capacity = said.get("capacity")
        if "capacity" in said and capacity != self.group.capacity:
            found = answers.consequence_for_group(self.group, capacity)
            ask_before_loss(self, found, capacity, confirmed="confirmed_capacity")
        return said

    def _typed(self) -> dict[str, Any]:
        return {name: self.data[name] for name in self.data}

    def settings(self) -> dict[str, Any]:
        """Return the arguments of `groups.settings.changing.change_group`."""
        typed = self.cleaned_data.items()
        return {name: value for name, value in typed if name not in _CONFIRMATIONS}


_STEPS = ("nominations_open", "ballot_opens", "ballot_closes")


class CycleForm(forms.Form):
    """How the paper is chosen and when: days and hours before the meeting."""

    choice = forms.ChoiceField(
        label="Who picks the paper", choices=Cycle.Choice.choices, widget=forms.RadioSelect
    )
    nominations_open_days = forms.IntegerField(label="Nominations open", min_value=0, max_value=120)
    nominations_open_hours = forms.IntegerField(label="and hours", min_value=0, max_value=23)
    ballot_opens_days = forms.IntegerField(label="The ballot opens", min_value=0, max_value=120)
    ballot_opens_hours = forms.IntegerField(label="and hours", min_value=0, max_value=23)
    ballot_closes_days = forms.IntegerField(label="The ballot closes", min_value=0, max_value=120)
    ballot_closes_hours = forms.IntegerField(label="and hours", min_value=0, max_value=23)
    method = forms.ChoiceField(
        label="Voting method", choices=Cycle.Method.choices, widget=forms.RadioSelect
    )
    max_approvals = forms.IntegerField(
        label="Maximum number of approvals",
        min_value=0,
        max_value=50,
        help_text="For approval voting. 0 means no limit.",
    )
    electorate = forms.ChoiceField(
        label="Who votes", choices=Cycle.Electorate.choices, widget=forms.RadioSelect
    )
    electorate_meetings = forms.IntegerField(
        label="Look back this many meetings", min_value=1, max_value=52,
        help_text="If only members who attended one of the last meetings can vote.",
    )  # fmt: skip
    hides_results = forms.BooleanField(
        label="Hide the results until the ballot closes", required=False
    )
    quorum = forms.IntegerField(
        label="Quorum",
        min_value=1,
        max_value=10_000,
        help_text="With fewer votes nothing is chosen.",
    )
    max_candidates = forms.IntegerField(
        label="Most nominations on one ballot",
        min_value=2,
        max_value=50,
        help_text="Those with most seconds come first, then the earliest.",
    )
    rounds_kept = forms.IntegerField(
        label="Drop a nomination after this many lost ballots", min_value=1, max_value=52
    )
    reminder_minutes = LeadTimesField(label="Reminders", required=False)
    written_days = forms.IntegerField(
        label="Days for written discussion after a meeting",
        min_value=0,
        max_value=60,
        help_text="For members who could not attend. 0 means none.",
    )

    def __init__(self, data: QueryDict | None = None, *, cycle: Cycle) -> None:
        initial = model_to_dict(cycle)
        for step in _STEPS:
            days, hours = divmod(getattr(cycle, f"{step}_hours"), 24)
            initial |= {f"{step}_days": days, f"{step}_hours": hours}
        super().__init__(data, initial=initial, label_suffix="")
        self.fields["reminder_minutes"].offer(cycle.reminder_minutes)  # type: ignore[attr-defined]

    @property
    def steps(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Return the moments of the cycle for the template: label, days, hours."""
        pairs = [(self[f"{step}_days"], self[f"{step}_hours"]) for step in _STEPS]
        return [(str(days.label), days, hours) for days, hours in pairs]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        hours = {step: self._hours(step) for step in _STEPS}
        if None not in hours.values():
            opens, starts, closes = (hours[step] or 0 for step in _STEPS)
            if starts <= closes:
                self.add_error("ballot_closes_days", "The ballot must close after it opens.")
            if opens <= starts:
                self.add_error(
                    "ballot_opens_days", "The ballot must open after nominations have opened."
                )
        return said

    def _hours(self, step: str) -> int | None:
        days = self.cleaned_data.get(f"{step}_days")
        hours = self.cleaned_data.get(f"{step}_hours")
        return None if days is None or hours is None else days * 24 + hours

    def settings(self) -> dict[str, Any]:
        """Return the arguments of `groups.settings.changing.change_cycle`."""
        said = {name: value for name, value in self.cleaned_data.items() if "_days" not in name}
        said |= {f"{step}_hours": self._hours(step) for step in _STEPS}
        return said | {"written_days": self.cleaned_data["written_days"]}
