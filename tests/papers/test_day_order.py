"""The order of a day: votes here, and external votes by a weight that fades."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from papers import day_order, tasks, trending, voting
from papers.clients.records import PaperRecord
from papers.importing import import_records
from papers.lists import page
from papers.lists.page import PaperList
from papers.lists.periods import day, month, week
from papers.models import Paper, PaperTally
from papers.page import PaperView, day_rank_of
from tests.builders import make_paper, make_user

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 20)
READ_AT = datetime(2026, 11, 20, 8, tzinfo=UTC)


def make_listed(title: str, external: int | None = None, **fields) -> Paper:
    read_at = None if external is None else READ_AT
    fields = {"external_vote_count": external, "external_votes_read_at": read_at} | fields
    return make_paper(title=title, **fields)


def titles(period) -> list[str]:
    papers = PaperList(period.kind, period.url, period).papers()
    return list(papers.values_list("title", flat=True))


def vote(paper: Paper, times: int = 1) -> None:
    for _ in range(times):
        voting.cast_vote(paper=paper, member=make_user())


def test_a_day_without_own_votes_is_ordered_by_external_votes():
    for title, votes in (("Second", 38), ("Last", None), ("First", 140), ("Third", 6)):
        make_listed(title, votes)

    assert titles(day(DAY)) == ["First", "Second", "Third", "Last"]


def test_without_external_votes_own_votes_comments_and_arrival_order_a_day():
    make_listed("Third")
    make_listed("Second")
    PaperTally.objects.filter(paper=make_listed("First of two")).update(comment_count=2)
    make_listed("Best", vote_count=1)

    assert titles(day(DAY)) == ["Best", "First of two", "Second", "Third"]


@pytest.mark.parametrize(("own", "weight"), [(0, 1), (10, 0.5), (90, 0.1)])
def test_external_votes_count_less_the_more_votes_a_day_has_here(own, weight):
    make_listed("Ours", vote_count=own)
    paper = make_listed("Popular", 40)

    day_order.refresh_weights()

    tally = PaperTally.objects.get(paper=paper)
    assert tally.day_weight == pytest.approx(weight) == day_order.weight_of_day(own)
    assert tally.day_score == pytest.approx(40 * weight)


def test_a_vote_moves_its_paper_at_once_and_never_down():
    make_listed("Ahead", 95)
    voted = make_listed("Voted", 94)

    vote(voted, 2)
    before = titles(day(DAY))
    day_order.refresh_weights()

    assert before == titles(day(DAY)) == ["Voted", "Ahead"]


def test_enough_own_votes_outweigh_external_votes():
    make_listed("Popular", 30)
    ours = make_listed("Ours")

    vote(ours, 15)
    day_order.refresh_weights()

    assert titles(day(DAY)) == ["Ours", "Popular"]


def test_the_votes_of_another_day_change_no_weight():
    paper = make_listed("Popular", 40)
    make_listed("Another day's", vote_count=50, announced_on=date(2026, 11, 19))

    assert day_order.refresh_weights() == 0
    assert PaperTally.objects.get(paper=paper).day_weight == 1


def test_a_refresh_writes_only_what_is_out_of_date():
    make_listed("Popular", 40)
    make_listed("Nobody's", 0)
    make_listed("Ours", vote_count=5)

    assert [day_order.refresh_weights(), day_order.refresh_weights()] == [1, 0]


def test_a_refresh_of_some_days_leaves_the_others():
    make_listed("Popular", 40)
    make_listed("Ours", vote_count=5)

    assert day_order.refresh_weights(days=[date(2026, 11, 19)]) == 0
    assert day_order.refresh_weights(days=[DAY]) == 1


def make_day_with_a_weight_out_of_date(day: date) -> Paper:
    make_listed("Ours", vote_count=10, announced_on=day)
    return make_listed("Theirs", 40, announced_on=day)


def test_each_minute_costs_the_recent_days_only():
    today = timezone.now().date()
    recent, old = (
        make_day_with_a_weight_out_of_date(today - timedelta(days=age)) for age in (3, 400)
    )

    tasks.refresh_day_weights()

    weights = {paper: PaperTally.objects.get(paper=paper).day_weight for paper in (recent, old)}
    assert weights == {recent: 0.5, old: 1}


def test_old_days_follow_with_each_recompute():
    old = make_day_with_a_weight_out_of_date(timezone.now().date() - timedelta(days=400))
    PaperTally.objects.filter(paper__title="Ours").update(vote_count=0)
    ours = Paper.objects.get(title="Ours")
    vote(ours, 10)

    tasks.recompute_scores()

    assert PaperTally.objects.get(paper=old).day_weight == 0.5


def test_voided_votes_give_the_weight_back():
    paper = make_listed("Popular", 40)
    member = make_user()
    voting.cast_vote(paper=paper, member=member)
    day_order.refresh_weights()

    voting.void_votes(member=member, reason="One person, two accounts.")
    day_order.refresh_weights()

    tally = PaperTally.objects.get(paper=paper)
    assert (tally.day_weight, tally.day_score) == (1, 40)


def test_weeks_and_months_weigh_each_day_by_its_own_votes():
    make_listed("Of a busy day", 100, announced_on=date(2026, 11, 19))
    make_listed("Voted for", vote_count=90, announced_on=date(2026, 11, 19))
    make_listed("Of a quiet day", 50)
    day_order.refresh_weights()

    expected = ["Voted for", "Of a quiet day", "Of a busy day"]
    assert titles(week(DAY)) == titles(month(DAY)) == expected


def test_trending_counts_own_votes_only():
    make_listed("Popular", 500)
    ours = make_listed("Ours")

    vote(ours)

    trending_list = PaperList("trending", "/papers/trending").papers()
    assert list(trending_list.values_list("title", flat=True)) == ["Ours", "Popular"]
    assert PaperTally.objects.filter(hot_score__isnull=False).count() == 1


def test_a_rank_counts_own_votes_only():
    popular, ours = make_listed("Popular", 500), make_listed("Ours")
    vote(ours)

    ranks = [day_rank_of(Paper.objects.get(pk=paper.pk)).rank for paper in (ours, popular)]
    assert ranks == [1, 2]
    assert PaperView(Paper.objects.get(pk=popular.pk), make_user()).rank_badge == ""


def numbers_on_the_page(client, paper: Paper) -> list[str]:
    content = client.get("/about/trending", {"paper": paper.external_id}).content.decode()
    row = content.partition("What sorts the paper")[2].partition("</table>")[0]
    return re.findall(r'class="number">([^<]+)</td>', row)


def test_the_explanation_shows_own_votes_external_votes_the_weight_and_the_sum(client):
    paper = make_listed("Popular", 1_038, vote_count=2)
    make_listed("Ours", vote_count=8)

    assert numbers_on_the_page(client, paper) == ["2", "1,038", "10", "0.500", "521.0"]


def test_the_explanation_of_a_withdrawn_paper_names_no_place_in_a_list(client):
    paper = make_listed("Gone", 38, withdrawn_at=READ_AT)

    assert numbers_on_the_page(client, paper) == []


def test_a_day_that_moved_moves_in_the_order_too():
    record = PaperRecord(external_id="2611.90001", title="Moved", announced_on=DAY)
    import_records(records=[record])

    import_records(records=[record], announced_on=date(2026, 11, 18))

    assert titles(day(date(2026, 11, 18))) == ["Moved"]
    assert titles(day(DAY)) == []


def test_a_recompute_puts_right_a_tally_of_another_day():
    paper = make_listed("Here")
    PaperTally.objects.update(announced_on=date(2026, 1, 1))

    recount = trending.recompute_scores()

    assert recount.drifted == 1
    assert PaperTally.objects.get(paper=paper).announced_on == DAY


def test_a_day_is_read_in_order_from_its_index():
    rows = [
        Paper(external_id=f"2612.{n:05}", title="T", announced_on=DAY + timedelta(days=n % 4))
        for n in range(4_000)
    ]
    papers = Paper.objects.bulk_create(rows, batch_size=500)
    PaperTally.objects.bulk_create(
        [
            PaperTally(paper=paper, announced_on=paper.announced_on, external_vote_count=n % 97)
            for n, paper in enumerate(papers)
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE papers_paper, papers_papertally")
        statement, parameters = page._compiled.__wrapped__(
            PaperList("day", "", day(DAY)), 1, page.PAGE_SIZE
        )
        cursor.execute(f"EXPLAIN {statement}", parameters)
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "papers_best_of_day" in plan
    assert "Sort" not in plan
