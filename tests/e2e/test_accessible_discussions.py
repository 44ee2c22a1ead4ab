"""Axe where members read and discuss, in both themes, on a phone and on a desktop."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from discussions.comments.rendering import render
from discussions.models import Revision
from tests.builders import make_paper, make_user
from tests.discussions.builders import make_act, make_comment
from tests.e2e.conftest import DESKTOP, PHONE, sign_in
from tests.e2e.test_accessibility import violations

TEXT = """A claim with $x^2$ and a wide formula:

$$a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7 + a_8 + a_9 + a_{10} + a_{11} + a_{12} + a_{13} = 0$$

| name | value |
|------|-------|
| one  | 1     |

```python
print("a line of code that is wider than a phone is, so that it has to be scrolled")
```

- [x] done
"""

pytestmark = [
    pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"]),
    pytest.mark.parametrize("theme", ["light", "dark"]),
]


@pytest.fixture
def ada():
    return make_user("ada", full_name="Ada Lovelace")


@pytest.fixture
def grace():
    return make_user("grace", full_name="Grace Hopper")


@pytest.fixture
def comment(ada, grace):
    paper = make_paper("2401.12345", title="On engines", abstract="An engine reckons.")
    html = render(TEXT).html
    top = make_comment(
        paper=paper, author=ada, html=html, revision_count=1, reaction_counts={"agree": 1}
    )
    Revision.objects.create(comment=top, number=1, text="A claim.", written_at=top.created_at)
    make_comment(parent=top, author=grace, html=html)
    make_comment(parent=top, taken_back_at=top.created_at)
    make_comment(parent=top, hidden_at=top.created_at, hidden_reason="Not about the paper.")
    return top


@pytest.fixture
def page(open_context, viewport, theme):
    return open_context(viewport=viewport, color_scheme=theme).new_page()


def test_axe_finds_nothing_where_visitors_read(page, comment):
    act = make_act(comment, kind="hide")
    paths = [
        "/papers/2401.12345",
        f"/papers/2401.12345?comment={comment.pk}",
        "/comments",
        "/@ada",
        "/@ada/comments",
        f"/comments/{comment.pk}/history",
        f"/comments/{comment.pk}/reactions",
        "/moderation/log",
        f"/moderation/acts/{act.pk}",
        "/about/discussions",
    ]

    assert not [found for path in paths for found in violations(page, path)]


def test_axe_finds_nothing_where_members_write(page, comment, grace):
    own = make_comment(parent=comment, author=grace)
    sign_in(page, grace)
    paths = [
        "/papers/2401.12345",
        f"/comments/{comment.pk}/reply",
        f"/comments/{own.pk}/edit",
        f"/comments/{own.pk}/delete",
        f"/comments/{comment.pk}/vote",
        f"/comments/{comment.pk}/reactions",
        f"/comments/{comment.pk}/menu",
        f"/comments/{comment.pk}/report",
        "/@ada/report",
        "/@ada/mute",
        "/@ada/block",
    ]

    assert not [found for path in paths for found in violations(page, path)]


def test_axe_finds_nothing_while_all_is_open(page, comment, grace):
    sign_in(page, grace)
    page.goto("/papers/2401.12345")
    page.locator("#write").get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_text("Write something first")).to_be_visible()
    page.get_by_text("Refer to a place in the paper").click()
    page.get_by_text("How to write").first.click()
    page.get_by_role("link", name="React").first.click()
    expect(page.get_by_role("button", name="Insightful")).to_be_visible()
    page.get_by_role("link", name="More").last.click()
    expect(page.locator(".comment-menu .menu-panel")).to_be_visible()

    assert not violations(page)
