"""Titles and abstracts from the source to the page: stored as sent, cleaned when rendered."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from common.rendered_text import render_stale
from papers import completing
from papers.clients.answers import EntryError
from papers.clients.arxiv_texts import abstract_of, short_text_of, title_of
from papers.clients.records import MAX_TITLE, AuthorRecord, PaperRecord
from papers.importing import import_records
from papers.models import Paper
from papers.rendering import render_abstract, render_title
from tests.papers.conftest import entry

ISSUE = (
    r"We sort in time O(\sqrt{n}) and \frac{a}{b} steps. "
    r"\begin{equation}\sqrt{a}\,=b\end{equation}"
)
DAMAGED = r"We sort in time O(\sqrtn) and \fraca{b} steps over \mathbbZ_2."
damage = import_module("papers.migrations.0008_fetch_damaged_texts")


@pytest.mark.parametrize(
    "text",
    [
        ISSUE,
        r"\method{} of G\"{o}del, \emph{$S$-recoverable}",
        r"10^{6} \SI{5}{\meter} \mathbb{Z}_2",
        'Why "&lt;" is not "<" in HTML',
    ],
)
def test_a_title_and_an_abstract_are_stored_as_they_were_sent(text):
    assert title_of(f" {text}\n") == abstract_of(text) == text


def test_only_whitespace_and_what_hides_text_is_taken_out():
    sent = "a\n  long\r\n\ttitle\N{NO-BREAK SPACE}he\x00re\N{RIGHT-TO-LEFT OVERRIDE} "

    assert title_of(sent) == "a long title here"


def test_texts_that_are_not_rendered_are_stored_as_plain_text():
    assert short_text_of(r"Proc. of G\"odel $x^2$") == "Proc. of Gödel x²"


def test_maths_outside_of_dollar_signs_is_set():
    html = render_abstract(ISSUE).html

    assert html.count("<math") == 3
    assert '<math display="block"' in html
    assert "\\" not in html.replace('alttext="\\', "").replace("\\,=b", "")


@pytest.mark.parametrize(
    ("title", "html", "text"),
    [
        (r"\method", r"\method", r"\method"),
        (r"$\SL(n)$ versus $\GL(n)$", None, "SL(n) versus GL(n)"),
        ("$x^2$", None, "x²"),
        (r"$\own{x}$", r'<code class="tex">$\own{x}$</code>', "ownx"),
        ("{}", "{}", "{}"),
        (r"\protect", r"\protect", r"\protect"),
        (r"$\,$", r"$\,$", r"$\,$"),
        (r"\cite{a}", r"\cite{a}", r"\cite{a}"),
        ("<b>", "&lt;b&gt;", "<b>"),
    ],
)
def test_an_odd_title_is_readable(title, html, text):
    rendered = render_title(title)

    assert rendered.text == text
    assert rendered.html == html if html else rendered.html.startswith("<math")


def test_a_title_of_2000_signs_is_kept_whole():
    title = ("word " * 400).strip() + "!"

    assert render_title(title_of(title)).text == title
    assert len(title_of("x" * MAX_TITLE)) == MAX_TITLE


@pytest.mark.parametrize("title", ["", " \n", "\N{ZERO WIDTH SPACE}\x00", "x" * (MAX_TITLE + 1)])
def test_what_is_no_title_is_refused(title):
    with pytest.raises(EntryError):
        title_of(title)


@pytest.mark.django_db
@pytest.mark.parametrize("title", ["", "\N{ZERO WIDTH SPACE}", "x" * (MAX_TITLE + 1)])
def test_a_title_that_is_refused_leaves_the_old_one(feed, title):
    feed.save(date(2026, 11, 17), entry("2611.00001", title="The first title"))
    arrive("2611.00001", title="The first title", version=None)
    feed.save(date(2026, 11, 17), entry("2611.00001", title=title))

    completing.complete_papers()

    assert Paper.objects.get().title == "The first title"


def arrive(external_id: str, *, version: int | None = 1, **words: Any) -> None:
    """Let a paper come from a feed of its day, and be complete if it has a version."""
    words = {"title": "On sorting", "abstract": "We sort."} | words
    record = PaperRecord(
        external_id=external_id,
        version=version,
        categories=("cs.DS",) if version else (),
        authors=(AuthorRecord("Ada Lovelace"),),
        **words,
    )
    import_records(records=[record], announced_on=date(2026, 11, 17))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "damaged",
    [r"O(\sqrtn)", r"\fracab", r"\fracd{dx}", r"the field \mathbbZ_2", r"\SI5{\meter}"],
)
def test_a_damaged_text_is_due_again(damaged):
    arrive("2611.00001", abstract=damaged)
    arrive("2611.00002", title=damaged)

    damage.fetch_again(apps, None)

    assert Paper.objects.filter(completed_at__isnull=True, completion_attempts=0).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "whole",
    [
        r"\sqrt{n} \sqrt2 \frac12 \frac ab",
        r"\mathbb{Z} \mathbbm{1} \mathbb Z",
        r"\SI{5}{\meter} \SIrange{1}{2}{\meter} \operatornamewithlimits{a}",
        r"\method \ours",
    ],
)
def test_a_whole_text_is_left_alone(whole):
    arrive("2611.00001", title=whole, abstract=whole)
    before = Paper.objects.values().get()

    damage.fetch_again(apps, None)

    assert Paper.objects.values().get() == before


@pytest.mark.django_db
def test_arxivs_text_replaces_the_damaged_one_of_the_same_version(feed):
    arrive("2611.00001", title=r"The field \mathbbZ_2", abstract=DAMAGED)
    whole = {"title": r"The field \mathbb{Z}_2", "summary": ISSUE}
    feed.save(date(2026, 11, 17), entry("2611.00001", **whole))

    damage.fetch_again(apps, None)
    completing.complete_papers()

    paper = Paper.objects.get()
    assert (paper.title, paper.abstract) == (r"The field \mathbb{Z}_2", ISSUE)
    assert (paper.title_text, paper.abstract_html.count("<math")) == ("The field ℤ₂", 3)
    assert paper.completed_at is not None


@pytest.mark.django_db
def test_an_answer_of_arxiv_keeps_entities_of_its_text(feed):
    title = 'Why "&lt;" is not "<" in HTML'
    feed.save(date(2026, 11, 17), entry("2611.00001", title=title))
    arrive("2611.00001", version=None)

    completing.complete_papers()

    paper = Paper.objects.get()
    assert (paper.title, paper.title_text) == (title, title)
    assert "&quot;&amp;lt;&quot; is not &quot;&lt;&quot;" in paper.title_html


@pytest.mark.django_db
def test_the_description_of_a_page_is_plain_text(client):
    arrive("2611.00001", abstract=r"After G\"odel, $x^2$ is \emph{large}.")

    page = client.get(Paper.objects.get().get_absolute_url()).content.decode()

    assert '<meta name="description" content="After Gödel, x² is large.">' in page


@pytest.mark.django_db
def test_what_an_older_renderer_wrote_is_rendered_anew():
    arrive("2611.00001", title=r"\emph{Sorting}")
    Paper.objects.update(rendered_with=3, title_html="old")

    render_stale()

    assert Paper.objects.get().title_html == "<em>Sorting</em>"
