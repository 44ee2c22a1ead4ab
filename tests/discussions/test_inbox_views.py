"""The inbox's pages: reading, marking, and choosing what to hear of."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from discussions.blocks import blocks
from discussions.models import Notification, Thread, ThreadReading
from discussions.notifications import news_settings
from discussions.notifications import page as notifications_page
from tests.builders import make_paper, make_user
from tests.discussions.builders import make_comment, make_notification, make_thread

pytestmark = pytest.mark.django_db

INBOX = "/inbox"
READ = "/inbox/read"
SETTINGS = "/settings/notifications"
HTMX = {"HX-Request": "true"}


def html_of(client, url=INBOX):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def words(html):
    """What a reader reads of the page's main part."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


# The page ------------------------------------------------------------------------------------


def test_a_visitor_is_sent_to_sign_in(client):
    assert client.get(INBOX).url.startswith(reverse("account_login"))


def test_an_item_reads_as_a_sentence(member_client, member):
    comment = make_comment(
        paper=make_paper(title="On reading"),
        author=make_user("ada", full_name="Ada Lovelace"),
        text="See *figure 3*.",
    )
    make_notification(member, comment, reasons=["reply", "watched"])

    page = words(html_of(member_client))

    assert "On reading" in page
    assert "New Ada Lovelace replied to you in a thread you watch just now See figure 3." in page


def test_unread_is_said_in_words_too(member_client, member):
    make_notification(member, read_at=timezone.now())
    assert "New" not in words(html_of(member_client))

    make_notification(member)
    assert "New" in words(html_of(member_client))


def test_hostile_names_and_words_are_shown_as_text(member_client, member):
    hostile = "<script>alert(1)</script>"
    author = make_user(full_name="Eve <b>Bold</b>")
    make_notification(member, make_comment(author=author, text=hostile))
    make_notification(member, event="x:1", reasons=["other"], summary=hostile)

    html = html_of(member_client)

    assert hostile not in html
    assert "<b>Bold" not in html
    assert html.count("&lt;script&gt;alert(1)") == 2


@pytest.mark.parametrize("shown", notifications_page.FILTERS, ids=lambda shown: shown.key or "all")
def test_every_empty_part_says_what_would_be_there(member_client, shown):
    page = words(html_of(member_client, f"{INBOX}?show={shown.key}"))

    assert shown.empty_title in page


@pytest.mark.parametrize("query", ["show=secrets", "before=x", "before=-1", "before=1e9"])
def test_a_part_or_page_that_there_is_not_is_not_found(member_client, query):
    assert member_client.get(f"{INBOX}?{query}").status_code == 404


def test_older_pages_keep_to_their_part(member_client, member, monkeypatch):
    monkeypatch.setattr(notifications_page, "PAGE_SIZE", 1)
    oldest, newest = (make_notification(member, reasons=["mention"]) for _ in range(2))

    html = html_of(member_client, f"{INBOX}?show=mentions")

    older = f"{INBOX}?show=mentions&amp;before={newest.pk}"
    assert older in html
    assert f'id="news-{oldest.pk}"' in html_of(member_client, older.replace("&amp;", "&"))


def test_reading_the_inbox_leaves_everything_unread(member_client, member):
    make_notification(member)

    html_of(member_client)

    assert Notification.objects.unread().count() == 1


def test_a_long_inbox_costs_no_more_queries(member_client, member, count_queries):
    make_notification(member)
    few = count_queries(lambda: member_client.get(INBOX))
    for _ in range(10):
        make_notification(member)

    assert count_queries(lambda: member_client.get(INBOX)) == few


def test_the_inbox_costs_six_queries(member_client, member, count_queries):
    make_notification(member)

    # The session, the member, the inbox's three, the bell's.
    assert count_queries(lambda: member_client.get(INBOX)) == 6


# Marking as read -----------------------------------------------------------------------------


def test_one_press_marks_one_and_comes_back(member_client, member):
    first, second = make_notification(member), make_notification(member)

    response = member_client.post(
        f"{READ}?next=/inbox%3Fshow%3Dunread%23news-{first.pk}", {"ids": first.pk}
    )

    assert response.url == f"/inbox?show=unread#news-{first.pk}"
    assert [news.pk for news in Notification.objects.unread()] == [second.pk]


def test_the_page_never_leads_off_the_site(member_client, member):
    news = make_notification(member)

    response = member_client.post(f"{READ}?next=https://evil.example/", {"ids": news.pk})

    assert response.url == INBOX


def test_nobody_marks_what_is_another_members(member_client):
    make_notification(make_user())

    member_client.post(READ, {"ids": Notification.objects.get().pk})

    assert Notification.objects.unread().count() == 1


def test_all_is_all_that_was_on_the_page(member_client, member):
    shown, later = make_notification(member), make_notification(member)

    response = member_client.post(READ, {"all": "1", "up_to": shown.pk})

    assert response.url == INBOX
    assert [news.pk for news in Notification.objects.unread()] == [later.pk]


@pytest.mark.parametrize(
    "sent",
    [{}, {"all": "1"}, {"up_to": "5"}, {"ids": "x"}, {"all": "1", "up_to": "9" * 40}],
)
def test_a_press_that_does_not_say_which_is_refused(member_client, member, sent):
    make_notification(member)

    assert member_client.post(READ, sent).status_code == 400
    assert Notification.objects.unread().count() == 1


