"""Numbers and lists in words."""

from __future__ import annotations

import pytest

from common.words import counted, listed, short_number


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 papers"), (1, "1 paper"), (2, "2 papers"), (2814, "2,814 papers")],
)
def test_a_number_of_things_is_written_with_its_noun(number, words):
    assert counted(number, "paper") == words


@pytest.mark.parametrize(
    ("number", "short"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1.0k"),
        (1_290, "1.2k"),
        (9_999, "9.9k"),
        (12_345, "12k"),
        (999_999, "999k"),
        (2_345_678, "2.3M"),
        (2_147_483_647, "2.1B"),
    ],
)
def test_a_large_number_is_shortened_and_never_rounded_up(number, short):
    assert short_number(number) == short


def test_a_plural_that_is_no_s_is_given():
    assert counted(1, "more reply", "more replies") == "1 more reply"
    assert counted(2, "more reply", "more replies") == "2 more replies"


@pytest.mark.parametrize(
    ("items", "words"), [([], ""), (["A"], "A"), (["A", "B"], "A and B"), ("ABC", "A, B and C")]
)
def test_items_are_joined_as_in_a_sentence(items, words):
    assert listed(items) == words
