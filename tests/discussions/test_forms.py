"""What a form makes of what was typed, and what it says of nonsense."""

from __future__ import annotations

import uuid

import pytest
from django.http import QueryDict

from discussions.anchors import anchoring
from discussions.comments.forms import CommentForm, EditForm, place_of
from discussions.models import Anchor
from tests.builders import make_paper
from tests.discussions.builders import make_comment, make_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper():
    return make_paper("2611.00001", abstract="Reading is good. Writing is better.", version=2)


def form_of(on, **fields):
    data = QueryDict(mutable=True)
    data.update({"text": "Why?", "key": str(uuid.uuid4())} | fields)
    return CommentForm(data, on=on)


def anchor_of(on, **fields):
    form = form_of(on, **fields)
    assert form.is_valid(), form.errors
    return form.cleaned_data["anchor"]


def abstract_fields(exact, **more):
    return {"anchor_part": "abstract", "anchor_exact": exact} | more


def test_line_ends_of_a_browser_do_not_count_against_the_limit(paper):
    form = form_of(paper, text="a\r\n" * 4_999 + "ab")

    assert form.is_valid()
    assert form.cleaned_data["text"].count("\n") == 4_999


@pytest.mark.parametrize("text", ["", " \r\n ", "\u200b"])
def test_a_comment_that_says_nothing_is_refused(paper, text):
    assert "Write something first" in str(form_of(paper, text=text).errors["text"])


def test_a_text_too_long_is_refused_with_its_length_and_kept(paper):
    form = form_of(paper, text="x" * 10_412)

    assert "this text has 10,412" in str(form.errors["text"])
    assert len(form["text"].value()) == 10_412


@pytest.mark.parametrize("key", ["", "x", "1" * 40, "00000000-0000-0000-0000-00000000000g"])
def test_a_form_without_its_key_says_so(paper, key):
    assert "Press Post again" in str(form_of(paper, key=key).errors["key"])


def test_a_new_key_lets_the_next_press_post_anew(paper):
    form = form_of(paper, key="x")

    form.take_new_key()

    assert uuid.UUID(form["key"].value())


def test_a_passage_of_the_abstract_becomes_a_quote_and_a_position(paper):
    anchor = anchor_of(paper, **abstract_fields("is better", anchor_start="24"))

    quote, position = anchor.selectors
    assert anchor.part == Anchor.Part.ABSTRACT
    assert anchor.version == 2
    assert quote["type"] == "TextQuoteSelector"
    assert quote["exact"] == "is better"
    assert quote["prefix"].endswith("Writing ")
    assert position == {"type": "TextPositionSelector", "start": 25, "end": 34}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (abstract_fields("is never"), "no longer contains this passage"),
        (abstract_fields("  "), "No passage is selected"),
        (abstract_fields("x" * 1_001), "shorter passage"),
        (abstract_fields("good", anchor_prefix="x" * 101), "could not be read"),
    ],
)
def test_a_passage_that_cannot_be_made_out_is_refused(paper, fields, says):
    assert says in str(form_of(paper, **fields).errors["anchor_exact"])


@pytest.mark.parametrize("start", ["", "-1", "x", "1e9", "٣", "9" * 500])
def test_a_wrong_position_only_finds_the_passage_less_surely(paper, start):
    anchor = anchor_of(paper, **abstract_fields("is good", anchor_start=start))

    assert anchor.selectors[1]["start"] == 8


def test_a_page_is_a_fragment_of_the_pdf(paper):
    anchor = anchor_of(paper, place_kind="page", place="7")

    assert anchor.part == Anchor.Part.PAPER
    assert anchor.selectors == [
        {
            "type": "FragmentSelector",
            "value": "page=7",
            "conformsTo": "http://tools.ietf.org/rfc/rfc3778",
        }
    ]


def test_copied_words_of_the_abstract_need_no_number(paper):
    anchor = anchor_of(paper, place_kind="section", anchor_exact=" is  good ")

    assert anchor.part == Anchor.Part.ABSTRACT
    assert anchor.selectors[0]["exact"] == "is good"


def test_copied_words_that_stand_there_twice_are_asked_about(paper):
    form = form_of(paper, place_kind="section", anchor_exact="is")

    assert "more than once" in str(form.errors["place"])


