"""Rules that a machine remembers for us. docs/architecture.md gives their reasons."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings

from tests.urls import addresses

ROOT = Path(__file__).resolve().parent.parent
OUR_APPS = ("accounts", "common", "config", "devtools", "discussions", "groups", "papers")
SOURCES = [
    path
    for app in OUR_APPS
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts
]
TEMPLATES = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]

# LoginRequiredMiddleware shuts every view; @login_not_required opens one. Allauth opens
# its own ways in.
OPEN_PAGES = {
    "home",
    "papers:today",
    "papers:intro_hide",
    "papers:day_list",
    "papers:this_week",
    "papers:this_month",
    "papers:week_list",
    "papers:month_list",
    "papers:jump",
    "papers:trending_list",
    "papers:paper_version",
    "papers:paper_abstract",
    "papers:topic_list",
    "papers:topic_page",
    "papers:organization_page",
    "papers:author_page",
    "papers:about_trending",
    "papers:thumbnail",
    "discussions:paper_page",
    "discussions:paper_voters",
    "discussions:thread_page",
    # Open, so that what was typed outlives a lapsed session.
    "discussions:comment_create",
    "discussions:thread_comment_create",
    "discussions:comment_edit",
    "discussions:comment_preview",
    "discussions:thread_news",
    "discussions:thread_feed",
    "discussions:comment_page",
    "discussions:comment_history",
    "discussions:comment_reactions",
    "discussions:latest_comments",
    "discussions:latest_feed",
    "discussions:member_comments",
    "discussions:moderation_log",
    "discussions:act_page",
    "discussions:about_discussions",
    "common:about",
    "common:keyboard",
    "common:appearance",
    "devtools:design",
    "devtools:mailbox_list",
    "devtools:mailbox_mail",
    "accounts:profile_page",
    "accounts:appearance",
    "accounts:sign_up_again",
    "accounts:suspended",
    "groups:archive",
    "groups:ballot_file",
    "groups:ballot_page",
    "groups:bibliography",
    "groups:bibliography_ris",
    "groups:file_download",
    "groups:group_about",
    "groups:group_feed",
    "groups:group_list",
    "groups:group_page",
    "groups:invitation_accept",
    "groups:invitation_open",
    "groups:meeting_ics",
    "groups:meeting_page",
    "groups:member_feed",
    "groups:minutes_page",
    "groups:nomination_list",
    "groups:series_list",
    "groups:series_page",
    "groups:statistics",
}


def test_the_pages_open_to_visitors_are_the_ones_listed():
    opened = {
        address.name
        for address in addresses()
        if ":" in address.name or address.name == "home"
        if not address.name.startswith("admin:")
        if getattr(address.view, "login_required", True) is False
    }

    assert opened == OPEN_PAGES


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_is_longer_than_500_lines(path):
    assert len(path.read_text().splitlines()) <= 500


def test_there_is_no_drawer_for_odds_and_ends():
    assert not [path for path in SOURCES if path.stem in {"utils", "helpers", "misc"}]


def test_public_classes_have_names_of_their_own():
    # A command's class has the name that Django looks for.
    names = Counter(
        node.name
        for path in SOURCES
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert {name for name, count in names.items() if count > 1} == {"Command"}


def test_every_task_has_a_name_of_its_own():
    ours = [name for name in current_app.tasks if name.startswith(OUR_APPS)]
    assert ours
    assert all(re.fullmatch(r"[a-z]+\.[a-z_]+", name) for name in ours)


def test_beat_sends_only_tasks_that_there_are():
    current_app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert scheduled <= set(current_app.tasks)


def test_every_constraint_and_index_of_ours_has_a_name_given_by_hand():
    for model in apps.get_models():
        if model._meta.app_label in OUR_APPS:
            for made in [*model._meta.constraints, *model._meta.indexes]:
                assert made.name.startswith(model._meta.app_label), made


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_use_no_filter_that_hostile_text_can_stall(path):
    # Each had several quadratic-time flaws: urlize, truncating and stripping HTML.
    for name in ("urlize", "truncatewords_html", "truncatechars_html", "striptags"):
        assert f"|{name}" not in path.read_text()


def test_no_request_is_spread_into_a_query():
    # `filter(**request.GET)` lets a stranger choose the lookups.
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg is None:
                assert "request" not in ast.unparse(node.value), path


def test_the_clock_is_asked_in_one_way():
    """`timezone.now()`, or `timezone.localdate()`: the one clock that tests set."""
    other = re.compile(r"\b(?:date|datetime)\.(?:now|today|utcnow)\(")

    assert not [path for path in SOURCES if other.search(path.read_text())]


def test_migrations_are_named_by_hand():
    named = [path.stem for app in OUR_APPS for path in (ROOT / app / "migrations").glob("0*.py")]

    assert named
    assert not [name for name in named if "_auto_" in name or re.search(r"_\d{8}", name)]


def test_operators_find_every_variable_in_the_documentation():
    sources = "".join(path.read_text() for path in (ROOT / "config").glob("*.py"))
    documented = set(re.findall(r"`([A-Z_]+)[`=]", (ROOT / "docs/operations.md").read_text()))

    asked = set(re.findall(r"""(?:env\.\w+|required)\(\s*["']([A-Z_]+)["']""", sources))

    assert len(asked) > 20
    assert asked <= documented
