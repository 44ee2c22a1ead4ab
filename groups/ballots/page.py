"""The panel of a ballot for one reader, to vote on or with its result."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

from django.db.models import Max
from django.utils import timezone

from common.remembering import shared
from common.words import counted
from groups.ballots import ballot_file, counting, electorate
from groups.ballots.models import Ballot, Candidate, Slip
from groups.ballots.pool import age_of
from groups.cycle.models import Cycle
from groups.membership.models import LogEntry
from groups.schedule.models import Phase

if TYPE_CHECKING:
    from datetime import datetime

    from groups.access import Visit
    from groups.ballots.models import Nomination
    from groups.schedule.models import Meeting
    from papers.models import Paper

METHODS = {
    "approval": "Approve as many papers as you like. The one with the most approvals wins.",
    "runoff": (
        "Rank as many papers as you like. Each ballot counts for the paper it ranks highest. "
        "Until one paper has more than half of the ballots, the one with the fewest is "
        "eliminated."
    ),
    "schulze": (
        "Rank as many papers as you like. Each pair is compared by how many rank one above "
        "the other, and the paper that beats all others wins. If they beat each other in a "
        "circle, the strongest chain of wins decides."
    ),
}
OUTCOMES = {
    Ballot.Outcome.NO_CANDIDATES: "No paper was left on this ballot, so none was chosen.",
    Ballot.Outcome.NO_VOTES: "No paper got a vote, so none was chosen.",
    Ballot.Outcome.NO_QUORUM: "Too few voted, so none was chosen. All papers are carried over.",
}


class SentVote(Protocol):
    """A vote as submitted, valid or not."""

    will_come: bool

    @property
    def choices(self) -> list[int]: ...

    def rank_of(self, number: int) -> int | None: ...


@dataclass(frozen=True)
class BallotLine:
    """A candidate on the ballot, with the reader's vote and its result."""

    candidate: Candidate
    # 1 for the reader's favorite; in an approval vote, 1 for each approved paper.
    rank: int | None = None
    total: int | None = None
    # Percent of the highest total: the length of a bar.
    share: int = 0
    is_winner: bool = False

    @property
    def number(self) -> int:
        return self.candidate.number

    @property
    def nomination(self) -> Nomination:
        return self.candidate.nomination

    @property
    def paper(self) -> Paper:
        return self.candidate.nomination.paper

    @property
    def age(self) -> str:
        return age_of(self.nomination)

    @property
    def is_withdrawn(self) -> bool:
        return self.candidate.withdrawn_at is not None


class PairwiseRow(NamedTuple):
    """A row of a table about a count: its paper and its cells."""

    name: str
    cells: list[CountCell]


class CountCell(NamedTuple):
    text: str
    # Whether the row beats the column.
    is_strong: bool = False
    # "out" or "wins", in the rounds of a runoff.
    note: str = ""


