"""Answering with a page that holds a form."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.shortcuts import render

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest, HttpResponse, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent; an empty POST is a form all the same."""
    return request.POST if request.method == "POST" else None


def show_form(request: HttpRequest, template: str, form: Form, **context: Any) -> HttpResponse:
    """Show a form; one that was sent and did not pass, with what was typed and why."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, template, {"form": form, **context}, status=status)


def ask(request: HttpRequest, template: str, *, refusal: str = "", **context: Any) -> HttpResponse:
    """Ask before an act; again, where a POST does not say that it is meant."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, template, {"refusal": refusal, **context}, status=status)
