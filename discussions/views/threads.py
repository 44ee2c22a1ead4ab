"""A thread: writing to it, watching it, having read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse

if TYPE_CHECKING:
    from django.http import HttpRequest


@login_not_required
def thread_page(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Not here yet.")


@login_not_required
def comment_create(request: HttpRequest, external_id: str) -> HttpResponse:
    raise Http404("Not here yet.")


@login_not_required
def thread_comment_create(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Not here yet.")


def paper_attention(request: HttpRequest, external_id: str) -> HttpResponse:
    raise Http404("Not here yet.")


def thread_attention(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Not here yet.")


def thread_seen(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Not here yet.")
