"""Views of calendars: a group's, one meeting's, and a member's own at a secret address."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from common.form_views import posted, show_form
from common.methods import require_page
from common.refusals import refusal_on
from groups import access
from groups.calendar import feeds, links, tokens
from groups.calendar.forms import CalendarForm

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.http import HttpRequest

    from accounts.http import MemberRequest


@require_safe
@login_not_required
def group_feed(request: HttpRequest, slug: str) -> HttpResponse:
    visit = access.get_visit(request.user, slug)
    feed = feeds.group_feed(visit.group)
    write = partial(feeds.write_group_feed, visit.group.pk, feed.etag)
    return _answer(request, feed, write, file_name=f"{slug}.ics")


@require_safe
@login_not_required
def meeting_ics(request: HttpRequest, slug: str, day: date) -> HttpResponse:
    visit = access.get_visit(request.user, slug)
    meeting = access.get_meeting(visit, day)
    response = HttpResponse(feeds.meeting_file(meeting), content_type=feeds.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{slug}-{meeting.occurs_on}.ics"'
    return response


@require_safe
@login_not_required
@sensitive_variables()
def member_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Send a member's current calendar: the token is checked on every request."""
    member = tokens.member_of(token)
    if member is None:
        raise Http404("There is no calendar at this address.")
    feed = feeds.member_feed(member)
    return _answer(request, feed, feed.write, file_name="groups.ics")


@require_page
@sensitive_variables()
def calendar_settings(request: MemberRequest) -> HttpResponse:
    """Show a member's addresses; a new one only in the response that creates it."""
    form = CalendarForm(posted(request))
    if form.is_valid():
        with refusal_on(form):
            token = tokens.make_token(member=request.user, label=form.cleaned_data["label"])
            made = links.subscribing_secretly(token)
            return _settings_page(request, CalendarForm(), made=made)
    return _settings_page(request, form)


@require_POST
def calendar_revoke(request: MemberRequest, pk: int) -> HttpResponse:
    if not tokens.revoke_token(member=request.user, pk=pk):
        raise Http404("You have no such address.")
    messages.success(request, "Address removed. Calendars that used it no longer update.")
    return redirect("groups:calendar_settings")


def _answer(
    request: HttpRequest, feed: feeds.CalendarFeed, write: Callable[[], bytes], *, file_name: str
) -> HttpResponse:
    """Send the feed, or 304 if the client's copy is current, without writing it."""
    response = get_conditional_response(request, etag=feed.etag)
    if response is None:
        response = HttpResponse(write(), content_type=feeds.CONTENT_TYPE)
        response["ETag"] = feed.etag
        response["Content-Disposition"] = f'inline; filename="{file_name}"'
    return response


def _settings_page(request: MemberRequest, form: CalendarForm, **context: Any) -> HttpResponse:
    found = list(tokens.tokens_of(request.user))
    context |= {"tokens": found, "room": tokens.MAX_TOKENS - len(found)}
    return show_form(request, "groups/calendar_settings.html", form, **context)
