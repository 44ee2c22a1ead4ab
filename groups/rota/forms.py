"""Forms for seats and swaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms

from accounts.models import User
from common.form_fields import LinesField
from groups.membership.models import Membership
from groups.rota.models import SeatKind
from groups.rota.seats import MAX_KINDS, KindDraft
from groups.scheduling import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groups.membership.models import Group
    from groups.rota.models import Seat


class SeatForm(forms.Form):
    """Take a seat, leave it, or give it to a member by name."""

    TAKE, LEAVE, GIVE = "take", "leave", "give"

    act = forms.ChoiceField(
        choices=[(TAKE, "Take"), (LEAVE, "Give up"), (GIVE, "Give to a member")],
        error_messages={
            "required": "Choose what to do with the seat.",
            "invalid_choice": "Choose what to do with the seat.",
        },
    )
    username = forms.CharField(label="Username", max_length=60, required=False)

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group
        self.member: User | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("act") == self.GIVE:
            self.member = self._member(cleaned.get("username", ""))
            if self.member is None:
                self.add_error("username", "No full member of the group has this username.")
        return cleaned

    def _member(self, username: str) -> User | None:
        name = username.strip().removeprefix("@")
        inside = Membership.objects.full().filter(group=self.group).values("member")
        member: User | None = User.objects.looking_like(name).filter(pk__in=inside).first()
        return member


class SwapForm(forms.Form):
    """The seat to swap for."""

    seat = forms.TypedChoiceField(
        label="In exchange for",
        coerce=int,
        error_messages={
            "required": "Choose a seat.",
            "invalid_choice": "That seat has changed in the meantime. Choose another one.",
        },
    )
    words = LinesField(
        label="Message",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def __init__(self, *args: Any, seats: Sequence[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["seat"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "Choose a seat"), *((seat.pk, _label(seat)) for seat in seats)]


class SwapAnswerForm(forms.Form):
    """Yes or no to a swap."""

    YES, NO = "accept", "decline"

    answer = forms.ChoiceField(
        choices=[(YES, "Yes"), (NO, "No")],
        error_messages={
            "required": "Choose yes or no.",
            "invalid_choice": "Choose yes or no.",
        },
    )


class SeatKindForm(forms.Form):
    """One seat that a group fills at every meeting."""

    kind = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label="Name", max_length=60, required=False)
    task = LinesField(
        label="What this seat does",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        is_used = cleaned.get("kind") or cleaned.get("task")
        if is_used and not cleaned.get("name") and not cleaned.get("DELETE"):
            self.add_error("name", "Name the seat.")
        return cleaned


class SeatKindFormSet(forms.BaseFormSet[SeatKindForm]):
    """All seats of a group, in the order of their numbers."""

    def drafts(self) -> list[KindDraft]:
        """Return the seats that stay and the new ones, in order."""
        wanted = [
            form.cleaned_data
            for form in self.forms
            if form.cleaned_data.get("name") and not form.cleaned_data.get("DELETE")
        ]
        # The sort is stable: equal numbers keep their order; rows without a number come last.
        wanted.sort(key=lambda each: each.get("ORDER") or MAX_KINDS + 1)
        return [KindDraft(name=each["name"], task=each["task"], pk=each["kind"]) for each in wanted]


SeatKindForms = cast(
    "type[SeatKindFormSet]",
    forms.formset_factory(
        SeatKindForm,
        formset=SeatKindFormSet,
        extra=2,
        can_order=True,
        can_delete=True,
        max_num=MAX_KINDS,
        absolute_max=MAX_KINDS + 10,
    ),
)


def initial_of(drafts: Sequence[KindDraft]) -> list[dict[str, Any]]:
    """Return the initial data of the forms for these seats."""
    return [
        {"kind": draft.pk, "name": draft.name, "task": draft.task, "ORDER": number}
        for number, draft in enumerate(drafts, start=1)
    ]


def drafts_in_use(group: Group) -> list[KindDraft]:
    """Return the current seats of a group, in order. One query."""
    kinds = SeatKind.objects.filter(group=group, retired_at__isnull=True)
    return [KindDraft(name=kind.name, task=kind.task, pk=kind.pk) for kind in kinds]


def _label(seat: Seat) -> str:
    day = words.long_day(seat.meeting.day, year=seat.meeting.day.year)
    return f"{seat.kind.name}, {day}: {seat.member.display_name}"
