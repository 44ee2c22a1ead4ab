"""Putting a paper on the day's list, by id, through a real answer of arXiv's shape."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.builders import make_paper, make_user
from tests.e2e.conftest import sign_in
from tests.papers.conftest import committed, entry, feed

__all__ = ["committed", "feed"]


@pytest.fixture
def known(committed, feed):
    feed.save(date(2026, 11, 17), entry("2611.00001", title="A paper from arXiv"))
    return feed


def submit(page, text):
    sign_in(page, make_user())
    page.goto("/")
    page.get_by_role("banner").get_by_role("link", name="Submit a paper").click()
    page.get_by_label("arXiv id, DOI or link").fill(text)
    page.locator("main").get_by_role("button", name="Submit").click()


def test_a_paper_is_submitted_by_its_id(known, page):
    submit(page, "https://arxiv.org/abs/2611.00001v1")

    expect(page.get_by_role("heading", level=1)).to_have_text("A paper from arXiv")
    expect(page.get_by_text("The paper is on today’s list")).to_be_visible()


def test_a_paper_that_is_here_is_led_to(known, page):
    make_paper("2611.00002", title="Here already")

    submit(page, "2611.00002")

    expect(page.get_by_role("heading", level=1)).to_have_text("Here already")
    expect(page.get_by_text("This paper is already here")).to_be_visible()


def test_what_cannot_be_found_says_why_and_is_kept(known, page):
    submit(page, "2611.99999")

    expect(page.get_by_text("arXiv has no paper 2611.99999")).to_be_visible()
    expect(page.get_by_label("arXiv id, DOI or link")).to_have_value("2611.99999")
