"""What other apps show beside a paper.

A visitor's page is remembered for seconds and shown to the next one: what is found for a visitor
must be every visitor's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from papers.models import Paper

    Find = Callable[[Paper, User | AnonymousUser], Any]


class RailSection(NamedTuple):
    """What was found, and the template that shows it as `found`."""

    found: Any
    template: str


_sources: dict[str, tuple[Find, str]] = {}


def register(name: str, find: Find, template: str) -> None:
    """Add a section. `find(paper, reader)` returns what it shows, or nothing to leave it out."""
    _sources[name] = (find, template)


def sections_for(paper: Paper, reader: User | AnonymousUser) -> list[RailSection]:
    """Return the sections that have anything to show, in the order they were registered."""
    found = [(find(paper, reader), template) for find, template in _sources.values()]
    return [RailSection(each, template) for each, template in found if each]
