"""Sections about discussions on members' profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discussions.blocks import blocks
from discussions.latest import page as latest_page

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from discussions.latest.page import LatestComments

SHOWN = 5


def latest_comments(member: User, reader: User | AnonymousUser) -> list[LatestComments]:
    """Return the member's latest comments, as far as the reader may read them."""
    return latest_page.comments_by(member, reader=reader, limit=SHOWN).found


def own_block(member: User, reader: User | AnonymousUser) -> list[bool]:
    """Return one row if the reader blocks the member; a block by the member stays private."""
    if not reader.is_authenticated or reader.pk == member.pk:
        return []
    return [True] if blocks.is_blocked(member=reader, other=member) else []
