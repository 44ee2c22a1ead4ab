"""Errors for acts that the rules do not allow, shown as form errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.forms import BaseForm


class Refused(Exception):  # noqa: N818 - reads as what happened: "except Refused"
    """The rules do not allow the act now. The message is a sentence to show to the reader."""

    # The form field that the error is about.
    field: str | None = None


class refusal_on:  # noqa: N801 - "with refusal_on(form): …"
    """A context manager that turns a refusal into an error of the form, which is then not valid.

    `also` are other exceptions whose message the form shows.
    """

    def __init__(
        self, form: BaseForm, field: str | None = None, *, also: tuple[type[Exception], ...] = ()
    ) -> None:
        self.form = form
        self.field = field
        self.shown: tuple[type[Exception], ...] = (Refused, *also)

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> bool:
        if not isinstance(error, self.shown):
            return False
        self.form.add_error(getattr(error, "field", None) or self.field, str(error))
        return True
