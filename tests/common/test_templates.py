"""What the Content Security Policy forbids, found before a browser refuses it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.template.loader import render_to_string

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path for path in (ROOT / "templates").rglob("*.*") if path.suffix in {".html", ".jinja"}
)
FORBIDDEN = {
    "a style element": r"<style\b",
    "a style attribute": r"\sstyle\s*=",
    "a handler attribute": r"\son[a-z]+\s*=|\shx-on|\sdata-hx-on",
    "a script's text": r"<script(?![^>]*\bsrc=)[^>]*>",
    "a script address": r"(?i)javascript:",
    "an expression for htmx": r"\shx-(?:vals|headers|vars)\s*=\s*[\"']js:",
    "a foreign file": r"\s(?:src|srcset|poster)\s*=\s*[\"']?(?:https?:)?//",
    "a foreign style sheet or icon": r"<link\b[^>]*\shref\s*=\s*[\"']?(?:https?:)?//",
    "a foreign form target": r"\s(?:action|formaction|hx-\w+)\s*=\s*[\"']?(?:https?:)?//",
}


def markup(path: Path) -> str:
    return re.sub(r"\{#.*?#\}", "", path.read_text())


def offenses(text: str) -> list[str]:
    return [name for name, pattern in FORBIDDEN.items() if re.search(pattern, text)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_holds_nothing_that_the_policy_refuses(path):
    assert offenses(markup(path)) == []


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        '<button onclick="go()">',
        "<script>go()</script>",
        '<a href="javascript:go()">',
        '<img src="//cdn.example/x.png">',
        '<link rel="stylesheet" href="https://cdn.example/x.css">',
        '<form action="https://elsewhere.example/">',
        """<div hx-vals='js:{a: 1}'>""",
    ],
)
def test_the_scan_sees_what_it_is_for(text):
    assert len(offenses(text)) == 1


def test_style_sheets_load_nothing_from_elsewhere():
    for path in (ROOT / "static").rglob("*.css"):
        assert not re.search(r"@import|url\(", path.read_text()), path


def test_scripts_of_ours_make_no_markup_and_no_code_from_text():
    made = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    for path in (ROOT / "static").rglob("*.js"):
        assert not re.search(made, path.read_text()), path


def test_a_page_loads_two_style_sheets_of_ours_and_two_scripts():
    page = render_to_string("404.html")

    assert page.count('rel="stylesheet"') == 2
    assert page.count("<script ") == 2


def test_templates_are_formatted_by_djade():
    # Djade knows Django's language alone: it would take Jinja2's `{%-` apart.
    templates = [path for path in TEMPLATES if path.suffix == ".html"]
    djade = Path(sys.executable).with_name("djade")
    done = subprocess.run(
        [djade, "--check", "--target-version", "5.2", *templates],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr + done.stdout


MOST_COLUMNS = 120
MOST_ATTRIBUTES_ON_A_LINE = 3


def crowded_tags(text: str) -> list[str]:
    """Return the tags with more attributes than a line should hold, all on one line."""
    blocks = r"\{%-? *(?:if|elif|else|endif|for|endfor|block|endblock)\b.*?%\}"
    plain = re.sub(blocks, "", text)
    plain = re.sub(r"\{[%{#].*?[%}#]\}", "x", plain, flags=re.DOTALL)
    attribute = r"""[ ]+[^\s=>"']+(?:="[^"]*"|='[^']*')?"""
    most = MOST_ATTRIBUTES_ON_A_LINE
    return re.findall(rf"<[a-z][\w-]*(?:{attribute}){{{most + 1},}} */?>", plain)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_can_be_read_without_scrolling_sideways(path):
    text = path.read_text()

    assert [line for line in text.splitlines() if len(line) > MOST_COLUMNS] == []
    assert crowded_tags(text) == []


def test_a_tag_with_many_attributes_stands_on_several_lines():
    many = '<a class="b" href="{% url "c" %}"{% if d %} hidden{% endif %} title="{{ e }}">'

    assert crowded_tags(many) == ['<a class="b" href="x" hidden title="x">']
    assert crowded_tags(many.replace(" title", "\n   title")) == []
    assert crowded_tags('<a class="{% if b %}c{% endif %} d" href="/?e>f" hidden>') == []
