"""The table of `python -m tests.texts` counts what it says it counts."""

from __future__ import annotations

import gzip
import json

import pytest

from papers.rendering import RenderedAbstract
from tests.texts import __main__ as command
from tests.texts import measuring
from tests.texts.measuring import Shown, is_own, measure


def abstract(text: str) -> measuring.Counts:
    return measure("A title", text)


@pytest.fixture
def shown_as(monkeypatch):
    """Let every abstract be shown as the HTML that a test gives."""

    def show(html: str) -> None:
        monkeypatch.setattr(measuring, "render_abstract", lambda text: RenderedAbstract(html, ""))

    return show


def test_a_command_in_shown_text_is_a_leftover(shown_as):
    shown_as(r"so \textbf and")

    counts = abstract("x")

    assert counts.abstracts_with == {"commands": 1, "leftovers": 1}
    assert counts.leftovers == {r"\textbf": 1}


def test_an_authors_own_macro_is_counted_apart():
    counts = abstract(r"\method{} and \ours")

    assert counts.abstracts_with == {"own macros": 1}
    assert counts.own_macros == {r"\method": 1, r"\ours": 1}


def test_what_stands_in_mathml_is_no_leftover():
    assert not abstract(r"$\alpha \le \beta$").abstracts_with


@pytest.mark.parametrize(
    ("html", "count"),
    [("costs $5 and US$ 7", 0), ("an $x_1 is", 1), ("a $5 and $x is", 1), ("<code>$x$</code>", 0)],
)
def test_a_dollar_that_is_no_money_is_a_leftover(shown_as, html, count):
    shown_as(html)

    assert abstract("x").abstracts_with["dollars"] == count


def test_a_dollar_that_was_escaped_is_meant():
    assert not abstract(r"in \$ and cents").abstracts_with


def test_a_formula_shown_as_source_is_a_fallback():
    counts = abstract(r"$x$, $\frac{1}$ and $\own{x}$")

    assert counts.formulas == 3
    assert counts.fallbacks == {"standard": 1, "own macros": 1}
    assert counts.fallback_macros[r"\own"] == 1


def test_mathml_without_content_is_empty(shown_as):
    shown_as("<math><mrow></mrow></math> <math><mspace></mspace></math>")

    assert abstract("x").empty_formulas == 2
    assert Shown("<math><mi>x</mi></math>").formulas == ["x"]


def test_a_text_that_lost_braces_on_its_way_is_damaged(monkeypatch):
    assert not abstract(r"O(\sqrt{n}) and \fracab").damaged
    monkeypatch.setattr(measuring, "abstract_of", lambda text: text.replace("{", ""))

    assert abstract(r"O(\sqrt{n})").damaged == 1


def test_commands_of_packages_are_nobodys_own():
    for name in ("frac", "SI", "ce", "gls", "textsc", "mathbbm", "citep", "emph", "href"):
        assert not is_own(name)
    for name in ("method", "ours", "R", "eg"):
        assert is_own(name)


def test_a_folder_of_both_kinds_of_files_is_measured(tmp_path, capsys, monkeypatch):
    row = {"title": "One", "abstract": r"\method{} $x^2$"}
    entry = {"paper": {"title": "Two", "summary": "Of $y$."}, "title": "Two"}
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(json.dumps(row).encode()))
    (tmp_path / "b.json.gz").write_bytes(gzip.compress(json.dumps([entry]).encode()))
    monkeypatch.setattr("sys.argv", ["texts", str(tmp_path), "--processes", "1"])

    assert command.main() == 0
    table = capsys.readouterr().out
    assert "texts                                            4" in table
    assert r"1  \method" in table
    assert "MISSED" not in table


def test_a_missed_aim_is_an_error(tmp_path, capsys, monkeypatch):
    row = {"title": "One", "abstract": r"so $\frac{1}$"}
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(json.dumps(row).encode()))
    monkeypatch.setattr("sys.argv", ["texts", str(tmp_path), "--processes", "1"])

    assert command.main() == 1
    assert "MISSED: at most 0.5 % of formulas as source" in capsys.readouterr().out


def test_an_empty_folder_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["texts", str(tmp_path), "--processes", "1"])

    assert command.main() == 2
