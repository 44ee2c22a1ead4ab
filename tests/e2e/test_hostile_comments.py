"""Every hostile string as a comment in a real browser, with the site's policy and without."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache

import pytest
from django.test import Client

from discussions.markdown.comment_text import TextError, clean_text
from discussions.markdown.parsing import parse
from tests.discussions.html_walls import HOSTILE, MATHS, PROSE, hostile_texts

PAGE = "http://comments.test/"
COMMENTS_A_PAGE = 500
CONTROL = """
    <script>window.ran.push("script")</script><img src="http://elsewhere.test/x" onerror="alert(2)">
    <svg onload="print()"></svg><a href="javascript:alert(3)">x</a>
"""
# Whatever a payload calls to show that it ran.
SPY = """
    window.ran = [];
    for (const name of ["alert", "confirm", "prompt", "print", "open", "fetch"])
        window[name] = (...words) => { window.ran.push(`${name}(${words})`); };
    document.addEventListener("securitypolicyviolation",
        (event) => window.ran.push(`refused ${event.violatedDirective}`));
"""
# Elements and addresses as the browser understood them, whatever the markup looked like.
LOOK = """
    (allowed) => [...document.querySelectorAll("article *")].filter((element) =>
        !allowed.includes(element.localName)
        || [...element.attributes].some((attribute) => /^(on|style|src)/.test(attribute.name))
        || (element.localName === "a" && !["http:", "https:", "mailto:"].includes(element.protocol))
    ).map((element) => element.outerHTML.slice(0, 200))
"""


class Visit:
    """One page of comments, opened; and what it tried."""

    def __init__(self, browser, comments: list[str], policy: str) -> None:
        self.requests: list[str] = []
        self.dialogs: list[str] = []
        body = "".join(f"<article dir='auto'>{comment}</article>\n" for comment in comments)
        headers = {"Content-Security-Policy": policy} if policy else {}
        context = browser.new_context()
        context.set_default_timeout(90_000)
        page = context.new_page()
        page.add_init_script(SPY)
        page.on("dialog", self._dismiss)
        page.route("**/*", lambda route: self._answer(route, body, headers))
        page.goto(PAGE)
        self.ran = page.evaluate("window.ran")
        self.found = page.evaluate(LOOK, sorted(PROSE | MATHS))
        self.articles = page.evaluate("document.querySelectorAll('body > article').length")
        self.is_still_there = page.url == PAGE and len(context.pages) == 1
        context.close()

    def _dismiss(self, dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _answer(self, route, body: str, headers: dict[str, str]) -> None:
        if route.request.url == PAGE:
            html = f"<!doctype html><meta charset='utf-8'><title>x</title><body>{body}"
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)
        else:
            self.requests.append(route.request.url)
            route.abort()


@pytest.fixture(params=["with the policy", "without a policy"])
def policy(request) -> str:
    if request.param == "without a policy":
        return ""
    return Client().get("/papers", follow=True)["Content-Security-Policy"]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_string_does_anything(browser, policy, name):
    every = _comments(name)
    for start in range(0, len(every), COMMENTS_A_PAGE):
        comments = every[start : start + COMMENTS_A_PAGE]
        visit = Visit(browser, comments, policy)

        assert (visit.ran, visit.dialogs, visit.requests) == ([], [], [])
        assert visit.found == []
        # None broke out of its place, and none led away.
        assert (visit.articles, visit.is_still_there) == (len(comments), True)


def test_the_spy_sees_what_runs(browser):
    visit = Visit(browser, [CONTROL], "")

    assert {"script", "alert(2)", "print()"} <= set(visit.ran)
    assert visit.requests == ["http://elsewhere.test/x"]
    assert len(visit.found) == 4


def test_the_policy_stops_what_the_spy_sees(browser):
    policy = Client().get("/papers", follow=True)["Content-Security-Policy"]
    visit = Visit(browser, [CONTROL], policy)

    assert visit.ran
    assert all(act.startswith("refused ") for act in visit.ran)
    assert visit.requests == []


@lru_cache
def _comments(name: str) -> list[str]:
    """Each rendered once, without those that were refused."""
    comments: dict[str, None] = {}
    for text in hostile_texts(name):
        with suppress(TextError):
            comments[str(parse(clean_text(text)).html({}, ()))] = None
    return list(comments)
