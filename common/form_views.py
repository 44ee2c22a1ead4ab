"""Responses for pages with a form."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.shortcuts import render

if TYPE_CHECKING:
    from django.forms import BaseForm
    from django.http import HttpRequest, HttpResponse, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """Return the POST data, also if empty; None for other methods.

    Pass it together with `request.FILES or None`: empty files would bind a form too.
    """
    return request.POST if request.method == "POST" else None


def show_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, is_refused: object
) -> HttpResponse:
    """Render a page; with status 422, which htmx also swaps, if the form was refused."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render(request, template, context, status=status)


def show_form(request: HttpRequest, template: str, form: BaseForm, **context: Any) -> HttpResponse:
    """Render a form; an invalid one with the data typed and the errors."""
    return show_page(request, template, {"form": form, **context}, is_refused=form.is_bound)


def ask(request: HttpRequest, template: str, *, refusal: str = "", **context: Any) -> HttpResponse:
    """Ask for confirmation of an act, again if a POST does not confirm it."""
    context |= {"refusal": refusal}
    return show_page(request, template, context, is_refused=request.method == "POST")
