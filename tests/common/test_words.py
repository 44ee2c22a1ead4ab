"""Numbers and lists in words."""

from __future__ import annotations

import pytest

from common.words import counted, listed


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 papers"), (1, "1 paper"), (2, "2 papers"), (2814, "2,814 papers")],
)
def test_a_number_of_things_is_written_with_its_noun(number, words):
    assert counted(number, "paper") == words


def test_a_plural_that_is_no_s_is_given():
    assert counted(1, "more reply", "more replies") == "1 more reply"
    assert counted(2, "more reply", "more replies") == "2 more replies"


@pytest.mark.parametrize(
    ("items", "words"), [([], ""), (["A"], "A"), (["A", "B"], "A and B"), ("ABC", "A, B and C")]
)
def test_items_are_joined_as_in_a_sentence(items, words):
    assert listed(items) == words
