from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.db.models.functions import Now

from common import due_work
from papers import completing
from papers.clients import huggingface
from papers.clients.records import AuthorRecord, PaperRecord
from papers.importing import import_records
from papers.models import Paper
from tests.builders import make_paper
from tests.papers.clients.recorded import Replay
from tests.papers.conftest import entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.replay.library import Library

pytestmark = pytest.mark.django_db


def arrive(*ids: str) -> None:
    """Let papers come as the daily feed gives them: without version and categories."""
    authors = (AuthorRecord("Ada Lovelace"),)
    import_records(
        records=[
            PaperRecord(external_id=each, title=f"On {each}", authors=authors) for each in ids
        ],
        announced_on=date(2026, 11, 17),
    )


def test_arxiv_gives_what_the_daily_feed_leaves_out(feed):
    feed.save(date(2026, 11, 17), entry("2611.00001"))
    arrive("2611.00001")

    completing.complete_papers()

    paper = Paper.objects.get()
    assert (paper.version, paper.categories) == (1, ["cs.LG", "cs.CL"])
    assert paper.completed_at is not None


def test_papers_are_asked_for_a_hundred_at_a_time(feed):
    ids = [f"2611.{number:05}" for number in range(1, 251)]
    feed.save(date(2026, 11, 17), *map(entry, ids))
    arrive(*ids)

    completing.complete_papers()

    assert feed.answers["200"] == 3
    assert not Paper.objects.filter(completed_at__isnull=True).exists()


def test_a_complete_paper_is_not_asked_for(feed):
    complete = PaperRecord(
        external_id="2611.00001", title="Whole", version=2, categories=("cs.CL",)
    )
    import_records(records=[complete])

    completing.complete_papers()

    assert not feed.answers


def test_a_paper_that_arxiv_does_not_know_yet_is_asked_for_later(feed):
    arrive("2611.00009")

    completing.complete_papers()
    completing.complete_papers()

    paper = Paper.objects.get()
    assert feed.answers["200"] == 1
    assert (paper.completed_at, paper.completion_attempts) == (None, 1)


def test_a_paper_that_arxiv_never_knows_is_noted_as_asked(feed):
    arrive("2611.00009")
    Paper.objects.update(created_at=Now() - timedelta(days=8))
    for _ in range(due_work.MAX_ATTEMPTS):
        Paper.objects.update(completion_due_at=Now())
        completing.complete_papers()

    paper = Paper.objects.get()
    assert paper.completed_at is not None
    assert paper.version is None


def test_a_paper_that_arxiv_learns_of_late_is_not_given_up(feed):
    arrive("2611.00009")
    for _ in range(due_work.MAX_ATTEMPTS + 1):
        Paper.objects.update(completion_due_at=Now())
        completing.complete_papers()

    assert Paper.objects.get().completed_at is None


def test_one_id_that_arxiv_refuses_keeps_back_no_other_paper(feed, monkeypatch):
    ids = [f"2611.{number:05}" for number in range(1, 41)]
    feed.save(date(2026, 11, 17), *map(entry, ids))
    arrive(*ids)
    monkeypatch.setattr(feed.server.library, "atom", refusing("2611.00007", feed.server.library))

    completing.complete_papers()

    waiting = Paper.objects.filter(completed_at__isnull=True)
    assert list(waiting.values_list("external_id", flat=True)) == ["2611.00007"]
    assert {query["max_results"] for query in feed.server.statistics.arxiv_queries} >= {"40", "1"}


def refusing(odd: str, library: Library) -> Callable[[list[str]], bytes]:
    """Answer as arXiv does: with one entry that is an error, if one id of the list is odd."""
    answer = library.atom

    def atom(ids: list[str]) -> bytes:
        if odd not in ids:
            return answer(ids)
        return (
            b'<feed xmlns="http://www.w3.org/2005/Atom"><entry>'
            b"<id>http://arxiv.org/api/errors#incorrect_id_format</id>"
            b"<summary>incorrect id format</summary></entry></feed>"
        )

    return atom


def test_a_failure_puts_papers_off_for_longer_each_time(feed, settings):
    settings.ARXIV_API_URL = f"{feed.server.url}/nothing-here"
    arrive("2611.00001")
    pauses = []
    for _ in range(3):
        Paper.objects.update(completion_due_at=Now())
        completing.complete_papers()
        due_at, now = Paper.objects.values_list("completion_due_at", Now()).get()
        pauses.append(round((due_at - now) / timedelta(minutes=1)))

    assert pauses == [20, 40, 80]


def test_completing_touches_no_other_paper(feed):
    feed.save(date(2026, 11, 17), entry("2611.00001"))
    arrive("2611.00001")
    import_records(
        records=[PaperRecord(external_id="2611.00002", title="B", version=1, categories=("x",))]
    )
    before = Paper.objects.get(external_id="2611.00002").updated_at

    completing.complete_papers()

    assert Paper.objects.get(external_id="2611.00002").updated_at == before


