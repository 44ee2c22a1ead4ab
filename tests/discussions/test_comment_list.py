"""The comments of a page."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.profile import avatars
from discussions.comments.marks import COMMENTS_URL
from discussions.thread import comment_list
from discussions.thread.comment_list import ThreadContext
from discussions.thread.rows import CommentRow, Viewer
from discussions.thread.tree import Node, OutlineRow, Tree

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROW = CommentRow(
    pk=7,
    parent_id=None,
    author_id=3,
    username="ada",
    full_name="Ada Lovelace",
    is_moderator=False,
    is_present=True,
    html="<p>Yes.</p>",
    posted_at=int(NOW.timestamp()) - 7200,
    revision_count=0,
    is_deleted=False,
    is_hidden=False,
    is_held=False,
    hidden_reason="",
    vote_count=0,
    reaction_counts="{}",
    anchor_part=None,
    selectors=None,
    anchor_version=None,
    is_blocked=False,
    is_upvoted=False,
    chosen_kinds=(),
)
VISITOR = ThreadContext(url="/papers/2611.00001", now=NOW, zone=UTC)
MEMBER = ThreadContext(url="/papers/2611.00001", now=NOW, zone=UTC, viewer=Viewer(pk=9))


def joined(nodes, rows, sizes, context):
    return "".join(comment_list.fragments_of(nodes, rows, sizes, context))


def alone(context=VISITOR, **fields):
    return joined([Node(7, 0)], {7: ROW._replace(**fields)}, {}, context)


class Nesting(HTMLParser):
    """Which comment each one stands in, and whether every element is closed in its turn."""

    VOID = ("input", "br", "img")

    def __init__(self):
        super().__init__()
        self.open, self.parents = [], {}

    def handle_starttag(self, tag, attrs):
        if tag in self.VOID:
            return
        name = dict(attrs).get("id", "")
        if tag == "article":
            above = [each for each in self.open if each.startswith("comment-")]
            self.parents[int(name[8:])] = int(above[-1][8:]) if above else None
        self.open.append(name if tag == "article" else f"<{tag}>")

    def handle_endtag(self, tag):
        last = self.open.pop()
        assert last == f"<{tag}>" or (tag == "article" and last.startswith("comment-"))


@given(st.lists(st.integers(0, 12), max_size=20), st.integers(0, 15), st.booleans())
def test_the_markup_nests_as_the_thread_does(parents, budget, is_member):
    outline = [
        OutlineRow(pk, parent if 0 < parent < pk else None)
        for pk, parent in enumerate(parents, start=1)
    ]
    tree = Tree(outline, sort="oldest")
    nodes = tree.part(tree.answers(None), budget=budget, levels=3).nodes
    rows = {row.pk: ROW._replace(pk=row.pk, parent_id=row.parent_id) for row in outline}

    nesting = Nesting()
    nesting.feed(joined(nodes, rows, tree.sizes, MEMBER if is_member else VISITOR))

    above = {row.pk: row.parent_id for row in outline}
    assert nesting.open == []
    assert nesting.parents == {node.pk: above[node.pk] for node in nodes}


def test_what_is_left_out_says_how_much_and_where():
    tree = Tree(
        [OutlineRow(1, None), OutlineRow(2, 1), OutlineRow(3, 2), OutlineRow(4, 1)], sort="newest"
    )
    rows = {pk: ROW._replace(pk=pk) for pk in range(1, 5)}
    nodes = tree.part([1], budget=2).nodes

    html = joined(nodes, rows, tree.sizes, ThreadContext(url="/papers/x", sort="newest"))

    url = "/papers/x?comment=1&amp;sort=newest&amp;after=4#comment-1"
    assert f'<a href="{url}" rel="nofollow">2 more replies</a>' in html


@pytest.mark.parametrize(
    ("age", "words"),
    [(timedelta(hours=47), "1 day ago"), (timedelta(days=400), "Oct 19, 2025")],
)
def test_times_are_in_words(age, words):
    html = alone(posted_at=int((NOW - age).timestamp()))

    assert f">{words}</time>" in html


def test_addresses_that_are_written_out_are_the_sites():
    for name in ("comment_vote", "comment_reactions", "comment_reply", "comment_menu"):
        url = reverse(f"discussions:{name}", args=[7])
        assert f'"{url}"' in alone(MEMBER)
    assert reverse("discussions:comment_page", args=[7]) == f"{COMMENTS_URL}7"
    assert reverse("discussions:comment_history", args=[7]) in alone(revision_count=1)
    assert reverse("discussions:comment_delete", args=[7]) in alone(
        ThreadContext(viewer=Viewer(pk=3)), is_deleted=True
    )


def test_a_visitor_gets_links_and_no_buttons():
    html = alone(reaction_counts=json.dumps({"thanks": 2}))

    assert "<button" not in html
    assert "hx-" not in html
    assert ">Thank you 2</a>" in html


QUOTED = [{"type": "TextQuoteSelector", "exact": "samples & <data>"}]


def test_a_passage_stands_above_the_text_and_leads_to_its_mark():
    context = ThreadContext(passage_ids={7: "passage-5"})

    html = alone(context, anchor_part="abstract", selectors=json.dumps(QUOTED))

    passage = '<a href="#passage-5"><bdi>samples &amp; &lt;data&gt;</bdi></a>'
    assert passage in html
    assert html.index(passage) < html.index('class="said"')


def test_a_passage_that_is_gone_says_so():
    context = ThreadContext(lost_ids={7}, version=3)

    html = alone(context, anchor_part="abstract", selectors=json.dumps(QUOTED))

    assert "<small>No longer in version 3</small>" in html


def test_a_place_in_the_paper_is_named():
    place = [{"type": "FragmentSelector", "value": "section=4.3"}, *QUOTED]

    html = alone(anchor_part="paper", selectors=json.dumps(place))

    assert "<b>Section 4.3</b><bdi>samples" in html


def test_nobody_is_offered_to_answer_where_no_answer_is_taken():
    closed = ThreadContext(viewer=Viewer(pk=9), is_locked=True)
    moderators = ThreadContext(viewer=Viewer(pk=9, is_moderator=True), is_locked=True)

    assert "reply-link" not in alone(closed)
    assert "reply-link" not in alone(MEMBER, is_held=True)
    assert "reply-link" in alone(moderators)


def test_who_has_no_profile_is_not_linked():
    assert 'href="/@ada"' in alone()
    assert re.search(r'<span class="name"><bdi>Ada', alone(is_present=False))


def test_a_face_in_a_thread_has_the_color_that_it_has_elsewhere():
    css = (Path(settings.BASE_DIR) / "static/css/discussions.css").read_text()

    for tone in range(avatars.TONES):
        assert f".t{tone} {{ --tone: {avatars.ground_color(tone)}; }}" in css
