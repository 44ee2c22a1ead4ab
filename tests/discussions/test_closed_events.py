"""News of places that close: what they said is shown to nobody whom the place shuts out."""

from __future__ import annotations

import pytest

from discussions import owners
from discussions.models import Notification
from discussions.notifications import notifications
from discussions.notifications import page as notifications_page
from tests.builders import make_user

pytestmark = pytest.mark.django_db

Reason = Notification.Reason
ALL = notifications_page.FILTERS[0]


@pytest.fixture
def shut(monkeypatch):
    """Events of a kind of place that is closed; a test adds to them."""
    events = set()

    class Shed(owners.ThreadOwner):
        def closed_events(self, member, told):
            return events & set(told)

    monkeypatch.setattr(owners, "_owners", [Shed()])
    return events


def tell(member, event="shed:1:moved", **fields):
    fields = {"reason": Reason.MEETING, "summary": "The shed moved.", "url": "/shed"} | fields
    notifications.tell(recipients=[member], event=event, **fields)


def item_of(member):
    return notifications_page.page_of(member, ALL).groups[0].items[0]


def test_news_of_an_open_place_are_shown(member, shut):
    tell(member)

    item = item_of(member)

    assert (item.summary, item.url, item.label) == ("The shed moved.", "/shed", "About a meeting")


def test_news_of_a_closed_place_say_nothing(member, shut):
    tell(member, actor=make_user("tessa"))
    shut.add("shed:1:moved")

    item = item_of(member)

    assert (item.summary, item.url, item.actor) == ("", "", None)
    assert item.lost == "You no longer have access to this."


def test_a_moderators_word_stays_where_the_place_closed(member, shut):
    tell(member, reason=Reason.MODERATION)
    shut.add("shed:1:moved")

    assert item_of(member).summary == "The shed moved."


def test_news_of_no_gate_cost_no_query(member, shut, count_queries):
    tell(member, event="other:1")
    without = count_queries(lambda: notifications_page.page_of(member, ALL))
    tell(member)

    assert count_queries(lambda: notifications_page.page_of(member, ALL)) == without


def test_the_page_has_a_part_for_groups(member, member_client):
    tell(member)
    tell(member, event="act:1", reason=Reason.MODERATION, summary="We hid it.")

    page = member_client.get("/inbox?show=groups").content.decode()

    assert "The shed moved." in page
    assert "About a meeting" in page
    assert "We hid it." not in page
