"""How records become rows: the only place that knows both.

Whatever the number of papers, a batch costs the same few statements; the rules by which
two accounts of one paper are merged stand in `papers.import_statements`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection, transaction
from django.utils import timezone

from papers import day_order
from papers import import_statements as sql
from papers.clients.records import SkippedEntry
from papers.import_rows import LEAD_AUTHORS, PaperRow, UnfitRecordError, paper_row
from papers.rendering import RENDERED_WITH, render_abstract, render_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django.db.backends.utils import CursorWrapper

    from papers.clients.records import PaperRecord

    Key = tuple[str, str]
    Words = tuple[str, str]

_Item = TypeVar("_Item")

PAPERS_A_STATEMENT = 2_000
AUTHORS_A_STATEMENT = 20_000


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What an import did."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: tuple[SkippedEntry, ...] = ()

    @property
    def paper_count(self) -> int:
        return self.created + self.updated + self.unchanged

    def __add__(self, other: ImportCounts) -> ImportCounts:
        return ImportCounts(
            created=self.created + other.created,
            updated=self.updated + other.updated,
            unchanged=self.unchanged + other.unchanged,
            skipped=self.skipped + other.skipped,
        )


@dataclass(frozen=True, slots=True)
class _Written:
    """A paper that the import created or changed."""

    pk: int
    row: PaperRow
    is_created: bool
    has_our_authors: bool


def import_records(
    *, records: Iterable[PaperRecord], announced_on: date | None = None, has_extras: bool = False
) -> ImportCounts:
    """Bring the papers up to what the records tell, in one transaction.

    `announced_on` is the day whose feed they come from, and `has_extras` says whether that
    feed tells of extras. A record that does not fit is skipped with its reason.
    """
    rows, skipped = _fitting_rows(records, announced_on)
    if not rows:
        return ImportCounts(skipped=tuple(skipped))
    # Each table is done with, in the order of its keys, before the next one is begun, so
    # that imports of the same papers wait for each other but never in a circle.
    with transaction.atomic(), connection.cursor() as cursor:
        _write_organizations(cursor, rows)
        written = [
            paper
            for part in _parts(rows, PAPERS_A_STATEMENT)
            for paper in _write_papers(cursor, part, has_extras=has_extras)
        ]
        _write_tallies(cursor, rows)
        _write_versions(cursor, rows)
        _write_authors(cursor, written)
    created = sum(paper.is_created for paper in written)
    return ImportCounts(
        created=created,
        updated=len(written) - created,
        unchanged=len(rows) - len(written),
        skipped=tuple(skipped),
    )


def _fitting_rows(
    records: Iterable[PaperRecord], announced_on: date | None
) -> tuple[list[PaperRow], list[SkippedEntry]]:
    """Return the rows in the order of their keys, and what was left out."""
    rows: dict[Key, PaperRow] = {}
    skipped = []
    for position, record in enumerate(records):
        try:
            row = paper_row(record, announced_on=announced_on)
        except UnfitRecordError as error:
            skipped.append(SkippedEntry(position, _printable(record.external_id), str(error)))
            continue
        if (other := rows.get(row.key)) is not None:
            skipped.append(SkippedEntry(position, record.external_id, "is listed twice"))
            row = max(row, other, key=lambda each: each.rank)
        rows[row.key] = row
    return [rows[key] for key in sorted(rows)], skipped


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)[:64]


def _write_organizations(cursor: CursorWrapper, rows: Sequence[PaperRow]) -> None:
    named: dict[str, tuple[date, str]] = {}
    for row in rows:
        if (told := row.record.organization) and told.slug:
            # A slug in place of a name stands below every name.
            is_named = told.name not in {"", told.slug}
            news = (row.day if row.day and is_named else date.min, told.name or told.slug)
            named[told.slug] = max(news, named.get(told.slug, news))
    if named:
        slugs = sorted(named)
        days, names = zip(*(named[slug] for slug in slugs), strict=True)
        named_on = (None if day == date.min else day for day in days)
        _execute(cursor, sql.UPSERT_ORGANIZATIONS, slugs, names, named_on)


def _write_papers(
    cursor: CursorWrapper, rows: Sequence[PaperRow], *, has_extras: bool
) -> Iterator[_Written]:
    known = _known_words(cursor, rows)
    values = [_paper_values(row, known, has_extras=has_extras) for row in rows]
    _execute(
        cursor,
        sql.UPSERT_PAPERS,
        (row.record.source for row in rows),
        (row.record.external_id for row in rows),
        *([each[column.name] for each in values] for column in sql.COLUMNS),
        (row.record.organization.slug if row.record.organization else "" for row in rows),
    )
    by_key = {row.key: row for row in rows}
    for pk, source, external_id, authors_digest, is_created in cursor.fetchall():
        row = by_key[source, external_id]
        has_our_authors = bool(row.authors) and row.authors_digest == authors_digest
        yield _Written(pk, row, is_created, has_our_authors)


def _known_words(cursor: CursorWrapper, rows: Sequence[PaperRow]) -> Mapping[Key, Words]:
    """Return the titles and abstracts that stand: the same ones are not rendered again."""
    sources, ids = (row.record.source for row in rows), (row.record.external_id for row in rows)
    _execute(cursor, sql.KNOWN_WORDS, sources, ids)
    return {
        (source, external_id): (title, abstract)
        for source, external_id, title, abstract in cursor.fetchall()
    }


def _paper_values(row: PaperRow, known: Mapping[Key, Words], *, has_extras: bool) -> dict[str, Any]:
    record = row.record
    withdrawn_at = (record.revised_at or timezone.now()) if record.withdrawn else None
    return {
        "version": record.version,
        "described_on": row.day,
        "listed_on": row.day if has_extras else None,
        "announced_on": row.day,
        "published_at": record.published_at,
        "revised_at": record.revised_at,
        "withdrawn_at": withdrawn_at,
        "primary_category": record.primary_category,
        "categories": _array(record.categories),
        "doi": record.doi,
        "venue": record.venue,
        "work_type": record.work_type,
        "pdf_url": record.pdf_url,
        "author_count": len(row.authors),
        "lead_authors": _array(author.name for author in row.authors[:LEAD_AUTHORS]),
        "authors_digest": row.authors_digest,
        "code_url": record.code_url,
        "project_url": record.project_url,
        "star_count": record.stars,
        "thumbnail_url": record.thumbnail_url,
        "media_urls": _array(record.media_urls),
        "ai_summary": record.ai_summary,
        "ai_keywords": _array(record.ai_keywords),
        "ai_model": record.ai_model,
        "listed_by": record.listed_by,
        "completed_at": timezone.now() if row.is_complete else None,
    } | _words(record, known.get(row.key))


def _words(record: PaperRecord, known: Words | None) -> dict[str, Any]:
    title, abstract = record.title.strip(), record.abstract.strip()
    words: dict[str, Any] = {
        "title": title,
        "abstract": abstract,
        "title_html": "",
        "title_text": "",
        "abstract_html": "",
        "lead_html": "",
        "rendered_with": RENDERED_WITH,
    }
    known_title, known_abstract = known or ("", "")
    if title != known_title:
        rendered_title = render_title(title)
        words |= {"title_html": rendered_title.html, "title_text": rendered_title.text}
    if abstract != known_abstract:
        rendered = render_abstract(abstract)
        words |= {"abstract_html": rendered.html, "lead_html": rendered.lead_html}
    return words


def _write_tallies(cursor: CursorWrapper, rows: Sequence[PaperRow]) -> None:
    records = [row.record for row in rows]
    signals = [record.signals for record in records]
    _execute(
        cursor,
        sql.UPSERT_TALLIES,
        (record.source for record in records),
        (record.external_id for record in records),
        (each.read_at if each else None for each in signals),
        (each.votes if each else None for each in signals),
        (each.comments if each else None for each in signals),
    )
    days = {row.day for row, each in zip(rows, signals, strict=True) if each and row.day}
    if days:
        # After the commit, so that the papers of a day are not locked behind this import's.
        transaction.on_commit(partial(day_order.refresh_weights, days=days), robust=True)


def _write_versions(cursor: CursorWrapper, rows: Sequence[PaperRow]) -> None:
    """Keep what is known of versions, also of papers that did not change otherwise."""
    dated = [
        (*row.key, version.number, version.submitted_at)
        for row in rows
        for version in row.record.versions
    ]
    for part in _parts(dated, AUTHORS_A_STATEMENT):
        _execute(cursor, sql.UPSERT_VERSIONS, *zip(*part, strict=True))


def _write_authors(cursor: CursorWrapper, written: Sequence[_Written]) -> None:
    papers = [paper for paper in written if paper.has_our_authors]
    names: dict[str, str] = {}
    for paper in papers:
        for author in paper.row.authors:
            # As the statement decides between two spellings of different imports.
            names[author.slug] = max(author.name, names.get(author.slug, ""))
    for slugs in _parts(sorted(names), AUTHORS_A_STATEMENT):
        _execute(cursor, sql.UPSERT_AUTHORS, slugs, (names[slug] for slug in slugs))
    for part in _parts(papers, PAPERS_A_STATEMENT):
        _write_authorships(cursor, part)


def _write_authorships(cursor: CursorWrapper, papers: Sequence[_Written]) -> None:
    places: list[tuple[int, int, str, str, bool]] = []
    for paper in papers:
        bearers = Counter(author.slug for author in paper.row.authors)
        places += [
            (paper.pk, position, author.name, author.slug, bearers[author.slug] == 1)
            for position, author in enumerate(paper.row.authors, start=1)
        ]
    changed = [paper for paper in papers if not paper.is_created]
    changed_ids = [paper.pk for paper in changed]
    _execute(cursor, sql.UPSERT_AUTHORSHIPS, *zip(*places, strict=True), changed_ids)
    if changed:
        author_counts = (len(paper.row.authors) for paper in changed)
        _execute(cursor, sql.DELETE_SURPLUS_AUTHORSHIPS, changed_ids, author_counts)


def _parts(items: Sequence[_Item], size: int) -> Iterator[Sequence[_Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _execute(cursor: CursorWrapper, statement: str, *columns: Iterable[object]) -> None:
    cursor.execute(statement, [_array(column) for column in columns])


def _array(values: Iterable[object]) -> str:
    """Write an array as Postgres reads it from text: four times as fast as the driver.

    COPY into temporary tables makes the import of one paper half as long again (19 against
    31 ms) and gains nothing on a thousand; lists in JSON take a sixth longer on a thousand.
    """
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: object) -> str:
    if value is None:
        return "NULL"
    text = str(value)
    if '"' in text or "\\" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
