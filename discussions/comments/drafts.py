"""What somebody wrote while their session had lapsed, kept until they are in again.

It waits in the visitor's own session, which the sign-in takes over. The form says whose page
it was sent from: whoever else signs in at the same browser is not shown it. Looking at it
writes nothing: it goes once it is posted, or a day later.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.sessions.backends.base import SessionBase

_NAME = "discussions_drafts"
# A session is a row: it holds three long comments and no more.
_MOST = 3
_LONGEST = 20_000
_LONGEST_OTHER = 2_000
_LONGEST_NAME = 100
_KEPT_FOR = 24 * 3600
FIELDS = (
    "text",
    "key",
    "parent",
    "anchor_part",
    "anchor_exact",
    "anchor_prefix",
    "anchor_suffix",
    "anchor_start",
    "anchor_end",
    "place_kind",
    "place",
    "about",
)


def keep(session: SessionBase, *, place: str, fields: Mapping[str, str]) -> None:
    """Keep what was typed at one place; the oldest draft goes when there are too many."""
    drafts = {name: draft for name, draft in _standing(session).items() if name != place}
    typed = {name: fields[name][: _longest(name)] for name in FIELDS if fields.get(name)}
    writer = fields.get("writer", "")[:_LONGEST_NAME]
    drafts[place] = {"at": time.time(), "writer": writer, "fields": typed}
    session[_NAME] = dict(list(drafts.items())[-_MOST:])


def find(session: SessionBase, *, place: str, reader: str = "") -> dict[str, str] | None:
    """Return what the reader, by username, left at the place, or None."""
    draft = _standing(session).get(place)
    if draft is None or draft.get("writer", "") not in {"", reader}:
        return None
    return dict(draft["fields"])


def forget(session: SessionBase, *, place: str) -> None:
    """Drop what waits for a place: it was posted."""
    if _NAME not in session:
        return
    left = {name: draft for name, draft in _standing(session).items() if name != place}
    if left:
        session[_NAME] = left
    else:
        del session[_NAME]


def _standing(session: SessionBase) -> dict[str, dict[str, Any]]:
    drafts: dict[str, dict[str, Any]] = session.get(_NAME, {})
    oldest = time.time() - _KEPT_FOR
    return {name: draft for name, draft in drafts.items() if draft["at"] > oldest}


def _longest(name: str) -> int:
    return _LONGEST if name == "text" else _LONGEST_OTHER
