from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.rendered_text import render_stale
from papers import import_statements, importing
from papers.clients import records
from papers.clients.records import AuthorRecord, OrganizationRecord, PaperRecord
from papers.models import Author, Authorship, Organization, Paper, PaperTally
from tests.builders import make_user

pytestmark = pytest.mark.django_db


def record(number: int = 1, **fields) -> PaperRecord:
    """Give a paper as the daily feed tells of it."""
    defaults: dict[str, Any] = {
        "external_id": f"2611.{number:05}",
        "title": "Folding $x^2$ papers",
        "abstract": "We fold papers.",
        "authors": names("Ada Lovelace", "José Núñez"),
        "announced_on": date(2026, 11, 20),
        "published_at": datetime(2026, 11, 19, tzinfo=UTC),
    }
    return PaperRecord(**defaults | fields)


def import_records(*, records: list[PaperRecord], **options) -> importing.ImportCounts:
    # The daily feed names no version, and has extras.
    has_extras = all(each.version is None for each in records)
    return importing.import_records(records=records, has_extras=has_extras, **options)


def names(*each: str) -> tuple[AuthorRecord, ...]:
    return tuple(AuthorRecord(name) for name in each)


def printed_names() -> list[str]:
    return list(Authorship.objects.order_by("paper", "position").values_list("name", flat=True))


def test_a_new_paper_comes_with_authors_organization_and_tally():
    lab = OrganizationRecord("u-lab", "U Lab")

    counts = import_records(records=[record(organization=lab)])

    paper = Paper.objects.get()
    assert (counts.created, counts.updated, counts.unchanged) == (1, 0, 0)
    assert paper.organization.name == "U Lab"
    assert PaperTally.objects.get().paper == paper
    assert printed_names() == ["Ada Lovelace", "José Núñez"]
    assert (paper.author_count, paper.lead_authors) == (2, ["Ada Lovelace", "José Núñez"])


@pytest.mark.parametrize("slug", ["u/lab", "..", "?", "a b", "x" * 101])
def test_an_organization_that_no_address_can_name_is_left_out(slug):
    counts = import_records(records=[record(organization=OrganizationRecord(slug, "U Lab"))])

    assert counts.created == 1
    assert Paper.objects.get().organization is None


NAMES = [
    (date(2026, 11, 18), "Old Lab"),
    (date(2026, 11, 20), "A New Lab"),
    (date(2026, 11, 20), "A new lab"),
    (date(2026, 11, 21), ""),
    (date(2026, 11, 22), "u-lab"),
    (None, "Zero Lab"),
]


@pytest.mark.parametrize("order", list(permutations(range(len(NAMES))))[::17])
def test_an_organization_has_the_name_of_the_newest_day_in_any_order(order):
    for place in order:
        day, name = NAMES[place]
        import_records(
            records=[record(announced_on=day, organization=OrganizationRecord("u-lab", name))]
        )

    assert Organization.objects.get().name == "A new lab"


def test_the_days_of_one_batch_name_an_organization_as_if_they_came_apart():
    import_records(
        records=[
            record(number, announced_on=day, organization=OrganizationRecord("u-lab", name))
            for number, (day, name) in enumerate(reversed(NAMES), start=1)
        ]
    )

    assert Organization.objects.get().name == "A new lab"


def test_words_are_rendered_as_they_arrive():
    import_records(records=[record(abstract="So $y$ it is.")])

    paper = Paper.objects.get()
    assert "<math" in paper.title_html
    assert paper.title_text == "Folding x² papers"
    assert "<math" in paper.abstract_html
    assert "<math" in paper.lead_html


def test_importing_twice_changes_nothing():
    records = [record(n, stars=n, media_urls=("https://example.org/a.mp4",)) for n in range(1, 9)]
    import_records(records=records)
    before = list(Paper.objects.order_by("pk").values())

    counts = import_records(records=records)

    assert (counts.created, counts.updated, counts.unchanged) == (0, 0, 8)
    assert list(Paper.objects.order_by("pk").values()) == before


def test_what_changed_is_updated_and_rendered_again():
    import_records(records=[record()])

    counts = import_records(records=[record(title="Folding $z$", stars=7)])

    paper = Paper.objects.get()
    assert counts.updated == 1
    assert (paper.title, paper.star_count) == ("Folding $z$", 7)
    assert paper.title_text == "Folding z"


