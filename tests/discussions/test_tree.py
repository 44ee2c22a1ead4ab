"""The shape of a thread on its page."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discussions.thread.tree import LEVELS, SORTS, OutlineRow, Tree

EVERYTHING = 100_000
NOBODY_ABSENT = st.just(value=False)


@st.composite
def twigs(draw, absent=NOBODY_ABSENT):
    """Draw a forest: each comment begins a branch or answers one before it."""
    parents = draw(st.lists(st.integers(0, 30), max_size=30))
    points = st.sampled_from([0.0, 1.0, 2.5])
    return [
        OutlineRow(number, parent if 0 < parent < number else None, draw(points), draw(absent))
        for number, parent in enumerate(parents, start=1)
    ]


def whole(tree):
    return tree.part(tree.answers(None), budget=EVERYTHING, levels=EVERYTHING)


@given(twigs(), st.sampled_from(SORTS))
def test_every_comment_has_one_place(forest, sort):
    places = [node.pk for node in whole(Tree(forest, sort=sort)).nodes]

    assert sorted(places) == [twig.pk for twig in forest]


@given(twigs(), st.sampled_from(SORTS))
def test_each_comment_stands_within_the_span_of_what_it_answers(forest, sort):
    parents = {twig.pk: twig.parent_id for twig in forest}
    path: list[int] = []
    for node in whole(Tree(forest, sort=sort)).nodes:
        del path[node.depth :]
        assert (path[-1] if path else None) == parents[node.pk]
        path.append(node.pk)


@pytest.mark.parametrize(
    ("sort", "expected"), [("best", [2, 1, 3]), ("newest", [3, 2, 1]), ("oldest", [1, 2, 3])]
)
@pytest.mark.parametrize("parent", [None, 9])
def test_siblings_stand_in_order(sort, expected, parent):
    siblings = [OutlineRow(1, parent, 1.0), OutlineRow(2, parent, 7.0), OutlineRow(3, parent, 1.0)]
    above = [OutlineRow(parent, None)] if parent else []

    assert Tree(siblings + above, sort=sort).answers(parent) == expected


@given(twigs(), st.sampled_from(SORTS), st.randoms())
def test_the_order_does_not_depend_on_how_the_rows_came(forest, sort, random):
    shuffled = random.sample(forest, len(forest))

    assert whole(Tree(forest, sort=sort)) == whole(Tree(shuffled, sort=sort))


@given(twigs(), st.integers(0, 40), st.integers(0, 6))
def test_what_is_shown_and_what_is_left_out_make_the_whole(forest, budget, levels):
    tree = Tree(forest, sort="best")

    part = tree.part(tree.answers(None), budget=budget, levels=levels)

    left_out = part.rest + sum(node.rest for node in part.nodes)
    assert len(part.nodes) + left_out == len(forest)
    assert len(part.nodes) <= budget
    assert all(node.depth <= levels for node in part.nodes)


@given(twigs(), st.integers(1, 4))
def test_following_what_is_left_out_shows_every_comment_once(forest, budget):
    tree, seen = Tree(forest, sort="best"), Counter()
    waiting = [tree.branch(top, above=0, budget=budget + 1) for top in tree.answers(None)]
    seen.update(tree.answers(None))
    while waiting:
        head, *below = waiting.pop().nodes
        seen.update(node.pk for node in below)
        waiting += [
            tree.branch(node.pk, above=0, budget=budget + 1, after=node.after)
            for node in (head, *below)
            if node.rest
        ]

    assert seen == Counter(twig.pk for twig in forest)


@given(twigs(absent=st.booleans()))
def test_an_absent_comment_keeps_a_place_only_above_others(forest):
    tree = Tree(forest, sort="best")
    shown = {node.pk for node in whole(tree).nodes}
    absent = {twig.pk for twig in forest if twig.is_absent}

    assert shown >= {twig.pk for twig in forest} - absent
    assert all(tree.answers(pk) for pk in shown & absent)


def test_a_chain_of_ten_thousand_answers_is_no_deeper_than_the_page():
    chain = [OutlineRow(number, number - 1 or None) for number in range(1, 10_001)]

    part = Tree(chain, sort="best").part([1], budget=50)

    assert [node.depth for node in part.nodes] == list(range(LEVELS + 1))
    assert part.nodes[-1].rest == 10_000 - LEVELS - 1


def test_a_branch_begins_with_what_leads_to_its_comment():
    forest = [
        OutlineRow(1, None),
        OutlineRow(2, 1),
        OutlineRow(3, 2),
        OutlineRow(4, 3),
        OutlineRow(5, 2),
        OutlineRow(6, 1),
    ]

    part = Tree(forest, sort="oldest").branch(3, above=1, budget=50)

    assert [(node.pk, node.depth, node.rest) for node in part.nodes] == [
        (2, 0, 1),
        (3, 1, 0),
        (4, 2, 0),
    ]


def test_answers_to_what_is_not_there_have_no_place():
    tree = Tree([OutlineRow(1, None), OutlineRow(2, 77)], sort="best")

    assert [node.pk for node in whole(tree).nodes] == [1]
    assert 2 not in tree
