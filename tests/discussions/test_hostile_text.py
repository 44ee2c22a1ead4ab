"""Every hostile string that we have, typed as a comment: rendered harmlessly, or refused."""

from __future__ import annotations

import time
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discussions.markdown import sanitizing
from discussions.markdown.comment_text import MAX_LENGTH, TextError, clean_text
from discussions.markdown.parsing import parse, to_plain
from tests.discussions.html_walls import HOSTILE, Walls, hostile_texts

PIECES = st.sampled_from(
    [
        *("*", "**", "_", "`", "```", "~~", "[", "]", "(", ")", "![", "](", "<", ">", "&", "#"),
        *("$", "$$", "\\(", "\\)", "\\[", "\\]", "\\", "|", "|-|\n", ":::", "::: quote x\n"),
        *("\n", "\n\n", "- ", "1. ", "> ", "[x] ", "    ", "\t", "@ada", "@", "/", "\\frac{a}{b}"),
        *("[^1]", "[^1]: ", "[a]: ", "http://", "https://a.b/", "javascript:", "mailto:a@b.c"),
        *("arXiv:2401.12345", "arxiv.org/abs/2401.12345v2", "2401.12345", "hep-th/9901001"),
        *("<script>", "</p>", "<svg/onload=x>", "<!--", "-->", "&lt;", "&#x202e;", "&#xFDD0;"),
        *("%EF%B7%90", "\u0301", "\u200d", "\u202e", "\ufdd0", "\ufdd1", '"', "'", "=", "x", " "),
        *("```python\n", "```diff\n-", "---\n", "===\n", "\x00", "\r", "\u2028", "é", "😀"),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=40).map("".join)


def html_of(text: str) -> str:
    """Render as if every member and paper that the text names were there."""
    parsed = parse(clean_text(text))
    return parsed.html({name: name for name in parsed.names}, parsed.paper_ids)


@pytest.mark.parametrize("name", HOSTILE)
def test_every_hostile_string_is_harmless_or_refused(name):
    faults = {}
    for text in hostile_texts(name):
        try:
            parsed = parse(clean_text(text))
        except TextError:
            continue
        skeleton = parsed.skeleton({}, ())
        found = Walls(parsed.html({}, ())).faults
        if found or sanitizing.sanitize(skeleton) != skeleton:
            faults[text] = found or ["no fixed point of the sanitizer"]

    assert faults == {}


def test_the_walls_notice_what_must_not_be_there():
    bad = "<svg></svg><a href='javascript:x' onclick='x'>y</a><!-- z --><p>"

    assert len(Walls(bad).faults) == 5


@settings(max_examples=1_500)
@given(TEXTS)
def test_whatever_is_typed_is_harmless_or_refused(text):
    try:
        html = html_of(text)
    except TextError:
        return

    assert Walls(html).faults == []


@settings(max_examples=1_500)
@given(TEXTS)
def test_what_the_sanitizer_let_through_it_lets_through_unchanged(text):
    try:
        parsed = parse(clean_text(text))
    except TextError:
        return
    skeleton = parsed.skeleton({name: name for name in parsed.names}, parsed.paper_ids)

    assert sanitizing.sanitize(skeleton) == skeleton


@pytest.mark.parametrize("name", ["addresses", "oddities", "payloads"])
def test_the_sanitizer_alone_stops_every_hostile_string(name):
    for text in hostile_texts(name):
        assert Walls(sanitizing.sanitize(text)).faults == []


@settings(max_examples=500)
@given(TEXTS)
def test_a_cleaned_text_is_clean(text):
    try:
        cleaned = clean_text(text)
    except TextError:
        return

    assert clean_text(cleaned) == cleaned


@settings(max_examples=500)
@given(TEXTS)
def test_the_plain_text_never_fails_and_hides_nothing(text):
    plain = to_plain(text, 80)

    assert len(plain) <= 80
    assert not any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in plain)
    assert not any(sign in plain for sign in "\u202e\u2028\ufdd0")


