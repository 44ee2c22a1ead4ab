"""The seed: believable, the same every time, and only for a developer's copy."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Sum
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from papers import day_order, rendering, trending
from papers.models import Paper, PaperTally, Upvote
from papers.seeding import load, planting
from papers.seeding.samples import archived_papers, sample_papers
from papers.seeding.votes import POPULAR
from tests.builders import make_paper

if TYPE_CHECKING:
    from time_machine import TimeMachineFixture

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_that_day(time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOON, tick=False)


def quietly(text: str) -> None:
    pass


def everything() -> tuple[list[Any], ...]:
    """Return what the seed chose, without ids."""
    votes = Upvote.objects.values_list(
        "paper__external_id", "member__username", "weight", "cast_at"
    )
    papers = Paper.objects.values_list("external_id", "announced_on", "submitted_by__username")
    people = User.objects.values_list("username", "full_name", "biography", "joined_at")
    return sorted(votes), sorted(papers, key=str), sorted(people)


def test_the_samples_are_150_papers_of_2026_with_what_a_reader_decides_by():
    papers = sample_papers()

    assert len({paper.external_id for paper in papers}) == sum(planting.PAPERS_A_DAY) == 152
    assert all(paper.external_id.startswith("26") for paper in papers)
    assert all(paper.authors and paper.abstract and paper.categories for paper in papers)
    assert sum(bool(paper.organization) for paper in papers) > 50
    assert sum(paper.stars is not None for paper in papers) > 40
    assert len({paper.categories[0] for paper in papers}) >= 7


def test_the_samples_have_what_is_hard_to_show():
    papers = sample_papers()

    assert any("$" in paper.title for paper in papers)
    assert max(len(paper.authors) for paper in papers) > 500
    assert sum(not author.name.isascii() for paper in papers for author in paper.authors) > 5


def test_every_bundled_paper_names_its_authors_once():
    papers = [*sample_papers(), *archived_papers()]

    assert len({paper.external_id for paper in papers}) == 191
    assert all(paper.authors for paper in papers)


def test_no_formula_of_the_samples_is_broken():
    for paper in [*sample_papers(), *archived_papers()]:
        html = (
            rendering.render_title(paper.title).html
            + rendering.render_abstract(paper.abstract).html
        )
        shown = re.sub("<math.*?</math>", "", html)
        assert not re.search(r"\$(?!\d)|\\|\dtimes|Omega\(|Theta\(|\^", shown), paper.external_id


@pytest.mark.django_db
def test_the_papers_fill_the_last_ten_working_days_unevenly():
    planting.seed(now=NOON)

    days = Paper.objects.filter(announced_on__gt=date(2026, 11, 1))
    counts = dict(days.values_list("announced_on").annotate(papers=Count("id")))
    working = [date(2026, 11, number) for number in (*range(9, 14), *range(16, 21))]
    assert counts == dict(zip(reversed(working), planting.PAPERS_A_DAY, strict=True))
    assert all(10 <= count <= 20 for count in counts.values())


@pytest.mark.django_db
def test_the_archive_came_in_months_ago_through_members():
    planting.seed(now=NOON)

    archive = Paper.objects.filter(external_id__in=[each.external_id for each in archived_papers()])

    assert archive.count() == 39
    assert not archive.filter(announced_on__gt=NOON - timedelta(days=79)).exists()
    assert not archive.filter(submitted_by=None).exists()
    assert not Paper.objects.filter(submitted_by__joined_at__gt=F("created_at")).exists()


@pytest.mark.django_db
def test_authors_and_organizations_are_those_of_the_import():
    planting.seed(now=NOON)

    paper = Paper.objects.get(external_id="2606.26299")
    assert paper.author_count == paper.authorships.count() == 19
    assert paper.organization.slug == "GoogleDeepMind"
    assert paper.authorships.filter(author__slug="michal-kosmulski").exists()


@given(st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_papers_are_announced_on_working_days_that_have_begun(now):
    days = list(islice(planting.working_days(now), 5))

    assert days == sorted(days, reverse=True)
    assert all(day.weekday() < 5 for day in days)
    assert datetime.combine(days[0], planting.A_DAY_BEGINS_AT) <= now
    assert now.date() - days[0] <= timedelta(days=3)


@pytest.mark.django_db
def test_external_votes_were_read_on_the_day_of_the_paper():
    planting.seed(now=NOON)

    tallies = PaperTally.objects.exclude(external_vote_count=None)
    assert tallies.count() > 90
    assert not tallies.exclude(external_votes_read_at__date=F("announced_on")).exists()
    assert not tallies.filter(external_votes_read_at__gt=NOON).exists()
    assert day_order.refresh_weights() == 0


@pytest.mark.django_db
def test_seeding_again_adds_nothing():
    planting.seed(now=NOON)
    before = everything()

    again = planting.seed(now=NOON + timedelta(days=9))

    assert again == planting.Seeded(papers=0, members=0, votes=0)
    assert everything() == before


@pytest.mark.django_db
def test_two_copies_get_the_same_seed():
    planting.seed(now=NOON)
    first = everything()
    Paper.objects.all().delete()
    User.objects.all().delete()

    planting.seed(now=NOON)

    assert everything() == first


@pytest.mark.django_db
def test_no_vote_is_cast_in_the_future_or_before_its_time():
    planting.seed(now=NOON)

    assert not Upvote.objects.filter(cast_at__gt=NOON).exists()
    assert not Upvote.objects.filter(cast_at__lt=F("member__joined_at")).exists()
    assert not Upvote.objects.filter(cast_at__lt=F("paper__created_at")).exists()


@pytest.mark.django_db
def test_votes_have_a_heavy_tail():
    planting.seed(now=NOON)

    counts = sorted(PaperTally.objects.values_list("vote_count", flat=True))
    assert {paper.external_id for paper in sample_papers()} > POPULAR
    assert 4 <= median(counts) <= 9
    assert 10 <= sum(count >= 40 for count in counts) <= 25


@pytest.mark.django_db
def test_the_votes_are_weighed_and_the_tallies_agree():
    planting.seed(now=NOON)

    assert set(Upvote.objects.values_list("weight", flat=True)) == {0.0, 0.3, 1.0}
    assert PaperTally.objects.aggregate(votes=Sum("vote_count"))["votes"] == Upvote.objects.count()
    recount = trending.recompute_scores()
    assert recount is not None
    assert recount.drifted == 0


@pytest.mark.django_db
def test_the_demo_member_has_votes_and_the_invented_ones_no_password():
    planting.seed(now=NOON)

    assert Upvote.objects.filter(member__username="mira").count() > 3
    usable = [user.username for user in User.objects.all() if user.has_usable_password()]
    assert sorted(usable) == ["ines", "mira", "tomas", "wanjiru"]


@pytest.mark.django_db
def test_the_invented_members_pass_the_rules_for_real_ones():
    planting.seed(now=NOON)

    for member in User.objects.all():
        member.full_clean(exclude=["password"], validate_unique=False, validate_constraints=False)


@pytest.mark.django_db
def test_a_real_site_is_not_seeded(settings):
    settings.DEVELOPMENT = False

    with pytest.raises(CommandError, match="in development only"):
        call_command("seed", stdout=StringIO())

    assert not User.objects.exists()


@pytest.mark.django_db
def test_if_empty_leaves_a_site_with_papers_alone():
    make_paper()

    call_command("seed", "--if-empty", stdout=StringIO())

    assert Paper.objects.count() == 1


@pytest.mark.django_db
def test_load_adds_papers_with_authors_words_and_votes():
    load.add_load(papers=60, votes_a_paper=5, now=NOON, say=quietly)

    assert Paper.objects.exclude(lead_html="").filter(author_count__gt=0).count() == 60
    votes = PaperTally.objects.aggregate(votes=Sum("vote_count"))["votes"]
    assert votes == Upvote.objects.count()
    assert 250 < votes < 350
    assert not Upvote.objects.filter(cast_at__gt=NOON).exists()


@pytest.mark.django_db
def test_load_adds_only_what_is_missing():
    load.add_load(papers=30, votes_a_paper=2, now=NOON, say=quietly)
    votes = Upvote.objects.count()

    load.add_load(papers=30, votes_a_paper=2, now=NOON, say=quietly)
    assert Upvote.objects.count() == votes

    load.add_load(papers=40, votes_a_paper=2, now=NOON, say=quietly)
    assert Paper.objects.count() == 40
