"""Passages of an abstract: found again, and marked without changing the text."""

from __future__ import annotations

import itertools
import re
from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from common.tex.rendering import render_inline
from discussions.anchors.passage_search import context_of, locate
from discussions.anchors.passage_text import text_of
from discussions.anchors.passages import Quote, mark_passages, selectors_in

ABSTRACT = str(render_inline(r"We sort in $O(n \log n)$ steps & show that $P \ne NP$ is open."))
PLAIN = text_of(ABSTRACT).plain


def anchor(comment_id, exact, html=ABSTRACT, **quote):
    return comment_id, selectors_in(html, Quote(exact, **quote))


class Reader(HTMLParser):
    """Reads marked HTML as a browser would, apart from what is to be skipped."""

    def __init__(self, html):
        super().__init__()
        self.text, self.open, self.marked, self.ids = "", [], {}, []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag != "br":
            self.open.append((tag, values))
        if "id" in values:
            self.ids.append(values["id"])

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        if any("data-skip" in values for _, values in self.open):
            return
        self.text += data
        for tag, values in self.open:
            if tag == "mark":
                number = int(values["data-mark"])
                self.marked[number] = self.marked.get(number, "") + data


def marked_text(html, comment_id):
    """Return the text that is marked for a comment, in order."""
    reader = Reader(html)
    link = re.search(rf'data-marks="(\d+) (\d+)" data-comments="(?:\d+ )*{comment_id}[ "]', html)
    return "".join(reader.marked.get(n, "") for n in range(int(link[1]), int(link[2])))


# Text -----------------------------------------------------------------------------


def test_the_text_is_what_a_browser_reads_formulas_included():
    assert text_of("<p>a &amp; <code>b</code></p>\r\n<math><mi>x</mi></math>c").plain == "a & b\nxc"


# Finding --------------------------------------------------------------------------


def test_a_passage_is_where_it_was():
    assert locate("to be or not to be", "to be", start=13) == (13, 18)


def test_a_passage_that_moved_is_known_by_its_surroundings():
    text = "Now: to be or not to be"

    assert locate(text, "to be", prefix="or not ", start=13) == (18, 23)
    assert locate(text, "to be", suffix=" or", start=13) == (5, 10)


def test_of_two_alike_the_nearer_is_the_passage():
    text = "one x one x one x one"

    assert locate(text, "x", "one ", " one", start=11) == (10, 11)
    assert locate(text, "x", "one ", " one", start=5) == (4, 5)
    assert locate(text, "x", "one ", " one", start=99) == (16, 17)


def test_space_may_have_changed():
    assert locate("We  show\nthat", "We show that", start=40) == (0, 13)
    assert locate("a b c", " b\n", start=1) == (2, 3)


def test_words_may_not_have_changed():
    assert locate("We prove that", "We show that", start=0) is None


@pytest.mark.parametrize("nothing", ["", " ", "\n"])
def test_nothing_is_nowhere(nothing):
    assert locate("We show", nothing, start=2) is None


# Alike but for who says it, and what follows.
REPORT = "reported that the new deployment reduced latency by twelve percent across all regions."
TEAMS = (
    f"We ran it in three places. Team Alpha {REPORT} Team Beta {REPORT} Team Gamma {REPORT}"
    " We end with advice."
)


