"""Answering with a page that holds a form."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.shortcuts import render

if TYPE_CHECKING:
    from django.forms import BaseForm
    from django.http import HttpRequest, HttpResponse, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent; an empty POST is a form all the same.

    Beside it belongs `request.FILES or None`: a form is bound by empty files too.
    """
    return request.POST if request.method == "POST" else None


def show_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, is_refused: object
) -> HttpResponse:
    """Show a page; as 422, which htmx swaps too, where what was sent is refused."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render(request, template, context, status=status)


def show_form(request: HttpRequest, template: str, form: BaseForm, **context: Any) -> HttpResponse:
    """Show a form; one that was sent and did not pass, with what was typed and why."""
    return show_page(request, template, {"form": form, **context}, is_refused=form.is_bound)


def ask(request: HttpRequest, template: str, *, refusal: str = "", **context: Any) -> HttpResponse:
    """Ask before an act; again, where a POST does not say that it is meant."""
    context |= {"refusal": refusal}
    return show_page(request, template, context, is_refused=request.method == "POST")
