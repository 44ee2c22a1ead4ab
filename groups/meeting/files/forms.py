"""The form that adds a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.validators import URLValidator
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from groups.meeting.files import files
from groups.meeting.files.models import MeetingFile

if TYPE_CHECKING:
    from datetime import date

    from django.http import QueryDict
    from django.utils.datastructures import MultiValueDict


class FileForm(forms.Form):
    """Either a link or a file."""

    kind = forms.ChoiceField(label="Type", choices=MeetingFile.Kind)
    title = forms.CharField(
        label="Name",
        max_length=200,
        required=False,
        help_text="If empty, the name of the file is used.",
    )
    url = forms.URLField(
        label="Link",
        max_length=500,
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
    )
    file = forms.FileField(label="Or a file", required=False, max_length=300, allow_empty_file=True)
    has_consent = forms.BooleanField(label="Everyone in the recording agreed to it", required=False)
    kept_until = forms.DateField(
        label="Keep the recording until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="It is deleted after this day.",
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        sent: MultiValueDict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, sent, **options)
        limit = settings.UPLOAD_MAX_BYTES
        self.fields["file"].help_text = f"Up to {filesizeformat(limit)}."
        self.fields["file"].widget.attrs["data-max-bytes"] = limit
        today = timezone.now().date()
        self.fields["kept_until"].initial = (today + files.RECORDING_KEPT).isoformat()
        self.fields["kept_until"].widget.attrs |= {
            "min": today.isoformat(),
            "max": (today + files.LONGEST_KEPT).isoformat(),
        }

    def clean_kept_until(self) -> date | None:
        day: date | None = self.cleaned_data["kept_until"]
        today = timezone.now().date()
        if day is not None and not today <= day <= today + files.LONGEST_KEPT:
            raise forms.ValidationError("Choose a day within the next two years.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        is_recording = cleaned.get("kind") == MeetingFile.Kind.RECORDING
        if is_recording and not cleaned.get("has_consent"):
            self.add_error("has_consent", "A recording needs the consent of everyone in it.")
        if cleaned.get("file") and cleaned.get("url"):
            self.add_error("url", "Choose a link or a file, not both.")
        elif not cleaned.get("file") and not self.errors and not cleaned.get("url"):
            self.add_error("url", "Enter a link, or choose a file.")
        return cleaned
