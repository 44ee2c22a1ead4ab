"""Who voted for a paper, as one reader sees it. A block hides two members from each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.http import Http404

from accounts.profile.avatars import initials_of, tone_of
from discussions.blocks import blocks
from papers import voters

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from papers.models import Paper


class Face(NamedTuple):
    """One voter beside the vote."""

    url: str
    name: str
    initials: str
    tone: int


class Faces(NamedTuple):
    """The latest voters, and the number of other votes."""

    shown: list[Face]
    rest: int


def faces_of(paper: Paper, reader: User | AnonymousUser) -> Faces:
    """Return the voters beside the vote: two queries, one for a visitor, none without votes."""
    vote_count = paper.tally.vote_count
    if not vote_count:
        return Faces([], 0)
    members = voters.voters_of(paper, without=blocks.kept_apart(reader))
    return Faces([_face(member) for member in members], max(0, vote_count - len(members)))


def _face(member: User) -> Face:
    return Face(
        member.get_absolute_url(),
        member.display_name,
        initials_of(member.username, member.full_name),
        tone_of(member.username),
    )


@dataclass(frozen=True)
class VoterList:
    """A page of all voters who show their vote."""

    members: list[User]
    has_more: bool
    # How many votes are of members whom the list does not name.
    unnamed_count: int


def voters_at(paper: Paper, reader: User | AnonymousUser, *, number: int) -> VoterList:
    """Return a page of the voters: three queries, two for a visitor."""
    apart = blocks.kept_apart(reader)
    start, size = (number - 1) * voters.PAGE_SIZE, voters.PAGE_SIZE
    members = voters.voters_of(paper, without=apart, start=start, limit=size + 1)
    if number > 1 and not members:
        raise Http404("The list has no such page.")
    named = voters.count_of(paper, without=apart)
    return VoterList(members[:size], len(members) > size, max(0, paper.tally.vote_count - named))
