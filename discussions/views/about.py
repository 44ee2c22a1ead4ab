"""How the discussions work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse

if TYPE_CHECKING:
    from django.http import HttpRequest


@login_not_required
def about_discussions(request: HttpRequest) -> HttpResponse:
    raise Http404("Not here yet.")
