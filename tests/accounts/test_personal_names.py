import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.names.personal_names import tidy_full_name, validate_full_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ada   Lovelace ", "Ada Lovelace"),
        ("Ada\tLovelace\n", "Ada Lovelace"),
        ("Ａｄａ", "Ada"),
        ("Ada\u202egnp.exe", "Adagnp.exe"),
        ("A\u200bd\u2060a\ufeff", "Ada"),
        ("Ada\x00\x1b", "Ada"),
        ("ﬁona", "fiona"),
        ("\u3164\u2800", ""),
        ("José García", "José García"),
        ("田中 さくら", "田中 さくら"),
    ],
)
def test_a_name_keeps_what_can_be_seen(typed, kept):
    assert tidy_full_name(typed) == kept


@given(st.text(max_size=120))
def test_tidying_twice_is_tidying_once(text):
    once = tidy_full_name(text)

    assert tidy_full_name(once) == once
    assert all(unicodedata.category(letter) not in {"Cc", "Cf"} for letter in once)


@pytest.mark.parametrize("name", ["Ada\u202e", "a" + "\u0301" * 12, "\u200bAda"])
def test_a_misleading_name_is_refused(name):
    with pytest.raises(ValidationError):
        validate_full_name(name)
