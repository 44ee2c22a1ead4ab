"""Views for inviting, and for joining by an invitation.

The token appears once, in the URL of the mail or link: that page stores its hash in the session and
redirects, so that neither the browser's history nor a Referer header contains it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.conf import settings as site
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from common.form_views import posted, show_form, show_page
from common.methods import require_page
from common.rate_limits import RateLimitExceededError, spend
from common.refusals import Refused, refusal_on
from groups import access, limits
from groups.invitations import invitations
from groups.invitations.forms import InvitationForm
from groups.invitations.models import Invitation
from groups.membership.rights import membership_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.http import MemberRequest
    from groups.access import Visit

# The session key; see the module's docstring.
KEPT = "invitation"


@require_safe
@login_not_required
@sensitive_variables("token")
def invitation_open(request: HttpRequest, token: str) -> HttpResponse:
    """Store the token's hash in the session, and redirect to a URL without it."""
    spend(request, limits.OPEN_INVITATION)
    request.session[KEPT] = invitations.hash_of(token)
    return redirect("groups:invitation_accept")


@require_page
@login_not_required
def invitation_accept(request: HttpRequest) -> HttpResponse:
    """Show the invitation; on POST, join."""
    token_hash = request.session.get(KEPT, "")
    if not token_hash:
        messages.info(request, "There is no open invitation in this browser. Open its link again.")
        return redirect("groups:group_list")
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(request.path)
        return _accept(cast("MemberRequest", request), token_hash)
    member = request.user if request.user.is_authenticated else None
    invitation = invitations.find(token_hash)
    if invitation and member and membership_of(invitation.group, member):
        del request.session[KEPT]
        messages.info(request, f"You are already a member of {invitation.group.name}.")
        return redirect(invitation.group)
    return _invitation_page(request, invitation, invitations.why_not(invitation, member))


@require_page
def invitation_list(request: MemberRequest, slug: str) -> HttpResponse:
    """List valid invitations; on POST, create one and show its link once."""
    visit = access.get_visit_as_organiser(request.user, slug)
    form = InvitationForm(posted(request), is_owner=visit.is_owner)
    if request.method == "POST":
        access.require_running(visit)
    if form.is_valid():
        said = form.cleaned_data
        with refusal_on(form, also=(RateLimitExceededError,)):
            spend(request, limits.INVITE_BY_MAIL if said["email"] else limits.INVITE_BY_LINK)
            made = invitations.invite(
                group=visit.group,
                by=request.user,
                role=said["role"],
                days=said["days"],
                max_uses=said["max_uses"],
                email=said["email"],
            )
            if said["email"]:
                messages.success(request, "The invitation is being sent.")
                return redirect("groups:invitation_list", slug)
            link = f"{site.SITE_URL}{reverse('groups:invitation_open', args=[made.token])}"
            # No redirect: the link exists only in this response.
            return _list_page(request, visit, InvitationForm(is_owner=visit.is_owner), link=link)
    return _list_page(request, visit, form)


@require_POST
def invitation_revoke(request: MemberRequest, slug: str, pk: int) -> HttpResponse:
    """Revoke an invitation, also in a closed group."""
    visit = access.get_visit_as_organiser(request.user, slug)
    if not Invitation.objects.filter(group=visit.group, pk=pk).exists():
        raise Http404("There is no such invitation.")
    try:
        if invitations.revoke(group=visit.group, by=request.user, invitation_id=pk):
            messages.success(request, "Invitation revoked. Its link no longer works.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("groups:invitation_list", slug)


def _accept(request: MemberRequest, token_hash: str) -> HttpResponse:
    invitation = invitations.find(token_hash)
    if invitation is None:
        return _invitation_page(request, None, invitations.InvitationRefusal.UNKNOWN)
    try:
        group = invitations.accept(invitation=invitation, member=request.user)
    except invitations.InvitationRefusedError as refused:
        return _invitation_page(request, invitation, refused.refusal)
    del request.session[KEPT]
    messages.success(request, f"You are now a member of {group.name}.")
    return redirect(group)


def _invitation_page(
    request: HttpRequest,
    invitation: Invitation | None,
    refusal: invitations.InvitationRefusal | None,
) -> HttpResponse:
    """Show the group if the invitation lets the reader in, otherwise the reason why not.

    For an invitation by mail, a visitor sees the group only after signing in.
    """
    is_for_anybody = invitation is not None and not invitation.email
    is_shown = refusal is None and (request.user.is_authenticated or is_for_anybody)
    context = {
        "invitation": invitation if is_shown else None,
        "group": invitation.group if invitation and is_shown else None,
        "refusal": refusal.value if refusal else "",
    }
    is_refused = request.method == "POST" and refusal is not None
    return show_page(request, "groups/invitation_page.html", context, is_refused=is_refused)


def _list_page(
    request: MemberRequest, visit: Visit, form: InvitationForm, *, link: str = ""
) -> HttpResponse:
    standing = invitations.standing_in(visit.group).select_related("invited_by").order_by("-id")
    context = {"visit": visit, "invitations": standing[: invitations.MAX_STANDING], "link": link}
    return show_form(request, "groups/invitation_list.html", form, **context)
