"""What no text should hold is taken out, and what people write stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.text import MAX_MARKS, harmless, is_visible, only_seen, tidy_line, tidy_lines
from discussions.markdown import comment_text
from discussions.markdown.comment_text import clean_text


@pytest.mark.parametrize(
    "text",
    ["Nguyễn", "בְּרֵאשִׁ֖ית", "བསྒྲུབས་", "ကျွန်ုပ်", "नेपाल", "می‌خواهم", "👩‍👩‍👧‍👦", "1️⃣", "naïve"],
)
def test_what_people_write_stays(text):
    assert harmless(text) == text


@pytest.mark.parametrize("sign", "\x00\x1b\xad\u180e\u200b\u202e\u2066\ufeff\ufdd0\U000e0041\ud800")
def test_what_hides_or_turns_text_is_taken_out(sign):
    assert harmless(f"a{sign}b") == tidy_line(f"a{sign}b") == tidy_lines(f"a{sign}b") == "ab"


def test_marks_pile_up_to_a_limit():
    assert harmless("a" + "\u0335" * 9 + "b") == "a" + "\u0335" * MAX_MARKS + "b"


def test_joiners_do_not_lift_the_limit():
    assert len(harmless("a" + "\u0335\u200d" * 9)) == 1 + MAX_MARKS


def test_lines_end_in_one_way():
    assert tidy_lines("a\r\nb\rc\x0bd\u2028e\x85f") == "a\nb\nc\nd\ne\nf"


def test_a_line_is_one_line():
    assert tidy_line(" a\t\r\n b\u2028c\u00a0 ") == "a b c"


@pytest.mark.parametrize("text", ["", " \n", "\u200b\u200d", "\u3164\u2800", "\u0301"])
def test_nothing_to_see(text):
    assert not is_visible(text)
    assert only_seen(text).strip() in {"", "\u0301"}


@given(st.text())
def test_harmless_text_stays_as_it_is(text):
    once = harmless(text)

    assert harmless(once) == once
    assert unicodedata.normalize("NFC", tidy_line(text)) == tidy_line(text)


def test_a_comment_is_cleaned_once_on_its_way(monkeypatch):
    cleaned = clean_text("é  \n")
    monkeypatch.setattr(comment_text, "tidy_lines", None)

    assert clean_text(cleaned) is cleaned
