"""Acts that the rules do not allow, and how a form shows the reason."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.forms import BaseForm


class Refused(Exception):  # noqa: N818 - reads as what happened: "except Refused"
    """The rules do not allow the act now. The message is a sentence to show to the reader."""


@contextmanager
def refusal_on(form: BaseForm, field: str | None = None) -> Iterator[None]:
    """Turn a refusal inside the block into an error of the form, which is then not valid."""
    try:
        yield
    except Refused as refusal:
        form.add_error(field, str(refusal))
