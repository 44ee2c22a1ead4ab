"""Names and words without a space, as long as they may be, on a phone: no page becomes wider."""

from __future__ import annotations

import pytest

from accounts.models import User
from groups.models import Group, Meeting
from papers.models import Author, Authorship
from tests.builders import make_organization, make_paper, make_user
from tests.discussions.builders import (
    make_act,
    make_appeal,
    make_comment,
    make_notification,
    make_report,
)
from tests.e2e.conftest import PHONE, sign_in
from tests.groups.builders import make_question
from tests.groups.rows import furnish

WORD = "Donaudampfschifffahrtsgesellschaft" * 6
NAME = WORD[:180]
PUBLIC = [
    "/papers/date/2026-11-20",
    "/papers/2401.12345",
    "/authors/long",
    "/comments",
    "/@member",
    "/@member/comments",
    "/moderation/log",
    "/groups",
    "/groups/club",
    "/groups/club/about",
    "/groups/club/archive",
    "/groups/club/nominations",
    "/groups/club/meetings/{day}",
    "/groups/club/meetings/{day}/ballot",
]
OWN = [
    "/papers/2401.12345",
    "/comments/{comment}/reply",
    "/comments/{comment}/history",
    "/comments/{comment}/reactions",
    "/comments/{comment}/report",
    "/inbox",
    "/settings/notifications",
    "/moderation?show=reports",
    "/moderation?show=held",
    "/moderation?show=appeals",
    "/moderation/comments/{comment}",
    "/moderation/members/member",
    "/groups",
    "/groups/club",
    "/groups/club/members",
    "/groups/club/requests",
    "/groups/club/log",
    "/groups/club/rota",
    "/groups/club/meetings/{day}",
    "/groups/club/meetings/{day}/live",
]
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const isWide = (each) => each.getBoundingClientRect().right > width;
  const wide = [...document.querySelectorAll("body *")].filter(isWide);
  return wide.slice(-3).map((each) => each.outerHTML.slice(0, 90));
}"""


@pytest.fixture
def places(transactional_db):
    """Rows whose every text by people is one word."""
    people = {
        role: make_user(role, full_name=NAME[:100], biography=NAME)
        for role in ("owner", "organiser", "member", "guest")
    }
    owner = people["owner"]
    owner.is_moderator = True
    owner.save()
    group, keys = furnish("club", visibility="public", people=people)
    Group.objects.filter(pk=group.pk).update(
        name=NAME[:80], summary=NAME, description=NAME, description_html=f"<p>{NAME}</p>"
    )
    paper = make_paper("2401.12345", title=NAME, organization=make_organization(name=NAME))
    author = Author.objects.create(slug="long", name=NAME)
    Authorship.objects.create(paper=paper, author=author, position=1, name=NAME)
    top = make_comment(paper=paper, author=people["member"], text=WORD)
    answer = make_comment(parent=top, author=people["member"], text=WORD)
    held = make_comment(parent=top, author=people["guest"], text=WORD, held_at=top.created_at)
    make_comment(parent=top, hidden_at=top.created_at, hidden_reason=NAME)
    make_comment(paper=paper, author=owner, text=WORD)
    make_notification(owner, answer)
    make_report(top, note=NAME, reporter=people["guest"])
    make_appeal(make_act(answer, kind="hide", reason=NAME), text=NAME)
    make_question(Meeting.objects.filter(group=group)[0], text=NAME, asked_by=people["member"])
    return {"comment": top.pk, "held": held.pk, **keys}


@pytest.mark.parametrize("is_member", [False, True], ids=["visitor", "member"])
def test_a_long_word_widens_no_page(open_context, places, is_member):
    page = open_context(viewport=PHONE).new_page()
    if is_member:
        sign_in(page, User.objects.get(username="owner"))
    wide = {}
    for path in OWN if is_member else PUBLIC:
        page.goto(path.format(**places))
        assert page.locator("h1").count(), path
        if excess := page.evaluate(TOO_WIDE):
            wide[path] = excess

    assert not wide
