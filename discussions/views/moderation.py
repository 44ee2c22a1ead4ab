"""The moderators' desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse

if TYPE_CHECKING:
    from django.http import HttpRequest


def moderation_queue(request: HttpRequest) -> HttpResponse:
    raise Http404("Not here yet.")


def comment_moderate(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Not here yet.")


def member_moderate(request: HttpRequest, username: str) -> HttpResponse:
    raise Http404("Not here yet.")


def thread_moderate(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Not here yet.")


def report_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Not here yet.")


def appeal_decide(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Not here yet.")
