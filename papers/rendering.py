"""The HTML twins of a paper's words, made when they arrive, so that no page parses TeX."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.db import connection

from common.math import render_inline
from common.tex import lead, to_plain
from papers.models import Paper

# Raise it whenever common.tex or common.math writes something else than before:
# `render_anew` then takes up every row. 0 means "never rendered".
RENDERED_WITH = 3


@dataclass(frozen=True, slots=True)
class RenderedTitle:
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class RenderedAbstract:
    html: str
    lead_html: str


def render_title(title: str) -> RenderedTitle:
    return RenderedTitle(html=str(render_inline(title)), text=to_plain(title))


def render_abstract(abstract: str) -> RenderedAbstract:
    """Render the abstract, and the beginning that a list shows."""
    html = str(render_inline(abstract))
    start = lead(abstract)
    return RenderedAbstract(
        html=html, lead_html=html if start == abstract else str(render_inline(start))
    )


def render_anew(*, limit: int = 500) -> int:
    """Render papers that an older renderer, or none, has written. Return how many.

    One slice at a time, so that locks are held for a moment only; run until it returns
    0. A paper whose words change meanwhile waits for the next slice.
    """
    papers = list(
        Paper.objects.filter(rendered_with__lt=RENDERED_WITH)
        .order_by("rendered_with", "pk")
        .values_list("pk", "title", "abstract")[:limit]
    )
    rows = [
        (pk, title, abstract, render_title(title), render_abstract(abstract))
        for pk, title, abstract in papers
    ]
    if rows:
        _save(rows)
    return len(rows)


def render_anew_for_a_while(*, seconds: float = 45.0) -> int:
    """Render slice after slice until all is done, or a task's time is up."""
    stops_at = time.monotonic() + seconds
    rendered = 0
    while time.monotonic() < stops_at:
        count = render_anew()
        rendered += count
        if not count:
            break
    return rendered


def _save(rows: list[tuple[int, str, str, RenderedTitle, RenderedAbstract]]) -> None:
    # In the order of the keys of an import, so that the two never wait for each other
    # in a circle.
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH anew AS MATERIALIZED (
                SELECT paper.id, fresh.*
                FROM unnest(
                    %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
                    %s::text[]
                ) AS fresh (pk, title, abstract, title_html, title_text, abstract_html, lead_html)
                JOIN papers_paper paper ON paper.id = fresh.pk
                WHERE paper.title = fresh.title AND paper.abstract = fresh.abstract
                ORDER BY paper.source COLLATE "C", paper.external_id COLLATE "C"
                FOR NO KEY UPDATE OF paper
            )
            UPDATE papers_paper paper
            SET title_html = anew.title_html, title_text = anew.title_text,
                abstract_html = anew.abstract_html, lead_html = anew.lead_html,
                rendered_with = %s
            FROM anew
            WHERE paper.id = anew.id
            """,
            [
                [pk for pk, *_ in rows],
                [title for _, title, *_ in rows],
                [abstract for _, _, abstract, *_ in rows],
                [title.html for *_, title, _ in rows],
                [title.text for *_, title, _ in rows],
                [abstract.html for *_, abstract in rows],
                [abstract.lead_html for *_, abstract in rows],
                RENDERED_WITH,
            ],
        )
