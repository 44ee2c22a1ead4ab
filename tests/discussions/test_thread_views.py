"""Posting to a thread: as a visitor whose session lapsed, a member, with and without htmx."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from common.rate_limits import RateLimit
from discussions import audiences, drafts, forms, limits
from discussions.models import Comment, Thread, ThreadReading
from tests.builders import PASSWORD, make_paper, make_user
from tests.discussions.builders import make_comment, make_thread

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def paper():
    return make_paper(abstract="We show that reading is good. It always was.")


@pytest.fixture
def url(paper):
    return f"{paper.get_absolute_url()}/comments"


def sent(**fields):
    return {"text": "Lemma 2 needs a bound.", "key": str(uuid.uuid4())} | fields


def html_of(response):
    return response.content.decode()


def test_a_comment_is_posted_and_led_to(member_client, member, paper, url):
    response = member_client.post(url, sent())

    comment = Comment.objects.get()
    assert (comment.author, comment.thread.paper) == (member, paper)
    assert response.url == f"/papers/{paper.external_id}?comment={comment.pk}#comment-{comment.pk}"
    assert "Lemma 2" in html_of(member_client.get(response.url))
