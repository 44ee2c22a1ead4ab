"""What a visitor was about to do before signing in: join a group, create one, nominate a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from common.redirects import view_at
from common.refusals import Refused
from groups.membership import joining
from groups.membership.models import Group
from papers.models import Paper

if TYPE_CHECKING:
    from accounts.models import User


def join_pending(user: User, redirect_url: str) -> str | None:
    """Join the open group whose join page the visitor requested; return its page.

    If there is a question to answer, or the group refuses them, the join page tells them.
    """
    group = _group_to_join(redirect_url, user)
    if group is None or group.joining != Group.Joining.OPEN:
        return None
    try:
        joining.join(group=group, member=user)
    except Refused:
        return None
    return group.get_absolute_url()


def describe_pending(redirect_url: str) -> str | None:
    """Say what happens after sign-in or why it is needed, for groups that everybody can see."""
    name, arguments = view_at(redirect_url)
    if name == "groups:invitation_accept":
        return "Sign in or sign up to use your invitation."
    if name == "groups:group_create":
        return "Sign in to create a reading group. You come back to the form."
    if name == "groups:paper_nominate":
        paper = Paper.objects.at(arguments["ref"]).first()
        title = f"“{paper.title_text}”" if paper else "a paper"
        return f"Sign in to nominate {title} for a reading group. You come back to it."
    group = _group_to_join(redirect_url, AnonymousUser())
    if group is None or group.joining == Group.Joining.INVITATION:
        return None
    if group.joining == Group.Joining.OPEN:
        return f"You join {group.name} once you sign in."
    return f"You can ask to join {group.name} once you sign in."


def _group_to_join(url: str, reader: User | AnonymousUser) -> Group | None:
    name, arguments = view_at(url)
    if name != "groups:group_join":
        return None
    return Group.objects.visible_to(reader).running().filter(slug=arguments["slug"]).first()
