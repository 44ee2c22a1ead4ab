"""A closed ballot as a file that anybody can recount.

A slip shows neither its member nor its time. Slips have random keys and are sorted by key, which
does not reveal the order of voting. Members find their own slip by its key, which is shown to them
alone.

With fewer than three voters, each could infer the others' votes from the count. Then the file and
the pages contain neither slips nor count, only the chosen paper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from groups.ballots import counting
from groups.ballots.models import Candidate, Slip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groups.ballots.models import Ballot

FORMAT = "octavo-ballot"
VERSION = 1
# With fewer slips, a count would reveal the votes.
FEWEST_SHOWN = 3
WITHHELD = "Fewer than three voted: the count would show how each of them voted."
# More than any group casts; larger files are refused.
_MOST_SLIPS = 1_000_000


class BallotFileError(ValueError):
    """The file cannot be counted. The message is fit to show."""


def file_of(ballot: Ballot) -> dict[str, Any]:
    """Return the file of a closed ballot, whose meeting is loaded: two queries.

    "count" has the format of `counting.Count`; "rules" are the rules of the ballot.
    """
    candidates = list(Candidate.objects.filter(ballot=ballot).select_related("nomination__paper"))
    slips = Slip.objects.filter(ballot=ballot).order_by("key").values_list("key", "choices")
    is_shown = may_show_count(ballot)
    winner = next((each.number for each in candidates if each.pk == ballot.winner_id), None)
    return {
        "format": FORMAT,
        "version": VERSION,
        "meeting": ballot.meeting.occurs_on.isoformat(),
        "opened_at": ballot.opened_at.isoformat(timespec="seconds"),
        "closed_at": ballot.closed_at and ballot.closed_at.isoformat(timespec="seconds"),
        "rules": {
            "method": ballot.method,
            "tie": counting.TIE_RULES[ballot.method],
            "quorum": ballot.quorum,
            "max_approvals": ballot.max_approvals,
            "electorate": ballot.electorate,
            "electorate_meetings": ballot.electorate_meetings,
        },
        "candidates": [
            {
                "number": each.number,
                "paper": str(each.nomination.paper.ref),
                "title": each.nomination.paper.title_text,
                "withdrawn": each.withdrawn_at is not None,
            }
            for each in candidates
        ],
        "slips": [{"key": str(key), "choices": choices} for key, choices in slips]
        if is_shown
        else None,
        "withheld": "" if is_shown else WITHHELD,
        "outcome": ballot.outcome,
        "winner": winner,
        "count": ballot.count if is_shown else None,
    }


def may_show_count(ballot: Ballot) -> bool:
    """Return whether a closed ballot has enough votes for its count to reveal nobody's."""
    return ballot.count is not None and ballot.count["slips"] >= FEWEST_SHOWN


def recount(file: Mapping[str, Any]) -> counting.Count:
    """Count the slips of a file again, ignoring the count in the file."""
    if file.get("format") != FORMAT or file.get("version") != VERSION:
        raise BallotFileError("This is not a ballot file that this site can read.")
    if file.get("slips") is None:
        raise BallotFileError(str(file.get("withheld") or "The file has no ballots."))
    try:
        method = str(file["rules"]["method"])
        numbers = [_number(each["number"]) for each in file["candidates"]]
        withdrawn = [_number(each["number"]) for each in file["candidates"] if each["withdrawn"]]
        slips = {str(each["key"]): _choices(each["choices"], numbers) for each in file["slips"]}
        said = len(file["slips"])
    except (KeyError, TypeError) as error:
        raise BallotFileError("The file is incomplete.") from error
    if method not in counting.TIE_RULES:
        raise BallotFileError("The file names an unknown voting method.")
    if len(slips) != said or said > _MOST_SLIPS or len(set(numbers)) != len(numbers):
        raise BallotFileError("The file has a ballot or a candidate twice.")
    return counting.count(method, slips.values(), candidates=numbers, withdrawn=withdrawn)


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    return value


def _choices(value: object, numbers: list[int]) -> list[int]:
    if not isinstance(value, list):
        raise TypeError(value)
    choices = [_number(each) for each in value]
    if not set(choices) <= set(numbers):
        raise BallotFileError("A ballot names a candidate that is not on the list.")
    return choices
