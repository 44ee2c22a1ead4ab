"""What an edit changed: exact both ways, and never dear."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discussions.comments import differences
from discussions.comments.differences import DifferencePiece

texts = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(["we ", "show ", "that ", "it\n", "holds. ", "論", "$x^2$ "])).map(
        "".join
    ),
)


def side(pieces, dropped):
    return "".join(piece.text for piece in pieces if piece.kind != dropped)


@given(texts, texts)
def test_dropping_what_was_added_gives_the_old_text_and_the_reverse_the_new(old, new):
    pieces = differences.differences(old, new)

    assert side(pieces, "added") == old
    assert side(pieces, "removed") == new


@given(texts, texts)
def test_neighbors_differ_in_kind_and_none_is_empty(old, new):
    pieces = differences.differences(old, new)

    assert all(piece.text for piece in pieces)
    assert all(one.kind != next_.kind for one, next_ in pairwise(pieces))


@given(texts)
def test_a_text_differs_from_itself_in_nothing(text):
    assert all(piece.kind == "kept" for piece in differences.differences(text, text))


def test_one_word_changed_is_one_word_shown():
    assert differences.differences("It holds for all n.", "It fails for all n.") == [
        DifferencePiece("kept", "It"),
        DifferencePiece("removed", " holds"),
        DifferencePiece("added", " fails"),
        DifferencePiece("kept", " for all n."),
    ]


@pytest.mark.parametrize("more", [" So it is.", "\n\nThank you, Ada."])
def test_what_was_put_at_the_end_is_shown_as_it_was_put(more):
    assert differences.differences("It holds.", f"It holds.{more}") == [
        DifferencePiece("kept", "It holds."),
        DifferencePiece("added", more),
    ]


def test_signs_without_spaces_are_compared_one_by_one():
    pieces = differences.differences("論文は良い", "論文は悪い")

    assert DifferencePiece("removed", "良") in pieces
    assert DifferencePiece("added", "悪") in pieces


def test_what_is_too_tangled_for_words_is_compared_by_lines():
    one, other = "a b " * 1200, "b a " * 1200
    old, new = f"{one}\nkept\n{one}", f"{other}\nkept\n{other}"

    assert DifferencePiece("kept", "kept\n") in differences.differences(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a" * 10_000, "b" * 10_000),
        ("a b " * 2500, "b a " * 2500),
        ("[" * 10_000, "](" * 5000),
        ("a\n" * 5000, "\na" * 5000),
        ("ab\n\n" * 2500, "\n\nba" * 2500),
        ("".join(chr(0x4E00 + n % 97) for n in range(10_000)), "一丁" * 5000),
    ],
)
def test_no_two_texts_are_too_long_to_compare(old, new, monkeypatch):
    spent = []
    real = differences._Matcher.find_longest_match

    def counting(self, *args):
        found = real(self, *args)
        spent.append(differences._MOST_COMPARISONS - self._left)
        return found

    monkeypatch.setattr(differences._Matcher, "find_longest_match", counting)
    pieces = differences.differences(old, new)

    assert side(pieces, "added") == old
    assert max(spent, default=0) <= differences._MOST_COMPARISONS