@dataclass
class BallotPanel:
    """The ballot of a meeting, for one reader."""

    visit: Visit
    meeting: Meeting
    ballot: Ballot
    candidates: list[Candidate]
    slip: Slip | None = None
    slip_count: int = 0
    # The reason why the reader may not vote; "" if they may, or the ballot is closed.
    why_not: str = ""
    # The count, if the reader may see it.
    count: counting.Count | None = None
    # The reader's vote, if it was just refused.
    form: SentVote | None = None
    # A message about the reader's last action.
    notice: str = ""
    lines: list[BallotLine] = field(default_factory=list)

    def __post_init__(self) -> None:
        lines = [self._line(each) for each in self.candidates]
        self.lines = self._by_result(lines) if not self.is_open else lines

    @property
    def is_open(self) -> bool:
        """Return whether it takes votes: not past its deadline, even if nobody closed it yet."""
        closes_at = self.meeting.ballot_closes_at
        is_late = closes_at is not None and timezone.now() >= closes_at
        return self.ballot.is_open and self.meeting.phase == Phase.VOTING and not is_late

    @property
    def is_counted(self) -> bool:
        return not self.ballot.is_open

    @property
    def may_vote(self) -> bool:
        return self.is_open and not self.why_not

    @property
    def is_ranked(self) -> bool:
        return self.ballot.is_ranked

    @property
    def places(self) -> range:
        return range(1, len([line for line in self.lines if not line.is_withdrawn]) + 1)

    @property
    def method(self) -> str:
        return self.ballot.get_method_display()

    @property
    def how(self) -> str:
        """Return two sentences on how to vote and how votes are counted."""
        most = self.ballot.max_approvals
        if self.ballot.method == Cycle.Method.APPROVAL and most:
            return f"Approve up to {counted(most, 'paper')}. The one with the most approvals wins."
        return METHODS[self.ballot.method]

    @property
    def ask(self) -> str:
        """Return a short instruction to vote."""
        if self.is_ranked:
            return "rank as many as you like"
        most = self.ballot.max_approvals
        return f"approve up to {most}" if most else "approve as many as you like"

    @property
    def tie_rule(self) -> str:
        return counting.TIE_RULES[self.ballot.method]

    @property
    def electorate(self) -> str:
        return electorate.described(self.ballot)

    @property
    def total_means(self) -> str:
        """Return what the number next to a paper counts."""
        return {
            "approval": "members approve of it",
            "runoff": "ballots in the last round it saw",
            "schulze": "papers that it beats",
        }[self.ballot.method]

    @property
    def figures(self) -> str:
        """Return what the numbers next to the papers are."""
        return {
            "approval": "how many approve of each",
            "runoff": "what each had in the last round that it saw",
            "schulze": "how many others each beats",
        }[self.ballot.method]

    @property
    def will_come(self) -> bool:
        sent = self.form or self.slip
        return sent is not None and sent.will_come

    @property
    def outcome(self) -> str:
        """Return a sentence if the closed ballot chose nothing."""
        return OUTCOMES.get(Ballot.Outcome(self.ballot.outcome), "") if self.is_counted else ""

    @cached_property
    def winner(self) -> BallotLine | None:
        return next((line for line in self.lines if line.is_winner), None)

    @property
    def is_withheld(self) -> bool:
        """Return whether the count is hidden because too few voted."""
        return self.is_counted and bool(self.slip_count) and self.count is None

    @property
    def tie_decided(self) -> bool:
        return self.winner is not None and self.count is not None and self.count.by_tie_rule

    @property
    def uncounted(self) -> list[BallotLine]:
        """Return the candidates of a vote sent too late, best first, to show it again."""
        if self.form is None or self.is_open:
            return []
        chosen = self.form.choices
        found = {line.number: line for line in self.lines}
        return [found[number] for number in chosen if number in found]

    @cached_property
    def pick(self) -> LogEntry | None:
        """Return the last log entry of an organiser's pick: one query."""
        picks = LogEntry.objects.filter(meeting=self.meeting, kind="picked")
        return picks.select_related("actor").order_by("-pk").first()

    @cached_property
    def rounds(self) -> list[PairwiseRow]:
        """Return the rounds of a runoff, a row for each paper in the order of the result."""
        if self.count is None or not self.count.rounds:
            return []
        rows = [
            PairwiseRow(
                self._name(number), [self._in_round(number, each) for each in self.count.rounds]
            )
            for number in self.count.ranking
        ]
        exhausted = [CountCell(str(each.exhausted)) for each in self.count.rounds]
        return [*rows, PairwiseRow("Nobody left on the ballot", exhausted)]

    def _in_round(self, number: int, its_round: counting.Round) -> CountCell:
        if number not in its_round.totals:
            return CountCell("")
        wins = its_round.eliminated is None and self.count and number == self.count.winner
        note = "out" if number == its_round.eliminated else "wins" if wins else ""
        return CountCell(str(its_round.totals[number]), note=note)

    @cached_property
    def pairwise(self) -> list[PairwiseRow]:
        """Return how many voters rank the row above the column."""
        return self._matrix(self.count.pairwise) if self.count else []

    @cached_property
    def paths(self) -> list[PairwiseRow]:
        """Return the strongest path from the row to the column."""
        return self._matrix(self.count.paths) if self.count else []

    def _matrix(self, table: tuple[tuple[int, ...], ...]) -> list[PairwiseRow]:
        if self.count is None or not table:
            return []
        numbers = self.count.candidates
        return [
            PairwiseRow(
                self._name(number),
                [
                    CountCell("")
                    if i == j
                    else CountCell(str(table[i][j]), table[i][j] > table[j][i])
                    for j in range(len(numbers))
                ],
            )
            for i, number in enumerate(numbers)
        ]

    def _name(self, number: int) -> str:
        found = next(each for each in self.candidates if each.number == number)
        return f"{number}. {found.nomination.paper.title_text}"

    def _line(self, candidate: Candidate) -> BallotLine:
        line = BallotLine(
            candidate,
            rank=self._rank(candidate.number),
            is_winner=self.is_counted and candidate.pk == self.ballot.winner_id,
        )
        if self.count is None or candidate.number not in self.count.totals:
            return line
        total = self.count.totals[candidate.number]
        highest = max(*self.count.totals.values(), 1)
        return replace(line, total=total, share=round(100 * total / highest))

    def _rank(self, number: int) -> int | None:
        if self.form is not None:
            return self.form.rank_of(number)
        if self.slip is None or number not in self.slip.choices:
            return None
        return self.slip.choices.index(number) + 1 if self.is_ranked else 1

    def _by_result(self, lines: list[BallotLine]) -> list[BallotLine]:
        if self.count is None:
            return sorted(lines, key=lambda line: (not line.is_winner, line.number))
        places = {number: at for at, number in enumerate(self.count.ranking)}
        return sorted(lines, key=lambda line: (places.get(line.number, len(lines)), line.number))


