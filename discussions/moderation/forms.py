"""Forms for reports, moderators' acts and appeals."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from common.form_fields import LinesField
from common.text import tidy_line
from discussions.moderation.models import Act, Appeal, Report

if TYPE_CHECKING:
    from collections.abc import Iterable

Kind = Act.Kind

# Suggested reasons, which moderators may replace.
REASONS_AGAINST = {
    Report.Reason.SPAM: "It was spam or advertising.",
    Report.Reason.HOSTILE: "It was hostile or demeaning.",
    Report.Reason.PRIVATE: "It revealed private information.",
    Report.Reason.MISLEADING: "It was misleading on purpose, or impersonated someone.",
    Report.Reason.OFF_TOPIC: "It was not about the paper.",
}
REASONS_FOR = ["It follows the rules.", "The action was a mistake.", "The matter is settled."]
REASON_TO_DISMISS = "It follows the rules."
REASON_TO_RELEASE = "The links are relevant."

# The labels of the buttons.
BUTTONS = {
    Kind.HIDE: "Hide",
    Kind.SPAM: "Hide as spam",
    Kind.RESTORE: "Show it again",
    Kind.RELEASE: "Approve",
    Kind.LOCK: "Close the thread",
    Kind.UNLOCK: "Open the thread",
    Kind.WARN: "Warn",
    Kind.SUSPEND: "Suspend",
    Kind.LIFT: "End the suspension",
    Kind.VOID_VOTES: "Void the votes",
    Kind.RESTORE_VOTES: "Restore the votes",
}
_MOST_DAYS = 3660


class ReportForm(forms.Form):
    reason = forms.TypedChoiceField(
        label="What is wrong with it?",
        choices=Report.Reason.choices,
        coerce=Report.Reason,
        widget=forms.RadioSelect,
    )
    note = LinesField(
        label="Anything the moderators should know",
        max_length=Report.MAX_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Up to {Report.MAX_NOTE:,} characters. Only moderators see it, and your name.",
    )


class ReasonForm(forms.Form):
    """The fields of every act."""

    reason = forms.CharField(
        label="Reason",
        max_length=Act.MAX_REASON,
        widget=forms.TextInput(attrs={"list": "reasons", "autocomplete": "off"}),
        help_text="Public: it appears in the log, and the member is notified.",
        error_messages={"required": "Give a reason. It is public."},
    )

    def clean_reason(self) -> str:
        reason = tidy_line(self.cleaned_data["reason"])
        if not reason:
            raise ValidationError("Give a reason. It is public.", code="required")
        return reason


class ActForm(ReasonForm):
    """One of the acts available now, chosen by the button."""

    note = LinesField(
        label="Note for moderators",
        max_length=Act.MAX_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Nobody else reads it.",
    )
    act = forms.TypedChoiceField(
        coerce=Kind,
        widget=forms.HiddenInput,
        error_messages={
            "required": "Choose what to do.",
            "invalid_choice": "That cannot be done here.",
        },
    )

    # All acts possible for this kind of subject, including those already done.
    known: ClassVar[frozenset[Act.Kind]] = frozenset()

    def __init__(self, *args: Any, offered: Iterable[Act.Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.buttons = [(kind.value, BUTTONS[kind]) for kind in offered]
        self.fields["act"].choices = [  # type: ignore[attr-defined]
            (kind.value, BUTTONS[kind]) for kind in self.known
        ]


class CommentActForm(ActForm):
    known = frozenset({Kind.HIDE, Kind.SPAM, Kind.RESTORE, Kind.RELEASE, Kind.WARN})


class ThreadActForm(ActForm):
    known = frozenset({Kind.LOCK, Kind.UNLOCK})


class MemberActForm(ActForm):
    known = frozenset({Kind.WARN, Kind.SUSPEND, Kind.LIFT, Kind.VOID_VOTES, Kind.RESTORE_VOTES})
    until = forms.DateField(
        label="Suspend until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="The day they can come back, at 0:00 UTC.",
    )

    field_order = ["reason", "until", "note"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("act") == Kind.SUSPEND and "until" not in self.errors:
            until = cleaned.get("until")
            if until is None:
                self.add_error("until", "Enter the day they can come back.")
            elif not _today() < until <= _today() + timedelta(days=_MOST_DAYS):
                self.add_error("until", "Choose a day from tomorrow on, within ten years.")
        return cleaned

    @property
    def end(self) -> datetime:
        return datetime.combine(self.cleaned_data["until"], time(), UTC)


class DecisionForm(ReasonForm):
    outcome = forms.TypedChoiceField(
        choices=Appeal.Outcome.choices,
        coerce=Appeal.Outcome,
        widget=forms.HiddenInput,
        error_messages={"required": "Choose whether the action is undone or stands."},
    )
    answer = LinesField(
        label="Answer to the member",
        max_length=Appeal.MAX_ANSWER,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Only they see it. If empty, they see the reason.",
    )


def _today() -> date:
    return timezone.now().astimezone(UTC).date()
