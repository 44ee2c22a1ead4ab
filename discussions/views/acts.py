"""What was done, in the open, and what its subject says against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse

if TYPE_CHECKING:
    from django.http import HttpRequest


@login_not_required
def moderation_log(request: HttpRequest) -> HttpResponse:
    raise Http404("Not here yet.")


@login_not_required
def act_page(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Not here yet.")


def act_appeal(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Not here yet.")
