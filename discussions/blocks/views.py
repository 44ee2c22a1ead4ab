"""Views for muting and blocking members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect

from common import redirects
from common.form_views import ask
from common.methods import require_page
from discussions.blocks import blocks

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import MemberRequest
    from accounts.models import User


@require_page
def member_mute(request: MemberRequest, username: str) -> HttpResponse:
    """Ask for confirmation; then mute (`mute=on`) or unmute (`mute=off`)."""
    other = _other(request, username)
    wanted = request.POST.get("mute")
    if wanted == "on":
        blocks.mute(member=request.user, other=other)
        said = f"You no longer get notifications about {other.display_name}."
    elif wanted == "off":
        blocks.unmute(member=request.user, other=other)
        said = f"You get notifications about {other.display_name} again."
    else:
        is_muted = blocks.is_muted(member=request.user, other=other)
        return _ask(request, "discussions/mute_confirm.html", other, is_on=is_muted)
    return _done(request, other, said)


@require_page
def member_block(request: MemberRequest, username: str) -> HttpResponse:
    """Ask for confirmation; then block (`block=on`) or unblock (`block=off`)."""
    other = _other(request, username)
    wanted = request.POST.get("block")
    if wanted == "on":
        blocks.block(member=request.user, other=other)
        said = f"You and {other.display_name} no longer see each other’s comments."
    elif wanted == "off":
        blocks.unblock(member=request.user, other=other)
        said = f"You unblocked {other.display_name}."
    else:
        is_blocked = blocks.is_blocked(member=request.user, other=other)
        return _ask(request, "discussions/block_confirm.html", other, is_on=is_blocked)
    return _done(request, other, said)


def _other(request: MemberRequest, username: str) -> User:
    other = blocks.find_other(request.user, username)
    if other is None:
        raise Http404("There is no such member.")
    if other.pk == request.user.pk:
        raise PermissionDenied("You cannot mute or block yourself.")
    return other


def _ask(request: MemberRequest, template: str, other: User, *, is_on: bool) -> HttpResponse:
    back = redirects.local_next(request, otherwise=other.get_absolute_url())
    return ask(request, template, member=other, is_on=is_on, back=back)


def _done(request: MemberRequest, other: User, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect(redirects.local_next(request, otherwise=other.get_absolute_url()))
