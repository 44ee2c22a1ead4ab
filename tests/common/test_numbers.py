from __future__ import annotations

import pytest

from common.numbers import whole_number


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("7", 7), ("007", 7), ("9" * 18, 10**18 - 1)]
)
def test_a_number_is_read(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "1.0", " 1", "1_0", "1e3", "x", "٧", "²", "9" * 19]
)
def test_all_else_is_none(text):
    assert whole_number(text) is None


def test_a_number_of_too_many_digits_is_none():
    assert whole_number("123", digits=3) == 123
    assert whole_number("1234", digits=3) is None
