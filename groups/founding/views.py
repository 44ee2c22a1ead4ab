"""Founding a group, from nothing or as another one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect

from common.form_views import posted, show_form
from common.methods import require_page
from common.rate_limits import spend
from groups import access, limits
from groups.founding import cloning, founding
from groups.founding.forms import CloneForm, FoundingForm
from groups.membership.rights import BelongingRefusedError
from groups.schedule.schedules import ScheduleRefusedError
from groups.scheduling.rules import RuleError

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import MemberRequest


@require_page
def group_create(request: MemberRequest) -> HttpResponse:
    """Found a group. By GET a name may come along, of which an address is suggested."""
    form = FoundingForm(posted(request), initial=_suggested(request))
    if request.method == "POST" and form.is_valid():
        spend(request, limits.FOUND)
        try:
            group = founding.found_group(founder=request.user, **form.founding_fields())
        except founding.SlugTakenError as error:
            form.add_error("slug", str(error))
        except (RuleError, ScheduleRefusedError) as error:
            form.add_error("first_on", str(error))
        else:
            messages.success(request, f"{group.name} was created. Invite the people you read with.")
            return redirect(group)
    return show_form(request, "groups/group_create.html", form)


@require_page
def group_clone(request: MemberRequest, slug: str) -> HttpResponse:
    """Make a group with the settings of this one: neither its people nor its past."""
    visit = access.get_visit_as_organiser(request.user, slug)
    form = CloneForm(posted(request), label_suffix="")
    if request.method == "POST" and form.is_valid():
        spend(request, limits.FOUND)
        try:
            clone = cloning.clone_group(group=visit.group, by=request.user, **form.cleaned_data)
        except founding.SlugTakenError as error:
            form.add_error("slug", str(error))
        except BelongingRefusedError as error:
            form.add_error(None, str(error))
        else:
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