def test_with_htmx_the_item_and_the_bell_change_places(member_client, member):
    first, _ = make_notification(member), make_notification(member)

    html = member_client.post(READ, {"ids": first.pk}, headers=HTMX).content.decode()

    assert f'<li class="news" id="news-{first.pk}">' in html
    assert "Inbox, 1 unread" in html
    assert 'hx-swap-oob="true"' in html
    assert "<html" not in html


def test_with_htmx_nobody_gets_another_members_item(member_client):
    news = make_notification(make_user())

    assert member_client.post(READ, {"ids": news.pk}, headers=HTMX).status_code == 404


# The bell ------------------------------------------------------------------------------------


def test_every_page_of_a_member_shows_the_bell(member_client, member):
    make_notification(member)

    assert 'aria-label="Inbox, 1 unread"' in html_of(member_client, "/papers/trending")


def test_a_visitors_page_has_no_bell(client):
    assert 'id="bell"' not in html_of(client, "/papers/trending")


def test_a_fragment_does_not_pay_for_the_bell(member_client, count_queries):
    url = reverse("papers:paper_vote", args=[make_paper().external_id])

    def press(**options):
        return count_queries(lambda: member_client.post(url, {"vote": "up"}, **options))

    press()
    assert press(headers=HTMX) <= press()


# Settings ------------------------------------------------------------------------------------


def test_the_settings_have_a_tab(member_client):
    assert f'href="{SETTINGS}" aria-current="page"' in html_of(member_client, SETTINGS)


def test_the_settings_list_what_was_chosen_each_with_its_undoing(member_client, member):
    watched, muted = make_thread(make_paper(title="Kept")), make_thread(make_paper(title="Noise"))
    for thread, attention in ((watched, "watching"), (muted, "muted")):
        ThreadReading.objects.create(member=member, thread=thread, attention=attention)
    blocks.mute(member=member, other=make_user("loud"))
    blocks.block(member=member, other=make_user("rude"))

    html = html_of(member_client, SETTINGS)

    page = words(html)
    assert "Kept Unwatch" in page
    assert "Noise Unmute" in page
    assert "(@loud) Unmute" in page
    assert "(@rude) Unblock" in page
    for url in (f"/threads/{watched.pk}/attention", "/@loud/mute", "/@rude/block"):
        assert f'formaction="{url}?next=' in html


def test_what_was_not_chosen_is_not_listed(member_client, member):
    thread = make_thread(make_paper(title="Only read"))
    ThreadReading.objects.create(member=member, thread=thread, seen_up_to=1)
    blocks.block(member=make_user(), other=member)

    page = words(html_of(member_client, SETTINGS))

    assert page.count("None.") == 4


def test_an_undoing_in_the_settings_undoes_and_comes_back(member_client, member):
    other = make_user("rude")
    blocks.block(member=member, other=other)
    html = html_of(member_client, SETTINGS)
    url = re.search(r'formaction="(/@rude/block[^"]*)"', html)[1]

    response = member_client.post(url, {"block": "off"})

    assert response.url == f"{SETTINGS}#blocked"
    assert not blocks.is_blocked(member=member, other=other)


def test_a_thread_is_muted_from_the_inbox_and_taken_back_there(member_client, member):
    news = make_notification(member)

    for wanted, attention in (("muted", "muted"), ("usual", "")):
        pattern = rf'formaction="([^"]*/attention[^"]*)"\s+name="attention"\s+value="{wanted}"'
        url = re.search(pattern, html_of(member_client))[1]
        assert member_client.post(url, {"attention": wanted}).url == INBOX
        reading = ThreadReading.objects.get(member=member, thread=news.thread)
        assert reading.attention == attention


def test_a_long_list_goes_on_on_pages_of_its_own(member_client, member, monkeypatch):
    monkeypatch.setattr(news_settings, "PAGE_SIZE", 2)
    others = [make_user() for _ in range(3)]
    for other in others:
        blocks.mute(member=member, other=other)

    html = html_of(member_client, SETTINGS)
    more = re.search(r'href="([^"]*list=muted[^"]*)"', html)[1].replace("&amp;", "&")
    rest = words(html_of(member_client, more))

    assert others[0].username not in words(html)
    assert others[0].username in rest
    assert others[1].username not in rest
    assert "Threads you watch" not in rest


def test_a_list_that_there_is_not_is_not_found(member_client):
    assert member_client.get(f"{SETTINGS}?list=secrets").status_code == 404


def test_a_private_thread_that_closed_is_not_named(member_client, member):
    ThreadReading.objects.create(
        member=member, thread=Thread.objects.create(), attention="watching"
    )

    assert "A conversation you no longer have access to" in words(html_of(member_client, SETTINGS))


def test_long_lists_cost_no_more_queries(member_client, member, count_queries):
    def choose():
        ThreadReading.objects.create(member=member, thread=make_thread(), attention="watching")
        blocks.mute(member=member, other=make_user())

    choose()
    few = count_queries(lambda: member_client.get(SETTINGS))
    for _ in range(5):
        choose()

    assert count_queries(lambda: member_client.get(SETTINGS)) == few