def test_nothing_said_blanks_nothing():
    full = record(
        code_url="https://example.org/code",
        stars=3,
        ai_keywords=("folding", "paper"),
        organization=OrganizationRecord("u-lab", "U Lab"),
    )
    import_records(records=[full])
    before = Paper.objects.values().get()

    bare = PaperRecord(
        external_id=full.external_id, title=full.title, announced_on=date(2026, 11, 20)
    )
    import_records(records=[bare])

    assert Paper.objects.values().get() == before
    assert printed_names() == ["Ada Lovelace", "José Núñez"]


def test_a_shorter_list_of_the_same_version_is_not_believed():
    import_records(records=[record(ai_keywords=("a", "b"))])

    import_records(records=[record(ai_keywords=("c",), authors=names("Ada Lovelace"))])

    assert Paper.objects.get().ai_keywords == ["a", "b"]
    assert len(printed_names()) == 2


def test_a_newer_version_may_drop_an_author():
    import_records(records=[record(version=1)])

    import_records(records=[record(version=2, authors=names("Ada Lovelace"))])

    assert printed_names() == ["Ada Lovelace"]
    assert Paper.objects.get().author_count == 1


def test_a_version_never_goes_back():
    import_records(records=[record(version=2, title="Second", abstract="New.")])

    import_records(records=[record(version=1, title="First", abstract="Old.")])

    paper = Paper.objects.get()
    assert (paper.version, paper.title, paper.abstract) == (2, "Second", "New.")


def test_arxiv_s_words_stand_over_a_feed_without_versions():
    import_records(records=[record(version=1, title="As at arXiv", announced_on=None)])

    import_records(records=[record(title="As in the feed", stars=5)])

    paper = Paper.objects.get()
    assert (paper.title, paper.star_count) == ("As at arXiv", 5)


def test_a_paper_keeps_the_earliest_day_it_was_announced():
    for day in (20, 18, 19):
        import_records(records=[record()], announced_on=date(2026, 11, day))

    assert Paper.objects.get().announced_on == date(2026, 11, 18)


ACCOUNTS = [
    record(stars=1, announced_on=date(2026, 11, 18), title="One", authors=names("A B"),
           ai_keywords=("a", "b", "c")),
    record(stars=2, announced_on=date(2026, 11, 19), title="Two", authors=names("A B", "C D"),
           ai_keywords=("d", "e")),
    record(
        version=1,
        announced_on=None,
        title="Three",
        categories=("cs.CL", "cs.LG"),
        authors=names("A B", "C D", "E F"),
    ),
    record(version=2, announced_on=None, title="Four", withdrawn=True,
           revised_at=datetime(2026, 11, 22, tzinfo=UTC), authors=names("E F", "A B")),
]  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_order_of_imports_does_not_matter(order):
    for place in order:
        import_records(records=[ACCOUNTS[place]])

    paper = Paper.objects.get()
    assert (paper.version, paper.title, paper.star_count) == (2, "Four", 2)
    assert paper.announced_on == date(2026, 11, 18)
    assert paper.categories == ["cs.CL", "cs.LG"]
    assert paper.ai_keywords == ["a", "b", "c"]
    assert paper.withdrawn_at == datetime(2026, 11, 22, tzinfo=UTC)
    assert printed_names() == ["E F", "A B"]


def test_a_withdrawal_is_dated_once():
    gone = record(version=2, withdrawn=True, revised_at=datetime(2026, 11, 1, tzinfo=UTC))
    import_records(records=[gone])

    import_records(records=[replace(gone, revised_at=datetime(2026, 11, 5, tzinfo=UTC))])

    assert Paper.objects.get().withdrawn_at == datetime(2026, 11, 1, tzinfo=UTC)


def test_a_withdrawal_of_an_older_version_is_no_withdrawal():
    import_records(records=[record(version=3)])

    import_records(records=[record(version=2, withdrawn=True)])

    assert not Paper.objects.get().is_withdrawn


def test_a_claim_stays_with_its_name_when_the_list_changes():
    import_records(records=[record(version=1, authors=names("A B", "C D", "E F"))])
    ada = make_user("adacd")
    Authorship.objects.filter(name="C D").update(claimed_by=ada)

    import_records(records=[record(version=2, authors=names("New One", "A B", "C D"))])

    assert Authorship.objects.get(claimed_by=ada).name == "C D"


def test_a_claim_is_not_shared_with_a_namesake():
    import_records(records=[record(version=1, authors=names("A B", "A B"))])
    Authorship.objects.filter(position=2).update(claimed_by=make_user())

    import_records(records=[record(version=2, authors=names("A B", "A B", "C D"))])

    assert Authorship.objects.get(claimed_by__isnull=False).position == 2


