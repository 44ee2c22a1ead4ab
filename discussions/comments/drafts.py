"""Drafts of texts sent after the session expired, kept until the next sign-in.

A draft is stored in the visitor's session, which the sign-in takes over. The form names the
member whose page sent it, so another member who signs in at the same browser does not see it.
Viewing a draft writes nothing; it is deleted once posted, or after a day.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.sessions.backends.base import SessionBase

_NAME = "discussions_drafts"
# A session is one row, so it holds at most three long comments.
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


def keep(session: SessionBase, *, place: str, fields: Mapping[str, str]) -> bool:
    """Save what was typed at one place; drop the oldest draft when there are too many.

    Return False, and keep nothing, if the text is longer than a session may hold: half of a
    text would be taken for all of it.
    """
    if len(fields.get("text", "")) > _LONGEST:
        return False
    drafts = {name: draft for name, draft in _standing(session).items() if name != place}
    typed = {name: fields[name] for name in FIELDS if fields.get(name)}
    typed = {name: value for name, value in typed.items() if len(value) <= _longest(name)}
    writer = fields.get("writer", "")[:_LONGEST_NAME]
    drafts[place] = {"at": time.time(), "writer": writer, "fields": typed}
    session[_NAME] = dict(list(drafts.items())[-_MOST:])
    return True


def find(session: SessionBase, *, place: str, reader: str = "") -> dict[str, str] | None:
    """Return the draft of the reader (a username) for the place, or None."""
    draft = _standing(session).get(place)
    if draft is None or draft.get("writer", "") not in {"", reader}:
        return None
    return dict(draft["fields"])


def forget(session: SessionBase, *, place: str) -> None:
    """Delete the draft for a place: it was posted."""
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
