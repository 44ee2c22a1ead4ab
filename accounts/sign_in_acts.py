"""Acts that a visitor began, and that wait until they have signed in.

A visitor presses "upvote", which for them is a link to an address that asks for sign-in.
The app behind that address registers here how the act is done once they are in, and how
the sign-in pages name it meanwhile.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User

    Perform = Callable[[User, str], str | None]
    Describe = Callable[[str], str | None]

logger = logging.getLogger(__name__)


class SignInAct(NamedTuple):
    perform: Perform
    describe: Describe


_acts: list[SignInAct] = []


def register(perform: Perform, describe: Describe) -> None:
    """Add an act. Both are given an address of ours, and answer None if it is not theirs.

    `perform(user, url)` does the act and returns where to go instead; `describe(url)`
    returns one sentence, as "Sign in, and your vote for “Title” counts."
    """
    act = SignInAct(perform, describe)
    if act not in _acts:
        _acts.append(act)


def perform_pending(user: User, url: str) -> str | None:
    """Do the act that the address stands for, and return where to go instead."""
    for act in _acts:
        try:
            instead = act.perform(user, url)
        except Exception:
            # They have proved who they are: a vote that fails must not keep them out.
            logger.exception("An act that waited for the sign-in failed")
            return None
        if instead is not None:
            return instead
    return None


def describe_pending(url: str) -> str | None:
    """Say what waits for the sign-in, if anything."""
    for act in _acts:
        if sentence := act.describe(url):
            return sentence
    return None