def ballot_panel(
    visit: Visit, meeting: Meeting, *, form: SentVote | None = None, notice: str = ""
) -> BallotPanel | None:
    """Return a meeting's ballot for the reader; None if there is none.

    Four queries; two more if the electorate is "attended", and up to two if the count is shown
    while the ballot is open.
    """
    ballot = Ballot.objects.filter(meeting=meeting).first()
    if ballot is None:
        return None
    ballot.meeting = meeting
    candidates = Candidate.objects.filter(ballot=ballot).order_by("number")
    slips = Slip.objects.filter(ballot=ballot)
    shown = list(candidates.select_related("nomination__paper", "nomination__nominated_by"))
    slip = slips.filter(member=visit.reader.pk).first() if visit.is_member else None
    slip_count = slips.count() if ballot.count is None else ballot.count["slips"]
    why_not = ""
    if ballot.is_open:
        why_not = electorate.why_not(ballot=ballot, membership=visit.membership)
    return BallotPanel(
        visit=visit,
        meeting=meeting,
        ballot=ballot,
        candidates=shown,
        slip=slip,
        slip_count=slip_count,
        why_not=why_not,
        count=_shown_count(ballot, shown, slip, slip_count),
        form=form,
        notice=notice,
    )


def _shown_count(
    ballot: Ballot, candidates: list[Candidate], slip: Slip | None, slip_count: int
) -> counting.Count | None:
    """Return the count if the reader may see it.

    Everybody sees it after the ballot closes. Before, unless results are hidden, only members who
    have voted see it, so that nobody votes by the figures. Nobody sees a count of fewer than three
    slips.
    """
    if slip_count < ballot_file.FEWEST_SHOWN:
        return None
    if not ballot.is_open:
        is_shown = ballot_file.may_show_count(ballot)
        return counting.Count.from_json(ballot.count or {}) if is_shown else None
    if ballot.hides_results or slip is None:
        return None
    return _count_of_open_ballot(
        ballot.pk,
        ballot.method,
        candidates=tuple(each.number for each in candidates),
        withdrawn=tuple(each.number for each in candidates if each.withdrawn_at),
        slip_count=slip_count,
        last_cast_at=Slip.objects.filter(ballot=ballot).aggregate(last=Max("cast_at"))["last"],
    )


@shared
def _count_of_open_ballot(
    ballot_id: int,
    method: str,
    *,
    candidates: tuple[int, ...],
    withdrawn: tuple[int, ...],
    slip_count: int,
    last_cast_at: datetime | None,
) -> counting.Count:
    """Count 5,000 slips in a tenth of a second. The last two arguments only key the cache."""
    choices = Slip.objects.filter(ballot=ballot_id).values_list("choices", flat=True)
    return counting.count(method, choices, candidates=candidates, withdrawn=withdrawn)