@pytest.mark.parametrize(
    ("stored", "kept"),
    [
        ("10.1002/(sici)1099-1727(199821)14:1", ""),
        ("10.1002/(sici)1097-0258(19980815/30)17:15/16", ""),
        ("10.1130/0016-7606(1989)101", ""),
        ("10.1002/(sici)1099-1727(199821)14:1<3::aid-sdr140>3.0.co;2-k",) * 2,
        ("10.1641/0006-3568(2000)050[0053:iaeo]2.3.co;2",) * 2,
        ("10.1016/0370-2693(92)90710-l",) * 2,
        ("10.1088/0305-4470/39/6/011",) * 2,
    ],
)
def test_a_doi_that_was_cut_is_forgotten_and_the_paper_is_asked_for_again(feed, stored, kept):
    paper = make_paper("2611.00001", doi=stored, completed_at=Now(), completion_attempts=3)

    import_module("papers.migrations.0009_mend_cut_dois").forget(apps, None)

    paper.refresh_from_db()
    assert paper.doi == kept
    feed.save(date(2026, 11, 17), entry("2611.00001"))
    completing.complete_papers()
    assert bool(feed.answers) is (kept == "")


# Texts that the feed has damaged ---------------------------------------------------------


def from_feed(day: int, title: str, *, external_id: str = "2611.00001") -> PaperRecord:
    """Give a paper as the client reads it in the daily feed."""
    answer = [entry(external_id, title=title, summary=f"{title}, says the feed.")]
    return huggingface.daily_papers(
        Replay(json.dumps(answer).encode()),
        "https://hub.example",
        day=date(2026, 11, day),
        read_at=datetime(2026, 11, day, tzinfo=UTC),
    ).records[0]


def from_arxiv(title: str, **fields) -> PaperRecord:
    return PaperRecord(
        external_id="2611.00001", title=title, abstract=f"{title}, says arXiv.", **fields
    )


def accounts() -> list[PaperRecord]:
    return [
        from_feed(17, "10times faster"),
        from_feed(20, "10times Faster at 1920times1080"),
        # Nobody's ids have one; if one had, its text would still be the feed's.
        from_feed(21, "10times faster, again", external_id="2611.00001v9"),
        from_arxiv(r"$10\times$ faster", version=1, announced_on=date(2026, 11, 17)),
        from_arxiv(r"$10\times$ faster still", version=2, categories=("cs.CL",)),
    ]


@pytest.mark.parametrize("order", list(permutations(range(5))))
def test_arxiv_s_text_stands_over_the_feed_s_in_every_order(order):
    told = accounts()

    for place in order:
        import_records(records=[told[place]], has_extras=told[place].version is None)

    paper = Paper.objects.get()
    assert paper.title == r"$10\times$ faster still"
    assert paper.abstract == r"$10\times$ faster still, says arXiv."
    assert "<math" in paper.title_html
    assert paper.completed_at is not None


def test_every_paper_of_the_feed_is_asked_for_whatever_its_text(feed):
    entries = entry("2611.00001", title="10times faster"), entry("2611.00002", title="Plain")
    feed.save(date(2026, 11, 17), *entries)
    records = [from_feed(17, "10times faster"), from_feed(17, "Plain", external_id="2611.00002")]
    import_records(records=records, has_extras=True)

    completing.complete_papers()

    (query,) = feed.server.statistics.arxiv_queries
    assert set(query["id_list"].split(",")) == {"2611.00001", "2611.00002"}


BROKEN = [
    "10times faster",
    "At 1920times1080",
    "A 360^circ Panorama",
    "SL^{2}A-INR",
    "An L_2 Norm",
    "textttDual Attention",
    r"A \frac of it",
]
SOUND = ["Faster at Times", "Ten times, 2 times", "On $200 GPUs", "Textit: the name", "L2 Norm"]


@pytest.mark.parametrize("title", [*BROKEN, *SOUND])
def test_a_title_whose_tex_is_visibly_broken_is_told_from_others(title):
    paper = make_paper(title=title)
    Paper.objects.update(title_text=title)
    paper.refresh_from_db()

    is_broken = title in BROKEN
    assert completing.has_broken_tex(paper) is is_broken
    assert completing.with_broken_tex().exists() is is_broken


def test_the_admin_marks_broken_titles_until_arxiv_s_came(admin_client):
    make_paper(title="A 10times faster way")
    make_paper(title="A 20times faster way", version=1)

    content = admin_client.get("/admin/papers/paper/?title=broken").content.decode()

    assert "A 10times faster way" in content
    assert "A 20times faster way" not in content
    assert 'alt="False"' in content
