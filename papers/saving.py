"""Saving a paper to read, and taking it off the list again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.models import Save

if TYPE_CHECKING:
    from accounts.models import User
    from papers.models import Paper


def save_paper(*, paper: Paper, member: User) -> None:
    """Put the paper on the member's list "To read". Saving twice changes nothing."""
    Save.objects.bulk_create([Save(paper=paper, member=member)], ignore_conflicts=True)


def remove_save(*, paper: Paper, member: User) -> None:
    """Take the paper off the member's list. If it is not there, nothing changes."""
    Save.objects.filter(paper=paper, member=member).delete()
