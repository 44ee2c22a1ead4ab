"""What a member's profile shows of papers. Votes are named on papers' pages alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.models import Paper

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

# The latest of them; nobody scrolls a profile for the hundredth.
SHOWN = 50


def submitted_papers(member: User, reader: User | AnonymousUser) -> list[Paper]:
    """Return the papers that the member put on a day's list: one query."""
    papers = Paper.objects.listed().filter(submitted_by=member)
    return list(papers.select_related("tally").newest()[:SHOWN])


def claimed_papers(member: User, reader: User | AnonymousUser) -> list[Paper]:
    """Return the papers of which the member is known to be an author: one query."""
    papers = Paper.objects.listed().filter(authorships__claimed_by=member).distinct()
    return list(papers.select_related("tally").newest()[:SHOWN])
