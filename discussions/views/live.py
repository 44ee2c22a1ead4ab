"""What an open thread asks for while it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse

if TYPE_CHECKING:
    from django.http import HttpRequest


@login_not_required
def thread_news(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Not here yet.")


def thread_names(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Not here yet.")
