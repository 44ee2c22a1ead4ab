"""Statistics of a group: attendance, presenters, papers and survey answers.

Only members see names, except those of presenters, which meeting pages show to everybody.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from common.words import counted
from groups.archive import charts
from groups.attendance import survey
from groups.attendance.models import Attendance, SurveyAnswer
from groups.membership.models import FULL, Membership
from groups.rota.models import Seat
from groups.schedule.models import Meeting, Phase
from papers.lists.page import topic_names
from papers.models import Paper

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from groups.access import Visit
    from groups.membership.models import Group

RECENT = 10
COLUMNS_SHOWN = 52
NAMES_SHOWN = 20
TOPICS_SHOWN = 10

_WORDS = ["", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


@dataclass(frozen=True)
class TurnOut:
    """Attendance at the last meetings for which somebody recorded it."""

    median: float
    member_count: int
    meeting_count: int

    @property
    def words(self) -> str:
        number = self.meeting_count
        over = f"the last {_WORDS[number]} meetings" if number > 1 else "one meeting"
        return f"Median {self.median:g} of {self.member_count:,} members over {over}."


@dataclass(frozen=True)
class MeetingTurnOut:
    day: date
    occurs_on: date
    came_count: int


@dataclass(frozen=True)
class MemberCount:
    name: str
    username: str
    count: int
    last_on: date | None = None


@dataclass(frozen=True)
class PresenterShares:
    """How evenly presenting is shared among the full members."""

    presenters: list[MemberCount]
    presenter_count: int
    member_count: int
    # From 0, everybody did the same, to 1, one member did everything.
    gini: float

    @property
    def words(self) -> str:
        if not self.presenter_count:
            return "Nobody has presented yet."
        most = counted(self.presenters[0].count, "time")
        share = f"{self.presenter_count} of {self.member_count} members have presented."
        return f"{share} The most active presented {most}."

    @property
    def evenness(self) -> str:
        """Return the spread as a word."""
        if self.gini < 0.35:
            return "evenly shared"
        return "shared by some people" if self.gini < 0.7 else "concentrated in a few people"


@dataclass(frozen=True)
class Statistics:
    """The contents of the statistics page; a part without data is None or empty."""

    turn_out: TurnOut | None
    attended: list[MeetingTurnOut]
    unnoted_count: int
    # Members who attended one of the last meetings; empty for visitors.
    regulars: list[MemberCount]
    presenting: PresenterShares
    topics: list[tuple[str, int]]
    answers: list[tuple[str, int]]

    @property
    def turn_out_chart(self) -> charts.Chart:
        values = [(f"{each.day:%b %-d, %Y}", each.came_count) for each in self.attended]
        level = median(value for _, value in values) if values else None
        words = (
            f"{counted(len(values), 'meeting')}, with a line at the median, {level:g}."
            if values
            else ""
        )
        return charts.columns("turn-out", "How many attended", values, level=level, words=words)

    @property
    def presenting_chart(self) -> charts.Chart:
        values = [(each.name, each.count) for each in self.presenting.presenters]
        title = "How often members presented"
        return charts.bars("presenting", title, values, words=self.presenting.words)

    @property
    def regulars_chart(self) -> charts.Chart:
        values = [(each.name, each.count) for each in self.regulars]
        return charts.bars("regulars", f"Who attended the last {RECENT} meetings", values)

    @property
    def topics_chart(self) -> charts.Chart:
        return charts.bars("topics", "Topics of the papers that were read", self.topics)

    @property
    def answers_chart(self) -> charts.Chart:
        return charts.bars("answers", "Answers after meetings", self.answers)

    @property
    def answer_count(self) -> int:
        return sum(count for _, count in self.answers)


def turn_out(group: Group) -> TurnOut | None:
    """Return the median attendance over the last ten meetings, or None: one query."""
    return _turn_out_of(group, _attended(group, RECENT))


def statistics_of(visit: Visit) -> Statistics:
    """Return everything that the statistics page shows: seven queries, five for a visitor."""
    group = visit.group
    attended = _attended(group, COLUMNS_SHOWN)
    held = Meeting.objects.filter(group=group, phase=Phase.HELD).count()
    noted = Attendance.objects.filter(meeting__group=group, meeting__phase=Phase.HELD)
    noted_count = noted.values("meeting").distinct().count()
    return Statistics(
        turn_out=_turn_out_of(group, attended[:RECENT]),
        attended=attended[::-1],
        unnoted_count=max(0, held - noted_count),
        regulars=_regulars(group, attended[:RECENT]) if visit.is_member else [],
        presenting=_presenting(group),
        topics=_topics(group),
        answers=_answers(group) if visit.is_member else [],
    )


def gini(counts: Sequence[int], size: int) -> float:
    """Return the Gini index of a count among `size` members; missing members count as 0.

    0 means all alike; near 1 means one member did everything.
    """
    total = sum(counts)
    if not total or size <= 0:
        return 0.0
    ordered = [0] * max(0, size - len(counts)) + sorted(counts)
    ranked = sum(place * count for place, count in enumerate(ordered, start=1))
    return 2 * ranked / (len(ordered) * total) - (len(ordered) + 1) / len(ordered)


def _attended(group: Group, limit: int) -> list[MeetingTurnOut]:
    """Return the last meetings with recorded attendance, latest first."""
    rows = (
        Meeting.objects.filter(group=group)
        .held()
        .filter(attendances__isnull=False)
        .annotate(came_count=Count("attendances"))
        .values_list("day", "occurs_on", "came_count")
    )
    return [MeetingTurnOut(*row) for row in rows[:limit]]


def _turn_out_of(group: Group, attended: Sequence[MeetingTurnOut]) -> TurnOut | None:
    if not attended:
        return None
    middle = median(each.came_count for each in attended)
    return TurnOut(middle, group.member_count, len(attended))


def _regulars(group: Group, attended: Sequence[MeetingTurnOut]) -> list[MemberCount]:
    recent = [each.occurs_on for each in attended]
    members = Membership.objects.filter(group=group).values("member_id")
    rows = (
        Attendance.objects.filter(
            meeting__group=group, meeting__occurs_on__in=recent, member_id__in=members
        )
        .values_list("member__full_name", "member__username")
        .annotate(number=Count("pk"))
        .order_by("-number", "member__username")[:NAMES_SHOWN]
    )
    return [MemberCount(name or username, username, count) for name, username, count in rows]


def _presenting(group: Group) -> PresenterShares:
    seats = Seat.objects.filter(
        meeting__group=group, meeting__phase=Phase.HELD, kind__is_presenter=True
    )
    rows = seats.order_by("meeting__day").values_list(
        "member_id", "member__full_name", "member__username", "meeting__day"
    )
    counts: Counter[int] = Counter()
    people: dict[int, tuple[str, str, date]] = {}
    for member_id, full_name, username, day in rows:
        counts[member_id] += 1
        people[member_id] = (full_name or username, username, day)
    most = sorted(people, key=lambda pk: (-counts[pk], people[pk][1]))
    size = _member_count(group, people)
    named = [MemberCount(*people[pk][:2], counts[pk], people[pk][2]) for pk in most[:NAMES_SHOWN]]
    return PresenterShares(named, len(people), size, gini([*counts.values()], size))


def _member_count(group: Group, presenter_ids: Collection[int]) -> int:
    """Count the members who may present, and former members who did."""
    full = Membership.objects.filter(group=group, role__in=FULL)
    found = full.aggregate(
        members=Count("pk"), presenters=Count("pk", filter=Q(member_id__in=list(presenter_ids)))
    )
    members: int = found["members"]
    presenters: int = found["presenters"]
    return members + len(presenter_ids) - presenters


def _topics(group: Group) -> list[tuple[str, int]]:
    read = Q(readings__meeting__group=group, readings__meeting__phase=Phase.HELD)
    rows = Paper.objects.filter(read).values_list("categories", flat=True)
    counts = Counter(code for codes in rows for code in codes)
    names = topic_names()
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:TOPICS_SHOWN]
    return [(names.get(code, code), count) for code, count in ordered]


def _answers(group: Group) -> list[tuple[str, int]]:
    # With few answers, a count would reveal who gave which.
    enough = (
        SurveyAnswer.objects.filter(meeting__group=group)
        .values("meeting")
        .annotate(number=Count("pk"))
        .filter(number__gte=survey.SHOWN_FROM)
    )
    rows = (
        SurveyAnswer.objects.filter(meeting__in=enough.values("meeting"))
        .values_list("answer")
        .annotate(number=Count("pk"))
    )
    found = dict(rows)
    if not found:
        return []
    return [(choice.label, found.get(choice.value, 0)) for choice in SurveyAnswer.Answer]