def anchored(text, exact, nth=0):
    """Return the quote of the nth occurrence, as it is stored."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(exact, start + 1)
    before, after = text[max(0, start - 32) : start], text[start + len(exact) :][:32]
    return Quote.of(selectors_in(escape(text), Quote(exact, before, after, start)))


def located(text, quote):
    return locate(text, quote.exact, quote.prefix, quote.suffix, quote.start)


QUOTES = [
    "the new deployment reduced latency by twelve percent across all regions.",
    REPORT,
    "reduced latency",
    "new",
    "across all regions",
]


@pytest.mark.parametrize("exact", QUOTES)
@pytest.mark.parametrize(("nth", "team"), [(0, "Alpha"), (1, "Beta"), (2, "Gamma")])
def test_a_deleted_sentence_is_not_tied_to_one_of_the_same_words(exact, nth, team):
    quote = anchored(TEAMS, exact, nth)

    assert located(TEAMS.replace(f"Team {team} {REPORT} ", ""), quote) is None


def test_the_context_that_older_comments_kept_tells_a_look_alike_too():
    now = f"We ran it in three places. Team Beta {REPORT}"

    assert locate(now, REPORT[14:], "places. Team Alpha reported that", " Team Beta r", 51) is None


def test_words_without_any_context_are_nowhere_but_where_they_were():
    text = "We sort the data in place. Nobody sorts in place."

    assert locate(text, "in place") is None
    assert locate(text, "in place", start=3) is None
    assert locate(text, "in place", start=40) == (40, 48)


def test_a_sentence_that_moved_is_found():
    exact = "reduced latency"
    moved = TEAMS.replace(f"Team Beta {REPORT} ", "") + f" Team Beta {REPORT}"

    start, _ = located(moved, anchored(TEAMS, exact, 1))

    assert start == moved.rindex(exact)


def test_a_small_edit_beside_a_passage_leaves_it_found():
    quote = anchored(TEAMS, "reduced latency", 1)
    edited = TEAMS.replace("Team Beta reported", "Group Beta found")

    assert located(edited, quote)[0] == edited.index("reduced", edited.index("Group Beta"))


def test_an_abbreviation_ends_no_sentence():
    text = "As Doe et al. (2020) say in Fig. 3, e.g. J. Roe is right here. So we agree."
    prefix, _ = context_of(text, text.index("right"), text.index("right") + 5)

    assert prefix.startswith("As Doe")


subjects = st.sampled_from(["model", "dataset", "bound", "user", "reader", "graph", "proof"])
verbs = st.sampled_from(["improves", "shows", "keeps", "needs", "explains"])
sentences = st.builds(
    "In case {} the {} {} the {} of every {} that we know.".format,
    st.integers(0, 99), subjects, verbs, subjects, subjects,
)  # fmt: skip
texts = st.lists(sentences, min_size=3, max_size=8, unique_by=lambda each: each.split()[2])


@st.composite
def quoted(draw):
    """Draw sentences, one of them, and where a passage of it begins and ends."""
    chosen = draw(texts)
    at = draw(st.integers(0, len(chosen) - 1))
    places = list(itertools.accumulate((len(word) + 1 for word in chosen[at].split()), initial=0))
    first, last = sorted(
        draw(st.lists(st.sampled_from(places), min_size=2, max_size=2, unique=True))
    )
    start = sum(len(each) + 1 for each in chosen[:at]) + first
    text = " ".join(chosen)
    exact = text[start : start + last - first - 1]
    before, after = text[max(0, start - 32) : start], text[start + len(exact) :][:32]
    return chosen, at, first, Quote.of(selectors_in(text, Quote(exact, before, after, start)))


@given(quoted())
def test_a_passage_whose_text_and_context_were_deleted_is_lost(drawn):
    chosen, at, _, quote = drawn

    left = [each for place, each in enumerate(chosen) if abs(place - at) > 1]

    assert located(" ".join(left), quote) is None


@given(quoted())
def test_a_passage_whose_sentence_was_deleted_is_lost(drawn):
    chosen, at, _, quote = drawn

    assert located(" ".join(chosen[:at] + chosen[at + 1 :]), quote) is None


@given(quoted(), st.randoms())
def test_a_passage_that_moved_with_its_sentence_is_found(drawn, random):
    chosen, at, first, quote = drawn
    moved = random.sample(chosen, len(chosen))
    start = " ".join(moved).index(chosen[at]) + first

    assert located(" ".join(moved), quote) == (start, start + len(quote.exact))


@given(quoted(), st.data())
def test_a_passage_is_found_after_a_small_edit_anywhere_else(drawn, data):
    chosen, at, first, quote = drawn
    text = " ".join(chosen)
    start = sum(len(each) + 1 for each in chosen[:at]) + first
    before, after = text[:start].split(), text[start + len(quote.exact) :].split()
    side = data.draw(st.sampled_from([side for side in (before, after) if side]))
    place = data.draw(st.integers(0, len(side) - 1))
    side[place : place + data.draw(st.integers(0, 2))] = data.draw(
        st.lists(st.sampled_from(["really", "new", "often"]), max_size=2)
    )
    lead = " ".join(before) + " " * bool(before)

    found = located(f"{lead}{quote.exact} {' '.join(after)}", quote)

    assert found == (len(lead), len(lead) + len(quote.exact))


words = st.text(st.sampled_from("ab \n𝒜é"), min_size=1, max_size=40)


@given(words, words, words)
def test_what_stands_in_a_text_is_found_in_it(before, exact, after):
    assume(exact.strip())
    text = before + exact + after

    start, end = locate(text, exact, before, after, start=len(before))

    assert text[start:end] == exact.strip()
    assert start == len(before) + len(exact) - len(exact.lstrip())


@given(words, words, words, st.integers(-5, 100))
def test_a_passage_is_found_with_other_space_before_it(before, exact, after, start):
    assume(exact.strip())
    spread = "  \n".join(f"{before}{exact}{after}".split(" "))

    found = locate(spread, exact, before, after, start=start)

    assert found is not None
    assert spread[slice(*found)].split() == exact.split()


def test_selectors_are_taken_from_the_abstract_and_not_from_the_form():
    quote, position = selectors_in(
        "<p>We show that sorting is slow.</p>", Quote("show  that", "We ")
    )

    assert quote == {
        "type": "TextQuoteSelector",
        "exact": "show that",
        "prefix": "We ",
        "suffix": " sorting is slow.",
    }
    assert position == {"type": "TextPositionSelector", "start": 3, "end": 12}


def test_words_that_are_not_there_have_no_selectors():
    assert selectors_in(ABSTRACT, Quote("We sorted")) is None


# Marking --------------------------------------------------------------------------


def test_a_passage_is_marked_and_counted():
    marked = mark_passages("<p>We show that.</p>", [anchor(7, "show", "<p>We show that.</p>")])

    assert marked.html == (
        '<p>We <mark class="passage" id="passage-7" data-mark="0">show</mark>'
        '<a class="passage-count" href="#comment-7" data-skip data-passage="passage-7"'
        ' data-marks="0 1" data-comments="7" aria-label="1 comment on this passage">1</a>'
        " that.</p>"
    )
    assert marked.passages[7].id == "passage-7"


def test_comments_on_the_same_words_share_a_mark():
    marked = mark_passages(ABSTRACT, [anchor(9, "sort"), anchor(7, "sort")])

    assert marked.html.count("<mark") == 1
    assert 'aria-label="2 comments on this passage">2</a>' in marked.html
    assert marked.passages[7] == marked.passages[9]


def test_a_formula_that_is_partly_selected_is_marked_whole():
    start = PLAIN.index("log")

    marked = mark_passages(ABSTRACT, [anchor(7, "log", start=start)])

    assert re.search(r'<mark [^>]+><math [^>]+>.*?</math></mark><a class="passage-c', marked.html)
    assert marked_text(marked.html, 7).startswith("O(")


def test_what_is_gone_is_lost_and_told():
    marked = mark_passages(
        ABSTRACT, [(7, [{"type": "TextQuoteSelector", "exact": "gone"}]), anchor(8, "open")]
    )

    assert marked.lost == {7}
    assert set(marked.passages) == {8}


def test_a_comment_that_is_not_on_the_page_is_linked_where_it_is():
    marked = mark_passages(ABSTRACT, [anchor(7, "sort")], links={7: "/comments/7?a=1&b"})

    assert 'href="/comments/7?a=1&amp;b"' in marked.html


def test_an_abstract_without_passages_is_as_it_was():
    assert mark_passages(ABSTRACT, []).html == ABSTRACT


def test_marks_do_not_cross_elements():
    html = "<p>One <em>two</em> three.</p>\n<p>Four.</p>"

    marked = mark_passages(html, [anchor(7, "two three.\nFour", html)])

    assert Reader(marked.html).text == text_of(html).plain
    assert "<em><mark" in marked.html
    assert "</p>\n<p>" in marked.html


formula = "<math><mi>x</mi><mo>+</mo></math>"
pieces = st.sampled_from(
    [
        " ",
        "\n",
        "&amp;",
        "ab",
        "a",
        "&lt;b",
        "𝒜 ",
        "<br>",
        formula,
        "<code>$a$</code>",
        "<math></math>",
    ]
)
abstracts = st.lists(pieces, max_size=12).map("".join)
ranges = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12)), max_size=6)


def anchors_of(plain, ranges):
    anchors = []
    for number, (start, length) in enumerate(ranges, start=1):
        exact = plain[start : start + length]
        if exact.strip():
            position = {"type": "TextPositionSelector", "start": start}
            anchors.append((number, [{"type": "TextQuoteSelector", "exact": exact}, position]))
    return anchors


@given(abstracts, ranges)
def test_marking_leaves_the_text_as_it_was(html, ranges):
    plain = text_of(html).plain

    reader = Reader(str(mark_passages(html, anchors_of(plain, ranges)).html))

    assert reader.text == plain
    assert not reader.open
    assert len(set(reader.ids)) == len(reader.ids)


@given(abstracts, ranges)
def test_what_was_selected_is_what_is_marked(html, ranges):
    anchors = anchors_of(text_of(html).plain, ranges)

    marked = mark_passages(html, anchors)

    for comment_id, selectors in anchors:
        # A formula that was cut is marked whole; space alone between two tags is not.
        shown = "".join(marked_text(str(marked.html), comment_id).split())
        passage = marked.passages[comment_id]
        assert shown == "".join(text_of(html).plain[passage.start : passage.end].split())
        assert "".join(selectors[0]["exact"].split()) in shown


@given(abstracts, ranges, st.randoms())
def test_the_order_of_comments_changes_nothing(html, ranges, random):
    anchors = anchors_of(text_of(html).plain, ranges)
    shuffled = random.sample(anchors, len(anchors))

    assert mark_passages(html, anchors) == mark_passages(html, shuffled)


@given(abstracts, ranges)
def test_every_passage_can_be_linked_to(html, ranges):
    marked = mark_passages(html, anchors_of(text_of(html).plain, ranges))

    assert {each.id for each in marked.passages.values()} == set(Reader(str(marked.html)).ids)
