"""Views that create a group, from scratch or as a clone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect

from common.form_views import posted, show_form
from common.methods import require_page
from common.rate_limits import spend
from common.refusals import refusal_on
from groups import access, limits
from groups.founding import founding
from groups.founding.forms import CloneForm, FoundingForm

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import MemberRequest


@require_page
def group_create(request: MemberRequest) -> HttpResponse:
    """Create a group. A GET may give a name, from which an address is suggested."""
    form = FoundingForm(posted(request), initial=_suggested(request))
    if form.is_valid():
        spend(request, limits.FOUND)
        with refusal_on(form, "first_on"):
            group = founding.found_group(founder=request.user, **form.founding_fields())
            messages.success(request, f"{group.name} was created. Invite people to join.")
            return redirect(group)
    return show_form(request, "groups/group_create.html", form)


@require_page
def group_clone(request: MemberRequest, slug: str) -> HttpResponse:
    """Create a group with this one's settings, but without its members and history."""
    visit = access.get_visit_as_organiser(request.user, slug)
    form = CloneForm(posted(request), label_suffix="")
    if form.is_valid():
        spend(request, limits.FOUND)
        with refusal_on(form):
            clone = founding.clone_group(group=visit.group, by=request.user, **form.cleaned_data)
            messages.success(request, f"{clone.name} was created. It has no schedule yet.")
            return redirect(clone)
    return show_form(request, "groups/group_clone.html", form, visit=visit)


def _suggested(request: MemberRequest) -> dict[str, str]:
    name = request.GET.get("name", "")[:80]
    return {
        "zone": request.user.time_zone,
        "name": name,
        "slug": request.GET.get("slug", "")[:40]
        or founding.suggest_slug(name, founder=request.user),
    }
