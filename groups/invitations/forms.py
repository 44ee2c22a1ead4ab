"""Forms for invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms

from groups.invitations.invitations import DEFAULT_DAYS, MAX_DAYS, MAX_USES
from groups.membership.models import Role

if TYPE_CHECKING:
    from django.http import QueryDict


class InvitationForm(forms.Form):
    """An invitation by link; with an address, by e-mail."""

    by = forms.ChoiceField(
        label="How",
        choices=[("link", "By a link that you share"), ("email", "By e-mail")],
        widget=forms.RadioSelect,
    )
    email = forms.EmailField(
        label="Their e-mail address",
        required=False,
        help_text="Works once, for this e-mail address only.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label="Role")
    max_uses = forms.IntegerField(
        label="How many people can use the link", min_value=1, max_value=MAX_USES, initial=1,
        required=False,
    )  # fmt: skip
    days = forms.IntegerField(
        label="Valid for how many days", min_value=1, max_value=MAX_DAYS, initial=DEFAULT_DAYS
    )

    def __init__(self, data: QueryDict | None = None, *, is_owner: bool) -> None:
        super().__init__(data, initial={"by": "link", "role": Role.MEMBER}, label_suffix="")
        roles = [Role.MEMBER, Role.GUEST, *([Role.ORGANISER] if is_owner else [])]
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]

    def clean(self) -> None:
        said = self.cleaned_data
        if said.get("by") == "email":
            if not said.get("email") and "email" not in self.errors:
                self.add_error("email", "Enter an e-mail address.")
        else:
            said["email"] = ""
        said["max_uses"] = said.get("max_uses") or 1
