"""One comment: its permalink, its history, and what its author may do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse

if TYPE_CHECKING:
    from django.http import HttpRequest


@login_not_required
def comment_page(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Not here yet.")


def comment_reply(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Not here yet.")


def comment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Not here yet.")


def comment_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Not here yet.")


@login_not_required
def comment_history(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Not here yet.")


def comment_preview(request: HttpRequest) -> HttpResponse:
    raise Http404("Not here yet.")
