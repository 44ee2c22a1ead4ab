"""Forms for creating a group."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from common.time_zone_field import TimeZoneField
from groups import fields as groups_fields
from groups.membership.models import Group
from groups.schedule.forms import DayField
from groups.scheduling import rules

if TYPE_CHECKING:
    from django.http import QueryDict

    from groups.scheduling.rules import Rule

A_YEAR = timedelta(days=364)
USUAL_TIME = "18:00"
RHYTHMS = {
    "weekly": "Every week",
    "fortnightly": "Every second week",
    "monthly": "Every month, on the same weekday",
}
# From this day of the month, a weekday is its last, and no longer its fourth.
_FIFTH_WEEK = 28


class CloneForm(forms.Form):
    """The name and address of a group cloned from another."""

    name = groups_fields.name_field()
    slug = groups_fields.slug_field()

    def clean_slug(self) -> str:
        return groups_fields.clean_slug(self)


class FoundingForm(forms.Form):
    """A new group on one page. Without a first meeting it has no schedule."""

    name = groups_fields.name_field()
    slug = groups_fields.slug_field()
    summary = groups_fields.LineField(
        label="Summary",
        max_length=200,
        required=False,
        help_text="What you read and who it is for.",
    )
    visibility = forms.ChoiceField(
        label="Who can see it",
        choices=Group.Visibility.choices,
        initial=Group.Visibility.PUBLIC,
        widget=forms.RadioSelect,
    )
    joining = forms.ChoiceField(
        label="Who can join",
        choices=Group.Joining.choices,
        initial=Group.Joining.OPEN,
        widget=forms.RadioSelect,
        help_text="A private group can only be joined by invitation, whatever you choose here.",
    )
    join_question = groups_fields.LineField(
        label="Question for people who ask to join", max_length=300, required=False
    )
    first_on = DayField(
        label="First meeting",
        required=False,
        help_text="Leave empty to decide later.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    at = forms.TimeField(
        label="Time",
        required=False,
        initial=USUAL_TIME,
        widget=forms.TimeInput(attrs={"type": "time"}),
    )
    zone = TimeZoneField(label="Time zone of the group", required=False)
    rhythm = forms.ChoiceField(
        label="How often", required=False, choices=list(RHYTHMS.items()), initial="weekly"
    )
    ends_on = DayField(
        label="Last day of the term",
        required=False,
        help_text="If empty, a year after the first meeting. You can extend it later.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, data: QueryDict | None = None, **fields: Any) -> None:
        super().__init__(data, label_suffix="", **fields)

    def clean_slug(self) -> str:
        return groups_fields.clean_slug(self)

    def clean_first_on(self) -> Any:
        day = self.cleaned_data["first_on"]
        # The day may still be today elsewhere in the world.
        if day and day < timezone.now().date() - timedelta(days=1):
            raise ValidationError("This day has passed.")
        return day

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("visibility") == Group.Visibility.PRIVATE:
            said["joining"] = Group.Joining.INVITATION
        said["schedule"] = None
        if said.get("first_on") and not self.errors:
            try:
                said["schedule"] = self._rule()
            except rules.RuleError as error:
                self.add_error("first_on", str(error))
        return said

    def _rule(self) -> Rule | None:
        """Return a rule that continues from the first meeting, if there is one."""
        said = self.cleaned_data
        if not said["at"]:
            self.add_error("at", "Enter the time you meet.")
            return None
        if not said["zone"]:
            self.add_error("zone", "Choose a time zone from the list.")
            return None
        day, rhythm = said["first_on"], said["rhythm"] or "weekly"
        is_monthly = rhythm == "monthly"
        nth = rules.LAST if day.day > _FIFTH_WEEK else (day.day - 1) // 7 + 1
        return rules.make_rule(
            frequency=rules.MONTHLY if is_monthly else rules.WEEKLY,
            interval=2 if rhythm == "fortnightly" else 1,
            weekday=day.weekday(),
            nth=nth if is_monthly else None,
            times=(said["at"].replace(second=0, microsecond=0),),
            zone=said["zone"],
            starts_on=day,
            ends_on=said["ends_on"] or day + A_YEAR,
        )

    def founding_fields(self) -> dict[str, Any]:
        """Return the arguments of `groups.founding.founding.found_group`."""
        names = ("name", "slug", "summary", "visibility", "joining", "join_question", "schedule")
        return {name: self.cleaned_data[name] for name in names}
