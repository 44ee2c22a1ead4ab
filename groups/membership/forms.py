"""Forms for joining, leaving and changing roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from common.form_fields import LinesField
from groups import fields
from groups.cycle.lead_times import LeadTimesField, described
from groups.defaults import Attending
from groups.membership.models import Role

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import QueryDict

    from groups.membership.models import Group, Membership


class JoinForm(forms.Form):
    """The answer to the group's question, if it has one."""

    answer = LinesField(
        label="Message to the organisers",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    def __init__(self, data: QueryDict | None = None, *, group: Group) -> None:
        super().__init__(data, label_suffix="")
        if group.join_question:
            self.fields["answer"].label = group.join_question
            self.fields["answer"].required = True


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Role in this group", widget=forms.RadioSelect)

    def __init__(
        self, data: QueryDict | None = None, *, roles: Collection[Role], now: str = ""
    ) -> None:
        super().__init__(data, initial={"role": now}, label_suffix="")
        says = {
            Role.OWNER: "Owner: runs the group, and decides who else does",
            Role.ORGANISER: "Organiser: plans meetings and manages members",
            Role.MEMBER: "Member: nominates, votes, presents",
            Role.GUEST: "Guest: attends and comments, but does not vote",
        }
        self.fields["role"].choices = [(role.value, says[role]) for role in roles]  # type: ignore[attr-defined]


class BanForm(forms.Form):
    reason = fields.LineField(
        label="Why", max_length=300, required=False, help_text="Organisers see it in the log."
    )


class HandOverForm(forms.Form):
    username = forms.CharField(
        label="New owner",
        help_text="The username of a member of the group.",
        max_length=40,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    stays_as = forms.ChoiceField(
        label="Your role afterwards",
        choices=[
            (Role.OWNER, "Stay an owner too"),
            (Role.ORGANISER, "Stay as an organiser"),
            (Role.MEMBER, "Stay as a member"),
        ],
        initial=Role.ORGANISER,
        widget=forms.RadioSelect,
    )

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().removeprefix("@")


class MembershipForm(forms.Form):
    """A member's settings for one group."""

    usual_answer = forms.ChoiceField(
        label="Do you usually attend?",
        required=False,
        choices=[("", "I answer for each meeting"), *Attending.choices],
        widget=forms.RadioSelect,
        help_text="Applies to every upcoming meeting that you have not answered.",
    )
    reminders = forms.ChoiceField(label="Reminders", widget=forms.RadioSelect)
    own_times = LeadTimesField(label="My own times, before a meeting", required=False)
    shares_progress = forms.BooleanField(label="Share my progress with the group", required=False)
    takes_turns = forms.BooleanField(label="I take turns presenting", required=False)
    folds_ahead = forms.BooleanField(
        label="Hide comments on sections I haven’t read", required=False
    )

    def __init__(self, data: QueryDict | None = None, *, membership: Membership) -> None:
        own = membership.reminder_minutes
        initial = {
            "usual_answer": membership.usual_answer,
            "reminders": "group" if own is None else "own" if own else "none",
            "own_times": own or [],
            "shares_progress": membership.shares_progress,
            "takes_turns": membership.takes_turns,
            "folds_ahead": membership.folds_ahead,
        }
        super().__init__(data, initial=initial, label_suffix="")
        self.fields["own_times"].offer(own or [])  # type: ignore[attr-defined]
        usual = described(membership.group.cycle.reminder_minutes) or "none"
        self.fields["reminders"].choices = [  # type: ignore[attr-defined]
            ("group", f"The group’s default: {usual}"),
            ("own", "My own times"),
            ("none", "None"),
        ]
        if not membership.is_full:
            # Guests do not present.
            del self.fields["takes_turns"]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("reminders") == "own" and not said.get("own_times"):
            self.add_error("own_times", ValidationError("Choose when, or choose no reminders."))
        usual: dict[str, list[int] | None] = {"group": None, "none": []}
        said["reminder_minutes"] = usual.get(said.get("reminders", ""), said.get("own_times"))
        return said

    def settings(self) -> dict[str, Any]:
        """Return the arguments of `groups.settings.changing.change_membership`."""
        left_out = {"reminders", "own_times"}
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}
