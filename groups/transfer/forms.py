"""The form that imports a group from a file or pasted text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError

from groups import naming
from groups.fields import slug_field
from groups.transfer import importing
from groups.transfer.group_json import MAX_BYTES, GroupFileError

if TYPE_CHECKING:
    from groups.transfer.schema import GroupFile

_MEGABYTES = MAX_BYTES // 1_000_000


class GroupImportForm(forms.Form):
    file = forms.FileField(
        label="File",
        required=False,
        help_text=f"Up to {_MEGABYTES} MB, as downloaded from “Export” of a group.",
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
    )
    text = forms.CharField(
        label="Or its text",
        required=False,
        strip=False,
        help_text="Up to 2 MB can be pasted; for more, choose a file.",
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    slug = slug_field(help_text="If empty, the one in the file is used.")

    def clean(self) -> None:
        """Read the whole file; report its errors at the field it came from."""
        upload, text = self.cleaned_data.get("file"), self.cleaned_data.get("text")
        if self.errors:
            return
        if bool(upload) == bool(text):
            raise ValidationError("Choose a file, or paste its text: one of the two.")
        if upload and upload.size > MAX_BYTES:
            self.add_error("file", f"The file is larger than {_MEGABYTES} MB.")
            return
        content = upload.read() if upload else str(text).encode(errors="surrogatepass")
        try:
            self.group_file: GroupFile = importing.read(content)
        except GroupFileError as error:
            self.add_error("file" if upload else "text", str(error))
        else:
            self._clean_slug()

    def _clean_slug(self) -> None:
        slug = self.cleaned_data["slug"].strip().lower() or self.group_file.group.slug
        try:
            naming.validate_slug(slug)
        except ValidationError as error:
            self.add_error("slug", error)
        self.cleaned_data["slug"] = slug