def test_copied_words_with_a_number_stand_in_the_paper(paper):
    anchor = anchor_of(paper, place_kind="section", place="4", anchor_exact="is good")

    assert anchor.part == Anchor.Part.PAPER


@pytest.mark.parametrize("place", ["4.3", " 4.3. ", "(4.3)"])
def test_a_section_and_what_was_copied_of_it_are_kept(paper, place):
    anchor = anchor_of(
        paper, place_kind="section", place=place, anchor_exact="the  bound\r\nis tight"
    )

    assert anchor.selectors == [
        {"type": "FragmentSelector", "value": "section=4.3"},
        {"type": "TextQuoteSelector", "exact": "the bound is tight"},
    ]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"place_kind": "page", "place": "iv"}, "not the number of a page"),
        ({"place_kind": "page", "place": "0"}, "not the number of a page"),
        ({"place_kind": "section", "place": "four & a half"}, "not the number of a section"),
        ({"place_kind": "section", "place": "9" * 5_000}, "not the number of a section"),
        ({"place_kind": "chorus", "place": "1"}, "Choose a part of the paper"),
        ({"place_kind": "section", "anchor_exact": "the bound"}, "Enter the number too"),
        ({"place_kind": "page", "place": "1", "anchor_exact": "x" * 1_001}, "shorter passage"),
        ({"anchor_part": "margin"}, "at the abstract or at the paper"),
    ],
)
def test_a_place_that_makes_no_sense_is_refused(paper, fields, says):
    assert says in str(form_of(paper, **fields).errors["place"])


@pytest.mark.parametrize("part", ["", "paper"])
def test_no_number_and_no_passage_point_at_nothing(paper, part):
    assert anchor_of(paper, anchor_part=part, place_kind="section", place=" ") is None


def test_a_thread_without_a_paper_has_nothing_to_point_at():
    thread = make_thread()
    thread.paper = None

    form = form_of(thread, place_kind="page", place="1")

    assert "not about a paper" in str(form.errors["place"])


def test_each_form_knows_where_it_stands(paper):
    thread = make_thread(paper)
    parent = make_comment(thread=thread)

    main, reply = CommentForm(on=thread), CommentForm(on=thread, parent=parent)
    edit = EditForm(comment=parent)

    assert (main.dom_id, main.where) == ("write", "paper:2611.00001")
    assert (reply.dom_id, reply.where) == (f"write-{parent.pk}", f"reply:{parent.pk}")
    assert (edit.dom_id, edit.where) == (f"edit-{parent.pk}", f"edit:{parent.pk}")
    assert main.action == reply.action == "/papers/2611.00001/comments"
    assert place_of(thread) == place_of(paper)


def test_a_place_is_named_as_people_do():
    assert anchoring.label_of(anchoring.in_paper(kind="figure", number="2a", exact="")) == (
        "Figure 2a"
    )
    assert anchoring.label_of([{"type": "TextQuoteSelector", "exact": "x"}]) == ""


def carets(form):
    return [name for name in form.fields if "autofocus" in form.fields[name].widget.attrs]


def test_the_caret_waits_in_a_reply_and_in_an_edit_but_not_on_a_page_to_read(paper):
    comment = make_comment(paper=paper)

    assert carets(CommentForm(on=paper, parent=comment)) == ["text"]
    assert carets(EditForm(comment=comment)) == ["text"]
    assert carets(CommentForm(on=paper)) == []


@pytest.mark.parametrize(
    ("fields", "name"),
    [({"text": ""}, "text"), ({"place": "x" * 99}, "place"), ({"key": ""}, "text")],
)
def test_the_caret_goes_where_it_can_be_mended(paper, fields, name):
    form = form_of(paper, **fields)

    assert not form.is_valid()
    assert carets(form) == [name]


def test_each_form_knows_where_names_are_found(paper):
    comment, elsewhere = make_comment(paper=paper), make_thread()

    assert CommentForm(on=paper).names_url == "/papers/2611.00001/names"
    assert CommentForm(on=elsewhere.paper, parent=comment).names_url.endswith("/names")
    assert EditForm(comment=comment).names_url == f"/threads/{comment.thread_id}/names"