# Bombs -----------------------------------------------------------------------------------


def filled(piece: str) -> str:
    return (piece * (MAX_LENGTH // len(piece) + 1))[:MAX_LENGTH]


# Each repeated until the comment is full.
REPEATED = [
    *("[", "]", "(", "*", "_", "`", "|", "$", "<", "&", "!", "![", "[![", "[^", "^[", "[](", "@"),
    *("@a ", "@abc ", "1. ", "- ", "> ", "+ ", "- > ", "*a", "**a", "*a_ ", "_a*", "*_", "~~"),
    *("[a](b", "[a](<b", "[a](http://b)", "[a][", "[[]()", "[a]: b\n", "[a]: http://b.c\n"),
    *("<!--", "<a", "<http://a>", "&#", "&#x301;", "\\", "\\(", "\\[", "$$", "$a ", "$x$ "),
    *("$\\$", "\\$$", "$\\frac{1}{", "$a$b", "$$x\n", "$$x\n# h\n", "a\n", "a|b\n", "|-|\n"),
    *("-|-\n", "a|\n-|\n", ":::\n", "::: quote\n", "::: quote\n:::\n", "[^1]", "[^1]: ", "```\n"),
    *("[^1]: a\n", "[^a]: ", "://", "a://", "http://a", "http://(", "http://a ", "http://a.b/("),
    *("https://arxiv.org/abs/2401.12345 ", "2401.12345 ", "arxiv:", "math.AG/", "a-", "mailto:"),
    *("# a\n", "    a\n", "- a\n\n", "* * ", "a\n=\n", "`a", "``a`", "@_", "_@", "- [ ] a\n"),
    *("e\u0301", "\u0301\u0323", "x\u0301\u200d", "😀", "\n", " ", "\t- ", ">- >\n"),
]
MADE = {
    "brackets in brackets": "[" * 4_999 + "a" + "]" * 4_999,
    "emphasis in emphasis": "*a **a " * 650 + "b" + " a** a*" * 650,
    "lists in lists": "".join(f"{'  ' * depth}- a\n" for depth in range(96)),
    "runs of backticks": "".join("e" + "`" * length for length in range(1, 139)),
    "one long address, many links": f"[a]: http://x/{'y' * 4_900}\n\n" + "[a]" * 1_600,
    "marks of footnotes": "[^1]: x\n\n" + "[^" * 4_990,
    "many footnotes": "".join(f"[^{n}]" for n in range(700))
    + "\n\n"
    + "".join(f"[^{n}]: x\n" for n in range(350)),
    "a wide table": "|a" * 60 + "|\n" + "|-" * 60 + "|\n" + "a\n" * 4_800,
    "a square table": "|a" * 70 + "|\n" + "|-" * 70 + "|\n" + "|\n" * 70,
    "long formulas": " ".join(f"$x_{{{n}}}+{'a_b' * 250}$" for n in range(13)),
    "code": "\n".join("```c\n" + "{ab;\n" * 590 + "\n```" for _ in range(3)),
    "64 kB of marks": "a" + "\u0301" * 32_000,
    "overrides": "\u202e" * 9_999 + "a",
}


@pytest.mark.parametrize("piece", REPEATED)
def test_a_comment_of_one_thing_over_and_over_takes_no_time(piece):
    assert _seconds(filled(piece)) < 2  # 0.2 on a quiet machine


@pytest.mark.parametrize("text", MADE.values(), ids=MADE.keys())
def test_a_comment_made_to_stall_us_takes_no_time(text):
    assert _seconds(text[: 2 * MAX_LENGTH + 1]) < 2


def _seconds(text: str) -> float:
    """What it costs this process to render the text or refuse it."""
    began = time.process_time()
    with suppress(TextError):
        html_of(text)
    return time.process_time() - began
