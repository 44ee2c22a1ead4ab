"""Registry of what apps add to pages of lower apps: one `Contribution` each, from `ready()`."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from accounts.suspensions.suspensions import SuspensionNotice

logger = logging.getLogger(__name__)


class SettingsTab(NamedTuple):
    """A settings page, listed after those of accounts."""

    label: str
    url_name: str


class ProfileSection(NamedTuple):
    """A part of a member's profile: `rows(member, reader)` returns what that reader may see.

    The template shows them as `rows`; a section without rows is left out.
    """

    rows: Callable[[User, User | AnonymousUser], Sequence[Any]]
    template: str


class ProfileAction(NamedTuple):
    """A link from a profile to a page about the member, whose address takes their `username`."""

    label: str
    icon: str
    url_name: str


class SignInAct(NamedTuple):
    """An act that a visitor began and that waits for their sign-in.

    Both functions take an address of this site, and return None if they do not handle it.
    `perform(user, url)` does the act and returns the address to go to instead; `describe(url)`
    returns one sentence, such as "Sign in, and your vote for “Title” counts."
    """

    perform: Callable[[User, str], str | None]
    describe: Callable[[str], str | None]


# The ids that decide what a reader sees in a section; none for a visitor.
Scope = tuple[int, ...]


def _same_for_all(reader: User | AnonymousUser) -> Scope:
    return ()


class ListSection(NamedTuple):
    """A section beside the lists of papers.

    `find(scope)` returns what the template shows as `found`; a section that finds nothing is left
    out. `scope(reader)` returns all that the section has to know of the reader, and is asked each
    time. What is found is shown for some seconds to every reader with that scope.
    """

    find: Callable[[Scope], Any]
    template: str
    scope: Callable[[User | AnonymousUser], Scope] = _same_for_all


class SuspensionRecord(Protocol):
    """The record of moderators' acts, kept by another app and read for a suspended member."""

    def notice_for(self, member: User) -> SuspensionNotice | None:
        """Return the notice about the member's current suspension."""

    def appeal(self, member: User, text: str) -> None:
        """Keep the member's appeal, or raise AppealRefusedError."""


@dataclass(frozen=True)
class Contribution:
    """The additions of one app."""

    settings_tabs: Sequence[SettingsTab] = ()
    profile_sections: Sequence[ProfileSection] = ()
    profile_actions: Sequence[ProfileAction] = ()
    sign_in_acts: Sequence[SignInAct] = ()
    list_sections: Sequence[ListSection] = ()
    suspension_record: SuspensionRecord | None = None


_contributions: list[Contribution] = []


def register(contribution: Contribution) -> None:
    """Add an app's contribution after the existing ones."""
    _contributions.append(contribution)


def settings_tabs() -> list[SettingsTab]:
    return [tab for each in _contributions for tab in each.settings_tabs]


def sections_for(member: User, reader: User | AnonymousUser) -> list[dict[str, Any]]:
    """Return the rows and template of each section of a profile that has anything to show."""
    sections = [section for each in _contributions for section in each.profile_sections]
    found = [{"rows": each.rows(member, reader), "template": each.template} for each in sections]
    return [section for section in found if section["rows"]]


def actions_for(member: User, reader: User | AnonymousUser) -> list[dict[str, str]]:
    """Return the reader's links about the member: none for visitors and none about oneself."""
    if not reader.is_authenticated or reader.pk == member.pk:
        return []
    return [
        {
            "label": action.label,
            "icon": action.icon,
            "url": reverse(action.url_name, args=[member.username]),
        }
        for each in _contributions
        for action in each.profile_actions
    ]


def perform_pending(user: User, url: str) -> str | None:
    """Do the pending act that the address names, and return the address to go to instead."""
    for act in _sign_in_acts():
        try:
            instead = act.perform(user, url)
        except Exception:
            # The sign-in succeeded: a vote that fails must not prevent it.
            logger.exception("An act that waited for the sign-in failed")
            return None
        if instead is not None:
            return instead
    return None


def describe_pending(url: str) -> str | None:
    """Return the sentence about the act that waits for the sign-in, if any."""
    sentences = (act.describe(url) for act in _sign_in_acts())
    return next((sentence for sentence in sentences if sentence), None)


def list_sections() -> list[ListSection]:
    """Return the sections beside lists, those of the highest app first."""
    return [section for each in reversed(_contributions) for section in each.list_sections]


def suspension_record() -> SuspensionRecord | None:
    """Return the registered record of moderators' acts."""
    records = (each.suspension_record for each in _contributions)
    return next((record for record in records if record), None)


def _sign_in_acts() -> list[SignInAct]:
    return [act for each in _contributions for act in each.sign_in_acts]
