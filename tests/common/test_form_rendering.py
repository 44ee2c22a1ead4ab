"""What forms say of the length of a text: nothing cuts it."""

from __future__ import annotations

import re
from pathlib import Path

from django import forms
from django.conf import settings

from common.form_fields import LinesField

TEMPLATES = Path(settings.BASE_DIR) / "templates"


class NoteForm(forms.Form):
    note = LinesField(max_length=10)
    title = forms.CharField(max_length=20)


def test_no_field_of_a_form_cuts_what_is_pasted():
    html = NoteForm().as_p()

    assert "maxlength" not in html
    assert 'data-limit="10"' in html
    assert 'data-limit="20"' in html


def test_no_field_of_a_template_cuts_what_is_pasted():
    cutting = [
        path.name
        for pattern in ("*.html", "*.jinja")
        for path in TEMPLATES.rglob(pattern)
        if re.search(r"\bmaxlength\b", path.read_text())
    ]

    assert not cutting


def test_the_end_of_a_line_counts_once():
    assert NoteForm({"note": "ab\r\ncd\r\nefgh", "title": "x"}).is_valid()


def test_what_is_too_long_is_refused_with_its_length_and_kept():
    form = NoteForm({"note": "x" * 12, "title": "x"})

    assert form.errors["note"] == ["Up to 10 characters; this has 12."]
    assert form["note"].value() == "x" * 12