def test_a_claim_is_not_left_to_another_name():
    import_records(records=[record(version=1, authors=names("A B"))])
    Authorship.objects.update(claimed_by=make_user())

    import_records(records=[record(version=2, authors=names("C D"))])

    assert not Authorship.objects.filter(claimed_by__isnull=False).exists()


@pytest.mark.parametrize("spellings", [("José Núñez", "Jose Nunez"), ("JOSE NUNEZ", "José Núñez")])
def test_the_better_spelling_of_an_author_stands_in_any_order(spellings):
    for number, spelling in enumerate(spellings, start=1):
        import_records(records=[record(number, authors=names(spelling))])

    author = Author.objects.get()
    assert (author.name, author.slug) == ("José Núñez", "jose-nunez")
    assert printed_names() == list(spellings)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"title": " "}, "title: String should have at least 1 character"),
        ({"title": "a\0b"}, "title: Value error, holds a NUL character"),
        ({"abstract": "\ud800"}, "abstract: Input should be a valid string"),
        ({"external_id": "nonsense"}, "has no arXiv id"),
        ({"authors": (AuthorRecord("x" * 201),)}, "authors.0.name: String should have at most"),
        ({"version": 99_999}, "version: Input should be less than or equal to 32767"),
        ({"doi": "10.1/" + "x" * 300}, "doi: String should have at most 255 characters"),
    ],
)
def test_one_bad_record_is_left_out_and_the_others_stay(bad, reason):
    counts = import_records(records=[record(1, **bad), record(2)])

    assert counts.created == 1
    assert len(counts.skipped) == 1
    assert counts.skipped[0].reason.startswith(reason)


def test_the_limits_of_a_record_are_those_of_its_columns():
    lengths = {
        (Authorship, "name"): records.MAX_NAME,
        (Paper, "pdf_url"): records.MAX_URL,
        (Paper, "doi"): 255,
        (Paper, "primary_category"): 32,
        (Paper, "ai_model"): 120,
        (Organization, "slug"): 100,
        (Organization, "name"): 200,
    }

    assert lengths == {
        (model, name): model._meta.get_field(name).max_length for model, name in lengths
    }


def test_a_link_that_does_not_fit_costs_the_link_only():
    long = "https://example.org/" + "x" * 500
    import_records(records=[record(code_url=long, project_url="javascript:alert(1)")])

    paper = Paper.objects.get()
    assert (paper.code_url, paper.project_url) == ("", "")


def test_a_paper_listed_twice_is_imported_once():
    counts = import_records(records=[record(), record(version=3)])

    assert (counts.created, len(counts.skipped)) == (1, 1)
    assert Paper.objects.get().version == 3


def test_quotes_and_backslashes_arrive_as_they_are():
    odd = 'A "quoted" \\frac {brace}, comma\nand NULL'
    import_records(records=[record(abstract=odd, ai_keywords=(odd, "NULL", ""))])

    paper = Paper.objects.get()
    assert paper.abstract == odd
    assert paper.ai_keywords == [odd, "NULL"]


def test_the_colon_after_a_collaboration_is_no_author():
    names = ("The X Collaboration", ":", "Ana Uno", "李明")
    import_records(records=[record(authors=tuple(AuthorRecord(name) for name in names))])

    paper = Paper.objects.get()
    assert (paper.author_count, paper.lead_authors) == (3, [names[0], names[2], names[3]])


def test_hidden_authors_are_left_to_arxiv():
    hidden = AuthorRecord("Not Shown", is_hidden=True)
    import_records(records=[record(authors=(*names("A B"), hidden))])

    assert printed_names() == ["A B"]


def test_more_papers_cost_no_more_statements():
    def statements(first: int, last: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            import_records(records=[record(n) for n in range(first, last)])
        return len(queries)

    assert statements(1, 3) == statements(3, 200)


def test_words_that_came_unrendered_are_rendered_later():
    import_records(records=[record()])
    Paper.objects.update(rendered_with=0, title_html="")

    assert (render_stale(), render_stale()) == (1, 0)
    assert "<math" in Paper.objects.get().title_html


def test_every_column_that_is_merged_is_a_column_of_the_paper():
    columns = {column.name for column in import_statements.COLUMNS}

    assert columns < {field.column for field in Paper._meta.concrete_fields}
