from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import jinja2
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone
from django.utils.safestring import SafeString

from common import jinja
from common.acts import act
from common.jinja import RememberedFragment, render_fragment
from common.remembering import shared
from papers.models import Paper


@pytest.fixture
def fragments(monkeypatch):
    """Templates by name, in place of the files."""
    sources: dict[str, str] = {}
    environment = jinja.environment(loader=jinja2.DictLoader(sources))
    monkeypatch.setattr(jinja, "_environment", lambda: environment)
    jinja._readerless_environment.cache_clear()
    yield sources
    jinja._readerless_environment.cache_clear()


@dataclass(frozen=True)
class Content:
    title: object
    at: datetime | None = None


@dataclass
class Changeable:
    title: str


def test_a_fragment_escapes_what_it_shows(fragments):
    fragments["_a.jinja"] = "<b>{{ title }}</b>{{ html }}"

    shown = render_fragment("_a.jinja", title="<i>", html=SafeString("<hr>"))

    assert shown == "<b>&lt;i&gt;</b><hr>"
    assert isinstance(shown, SafeString)


def test_a_fragment_refuses_a_name_that_it_was_not_given(fragments):
    fragments["_a.jinja"] = "{{ titel }}"

    with pytest.raises(jinja2.UndefinedError):
        render_fragment("_a.jinja", title="x")


def test_a_fragment_has_what_django_templates_have(fragments):
    fragments["_a.jinja"] = (
        '{{ url("papers:topic_page", "cs.LG") }} {{ counted(2, "vote") }} vote{{ 2|pluralize }}'
        ' {{ lucide("bell", class="icon") }}{{ static("x.css") }}'
    )

    shown = render_fragment("_a.jinja")

    assert shown.startswith("/topics/cs.LG 2 votes votes <svg")
    assert shown.endswith("static/x.css")


def test_a_fragment_tells_times_in_the_readers_zone(fragments):
    fragments["_a.jinja"] = "{{ at|ago }}, {{ at|date('H:i') }}"
    at = timezone.now().replace(hour=12, minute=0) - timedelta(days=400)

    with timezone.override("Asia/Tokyo"):
        shown = render_fragment("_a.jinja", at=at)

    assert shown.endswith(", 21:00")


def test_a_django_template_shows_a_fragment(fragments):
    fragments["_a.jinja"] = "<b>{{ title }}</b>"

    page = Template('{% fragment "_a.jinja" title=title %}').render(Context({"title": "&"}))

    assert page == "<b>&amp;</b>"


# What is remembered ----------------------------------------------------------------------


def test_a_remembered_fragment_is_rendered_once_for_its_content(fragments):
    fragments["_a.jinja"] = "{{ content.title }}"
    remembered = RememberedFragment("_a.jinja", size=8)

    shown = remembered(content=Content("x"))

    assert remembered(content=Content("x")) is shown
    assert remembered(content=Content("y")) == "y"


def test_in_development_a_remembered_fragment_follows_its_template(fragments, settings):
    settings.DEBUG = True
    fragments["_a.jinja"] = "old"
    remembered = RememberedFragment("_a.jinja", size=8)
    remembered()

    fragments["_a.jinja"] = "new"

    assert remembered() == "new"


@pytest.mark.parametrize(
    "leak",
    [
        pytest.param(lambda: RequestFactory().get("/"), id="a request"),
        pytest.param(AnonymousUser, id="a reader"),
        pytest.param(lambda: Paper(title="x"), id="a row"),
        pytest.param(Paper.objects.all, id="a query"),
        pytest.param(lambda: (1, (AnonymousUser(),)), id="a reader in a tuple"),
        pytest.param(lambda: Content(AnonymousUser()), id="a reader in a frozen value"),
        pytest.param(lambda: Changeable("x"), id="a value that can change"),
        pytest.param(lambda: lambda: 1, id="a function"),
    ],
)
def test_what_leads_to_a_reader_cannot_be_remembered(fragments, leak):
    fragments["_a.jinja"] = "shown"

    with pytest.raises(TypeError):
        RememberedFragment("_a.jinja", size=8)(content=leak())
    with pytest.raises(TypeError):
        _twice(leak())


@pytest.mark.parametrize("filter_of_the_reader", ["ago", "date('H:i')"])
def test_a_remembered_fragment_cannot_ask_for_the_readers_time(fragments, filter_of_the_reader):
    fragments["_a.jinja"] = "{{ at|%s }}" % filter_of_the_reader  # noqa: UP031 - braces

    with pytest.raises(jinja2.TemplateAssertionError, match="No filter named"):
        RememberedFragment("_a.jinja", size=8)(at=datetime(2026, 11, 20, tzinfo=UTC))


calls: list[object] = []


@shared
def _twice(value: object) -> object:
    calls.append(value)
    return (value, value)


def test_what_is_shared_is_made_once_for_its_arguments():
    caches["fragments"].clear()
    calls.clear()
    today = Content("x", datetime(2026, 11, 20, tzinfo=UTC))

    assert [_twice(today), _twice(today), _twice(date(2026, 11, 20))] == [
        (today, today),
        (today, today),
        (date(2026, 11, 20), date(2026, 11, 20)),
    ]
    assert calls == [today, date(2026, 11, 20)]


def test_what_is_shared_cannot_close_over_a_reader():
    reader = AnonymousUser()

    with pytest.raises(TypeError):
        shared(lambda: reader)


# Buttons that act ------------------------------------------------------------------------


def test_a_button_acts_without_javascript_and_comes_back():
    assert act("/rsvp", back="/groups/a b/?x=1#rsvp") == (
        'form="act" formaction="/rsvp?next=/groups/a%20b/%3Fx%3D1%23rsvp"'
    )


def test_a_button_acts_through_htmx():
    assert act("/rsvp", target="#rsvp", swap="outerHTML", sync="#rsvp:drop") == (
        'form="act" formaction="/rsvp" hx-post="/rsvp" hx-target="#rsvp" hx-swap="outerHTML"'
        ' hx-sync="#rsvp:drop"'
    )


def test_a_button_names_the_url_to_act_on():
    assert act("papers:paper_vote", "2401.12345") == (
        'form="act" formaction="/papers/2401.12345/vote"'
    )


def test_the_address_of_a_button_is_escaped():
    assert act('/a"b&c') == 'form="act" formaction="/a&#34;b&amp;c"'


def test_both_engines_write_the_same_button(fragments):
    fragments["_a.jinja"] = '{{ act("papers:paper_vote", "2401.12345", swap="none") }}'

    page = Template('{% act "papers:paper_vote" "2401.12345" swap="none" %}').render(Context())

    assert page == render_fragment("_a.jinja")
