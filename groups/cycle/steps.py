"""The cycle as data: which phase may follow which, by the clock or by hand.

Cancelling, skipping and restoring a meeting are planning (groups.schedule.meetings).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from groups.cycle.models import Cycle
from groups.schedule.models import Phase
from groups.series.models import SeriesPart

if TYPE_CHECKING:
    from datetime import datetime

    from groups.schedule.models import Meeting

# Keeps organisers from starting next week's meeting by mistake.
EARLIEST_START = timedelta(hours=3)


@dataclass(frozen=True)
class Step:
    """A transition between two phases."""

    source: Phase
    to: Phase
    # The log's text.
    done: str
    # The button's label, and sentences about its effect.
    button: str
    entails: tuple[str, ...]


STEPS = (
    Step(
        Phase.PLANNED,
        Phase.NOMINATING,
        done="Nominations opened",
        button="Open nominations now",
        entails=(
            "Members are notified that nominations are open.",
            "The ballot opens as scheduled.",
        ),
    ),
    Step(
        Phase.NOMINATING,
        Phase.VOTING,
        done="The ballot opened",
        button="Open the ballot now",
        entails=(
            "Current nominations go on the ballot. Later ones wait for the next ballot.",
            "Members are notified, and can vote until the ballot closes as scheduled.",
        ),
    ),
    Step(
        Phase.VOTING,
        Phase.READY,
        done="The ballot closed",
        button="Close the ballot now",
        entails=(
            "The votes cast until now are counted. Nobody can vote or change a vote after that.",
            "Members are notified of the result. If too few voted, an organiser picks.",
        ),
    ),
    Step(
        Phase.PLANNED,
        Phase.READY,
        done="Ballot skipped",
        button="Skip the ballot",
        entails=("There is no vote for this meeting. An organiser picks the paper.",),
    ),
    Step(
        Phase.NOMINATING,
        Phase.READY,
        done="Ballot skipped",
        button="Skip the ballot",
        entails=(
            "There is no vote for this meeting. An organiser picks the paper.",
            "Nominations stay, and go on the next ballot.",
        ),
    ),
    Step(
        Phase.READY,
        Phase.LIVE,
        done="The meeting started",
        button="Start the meeting",
        entails=(
            "The live page opens for everyone.",
            "The meeting ends as scheduled, or when an organiser ends it.",
        ),
    ),
    Step(
        Phase.LIVE,
        Phase.HELD,
        done="The meeting ended",
        button="End the meeting",
        entails=(
            "The meeting goes to the archive. Its minutes, files and questions stay open.",
            "Members are notified, and asked to answer the survey.",
        ),
    ),
)

_STEPS = {(step.source, step.to): step for step in STEPS}
# The order of the phases, for telling whether one is past.
_ORDER = (
    Phase.PLANNED,
    Phase.NOMINATING,
    Phase.VOTING,
    Phase.READY,
    Phase.LIVE,
    Phase.HELD,
)


def find(source: str, to: str) -> Step | None:
    """Return the transition from one phase to another, if there is one."""
    return _STEPS.get((Phase(source), Phase(to)))


def is_behind(phase: str, to: str) -> bool:
    """Return whether a meeting in `phase` is past the phase `to`."""
    return phase in _ORDER and to in _ORDER and _ORDER.index(Phase(phase)) > _ORDER.index(Phase(to))


def next_by_clock(meeting: Meeting, now: datetime) -> Step | None:
    """Return the step that is due, or None. Up to two queries.

    There is no vote if the paper is chosen already, or if the time for it has passed, as for a
    meeting that was added late: then an organiser picks.
    """
    if meeting.due_at is None or meeting.due_at > now:
        return None
    match meeting.phase:
        case Phase.PLANNED | Phase.NOMINATING if _goes_without(meeting, now):
            to = Phase.READY
        case Phase.PLANNED:
            to = Phase.NOMINATING
        case Phase.NOMINATING:
            to = Phase.VOTING
        case Phase.VOTING:
            to = Phase.READY
        case Phase.READY:
            to = Phase.LIVE
        case Phase.LIVE:
            to = Phase.HELD
        case _:
            return None
    return find(meeting.phase, to)


def by_hand(meeting: Meeting, now: datetime) -> list[Step]:
    """Return the steps that an organiser may take now."""
    return [
        step for step in STEPS if step.source == meeting.phase and not why_not(meeting, step, now)
    ]


def why_not(meeting: Meeting, step: Step, now: datetime) -> str:
    """Return the reason why an organiser may not take a step now; "" if they may."""
    if step.to in {Phase.NOMINATING, Phase.VOTING} and not _takes_a_vote(meeting):
        return "An organiser picks the paper of this meeting, so there is no vote."
    is_over = meeting.ballot_closes_at is not None and meeting.ballot_closes_at <= now
    if step.to in {Phase.NOMINATING, Phase.VOTING} and is_over:
        return "The time for voting is over. Pick a paper."
    if step.to == Phase.LIVE and meeting.starts_at - now > EARLIEST_START:
        return "This meeting is more than three hours away. To start earlier, move it."
    return ""


def is_settled(meeting: Meeting) -> bool:
    """Return whether the meeting has its content: a paper, a talk, or part of a series."""
    return bool(
        meeting.title
        or meeting.readings.exists()
        or SeriesPart.objects.filter(meeting=meeting).exists()
    )


def _takes_a_vote(meeting: Meeting) -> bool:
    return meeting.choice == Cycle.Choice.BALLOT and meeting.ballot_closes_at is not None


def _goes_without(meeting: Meeting, now: datetime) -> bool:
    closes_at = meeting.ballot_closes_at
    if meeting.choice != Cycle.Choice.BALLOT or closes_at is None or closes_at <= now:
        return True
    return is_settled(meeting)
