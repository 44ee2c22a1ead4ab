"""The abstract on the page of a paper, with what comments point at."""

from __future__ import annotations

import pytest
from django.utils import timezone

from discussions.anchors.passages import Quote, selectors_in
from discussions.models import Anchor
from tests.builders import make_paper
from tests.discussions.builders import make_comment

pytestmark = pytest.mark.django_db


def page_of(client, paper, **asked):
    response = client.get(paper.get_absolute_url(), asked)
    assert response.status_code == 200
    return response.content.decode()


def anchored(paper, exact, **fields):
    comment = make_comment(paper=paper, **fields)
    html = "<p>We show that reading is good.</p>"
    selectors = selectors_in(html, Quote(exact))
    Anchor.objects.create(comment=comment, part="abstract", selectors=selectors, version=1)
    return comment


def test_the_abstract_marks_what_comments_point_at_and_counts_them(client):
    paper = make_paper(abstract="We show that reading is good.")
    first, _ = anchored(paper, "reading is good"), anchored(paper, "reading is good")

    page = page_of(client, paper)

    assert f'<mark class="passage" id="passage-{first.pk}"' in page
    assert 'aria-label="2 comments on this passage">2</a>' in page
    assert page.count(f'<a href="#passage-{first.pk}"><bdi>reading is good</bdi></a>') == 2


def test_a_passage_that_a_new_version_dropped_is_said_to_be_gone(client):
    paper = make_paper(abstract="We show nothing.", version=3)
    anchored(paper, "reading is good")

    page = page_of(client, paper)

    assert "<bdi>reading is good</bdi><small>No longer in version 3</small>" in page
    assert '<mark class="passage"' not in page


def test_a_passage_of_a_hidden_comment_is_not_marked(client):
    paper = make_paper(abstract="We show that reading is good.")
    anchored(paper, "reading", hidden_at=timezone.now(), hidden_reason="Off topic.")

    assert '<mark class="passage"' not in page_of(client, paper)


def test_a_mark_leads_to_a_comment_that_is_not_on_the_page(client):
    paper = make_paper(abstract="We show that reading is good.")
    comment = anchored(paper, "reading")
    for _ in range(55):
        make_comment(paper=paper, points=1)

    url = f"{paper.get_absolute_url()}?comment={comment.pk}#comment-{comment.pk}"
    assert f'href="{url}"' in page_of(client, paper)
