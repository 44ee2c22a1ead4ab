"""What an older renderer has written is rendered anew, whatever it belongs to."""

from __future__ import annotations

from itertools import islice

import pytest
from django.apps import apps
from django.utils import timezone

from common import due_work, rendered_text
from common.rendered_text import RenderedText, render_stale
from discussions.comments import rendering as comment_rendering
from discussions.models import Comment
from groups.models import Group, Minutes, Question
from papers.models import Paper
from papers.models import paper as paper_models
from tests.builders import make_paper
from tests.discussions.builders import make_comment
from tests.groups.builders import make_group, make_meeting, make_question

pytestmark = pytest.mark.django_db

MODELS = [model for model in apps.get_models() if issubclass(model, RenderedText)]


def make_minutes(text):
    return Minutes.objects.create(meeting=make_meeting(make_group()), text=text)


MAKERS = {
    Comment: lambda text: make_comment(text=text),
    Group: lambda text: make_group(description=text),
    Minutes: make_minutes,
    Paper: lambda text: make_paper(title=text),
    Question: lambda text: make_question(make_meeting(make_group()), text),
}
by_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)


def make_stale(model, *texts):
    """Make a row for each text, that no renderer has seen, and nothing else that is stale."""
    rows = [MAKERS[model](text) for text in texts]
    for each in MODELS:
        each.objects.update(rendered_with=each.RENDERED_WITH)
    model.objects.filter(pk__in=[row.pk for row in rows]).update(
        rendered_with=0, **{model.OUTPUTS[0]: "old"}
    )
    return rows


def html_of(row):
    return getattr(type(row).objects.get(pk=row.pk), row.OUTPUTS[0])


def fail_on_broken(monkeypatch):
    parse, render_title = comment_rendering.parse, paper_models.render_title

    def refuse(text):
        if text == "broken":
            raise RuntimeError
        return text

    monkeypatch.setattr(comment_rendering, "parse", lambda text: parse(refuse(text)))
    monkeypatch.setattr(paper_models, "render_title", lambda text: render_title(refuse(text)))


@by_model
def test_what_an_older_renderer_has_written_is_rendered_anew(model):
    (row,) = make_stale(model, "Is $x^2$ enough?")

    assert (render_stale(), render_stale()) == (1, 0)
    assert "<math" in html_of(row)


@by_model
def test_a_row_that_the_renderer_fails_on_keeps_no_other_waiting(model, monkeypatch, caplog):
    before, bad, after = make_stale(model, "x **y**", "broken", "x **y**")
    fail_on_broken(monkeypatch)

    assert (render_stale(), render_stale()) == (3, 0)
    assert html_of(before) == html_of(after) != "old"
    assert f"{model.__name__} {bad.pk} is shown as it was typed" in caplog.text


@by_model
def test_what_cannot_be_rendered_is_shown_as_it_was_typed(model, monkeypatch):
    (row,) = make_stale(model, "<b>")
    monkeypatch.setattr(model, "render_rows", classmethod(lambda cls, rows: 1 / 0))
    render_stale()

    assert "&lt;b&gt;" in html_of(row)


@by_model
def test_rendering_stops_when_its_time_is_over(model, monkeypatch):
    monkeypatch.setattr(due_work, "SWEEP_SECONDS", 0)
    (row,) = make_stale(model, "Text")

    assert render_stale() == 0
    assert html_of(row) == "old"


def test_a_large_table_stops_no_other(monkeypatch):
    monkeypatch.setattr(rendered_text, "SLICE", 1)
    comments = make_stale(Comment, "*a*", "*b*", "*c*")
    (question,) = make_stale(Question, "*a*")
    Comment.objects.update(rendered_with=0)
    monkeypatch.setattr(due_work, "in_time", lambda slices: islice(slices, len(MODELS)))
    render_stale()

    assert "<em>" in html_of(question)
    assert [html_of(each) for each in comments].count("old") == 2


def test_a_table_that_cannot_be_written_stops_no_other(monkeypatch):
    (group,) = make_stale(Group, "Text")
    question = make_question(make_meeting(group), "*Why?*", rendered_with=0)
    render_slice = rendered_text.render_slice
    monkeypatch.setattr(
        rendered_text, "render_slice", lambda model: render_slice(1 if model is Group else model)
    )
    render_stale()

    assert "<em>Why?</em>" in html_of(question)


@by_model
def test_stale_rows_are_found_by_an_index(model):
    assert ["rendered_with"] in [index.fields for index in model._meta.indexes]


def test_rendering_touches_nothing_else():
    (paper,) = make_stale(Paper, "Text")
    Paper.objects.update(updated_at=(then := timezone.now()))
    render_stale()

    paper.refresh_from_db()
    assert paper.updated_at == then
