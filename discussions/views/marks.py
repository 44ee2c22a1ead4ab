"""Votes for comments, and reactions to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse

if TYPE_CHECKING:
    from django.http import HttpRequest


def comment_vote(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Not here yet.")


@login_not_required
def comment_reactions(request: HttpRequest, pk: int) -> HttpResponse:
    raise Http404("Not here yet.")
