"""Atom feeds: well-formed whatever was typed, public comments only, and cheap to ask again."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import defusedxml.ElementTree as SafeET
import pytest
from django.utils import timezone
from django.utils.html import escape
from django.utils.http import http_date
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from common.text import NOT_XML
from discussions.latest import feeds
from discussions.models import Comment, Thread
from papers.models import Paper
from tests.builders import make_paper, make_user
from tests.discussions.builders import make_comment

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
LATEST = "/comments.atom"


def url_of(thread):
    return f"/threads/{thread.pk}.atom"


def feed_of(client, url=LATEST):
    response = client.get(url)
    assert response.status_code == 200
    return SafeET.fromstring(response.content)


def entries_of(client, url=LATEST):
    return feed_of(client, url).findall(f"{ATOM}entry")


def text_of(element, name):
    return element.findtext(f"{ATOM}{name}")


def test_an_entry_says_who_said_what_of_which_paper(client):
    author = make_user("ada", full_name="Ada Lovelace")
    make_comment(paper=make_paper(title="On engines"), author=author, html="<p>Yes &amp; no.</p>")

    [entry] = entries_of(client)

    assert text_of(entry, "title") == "Ada Lovelace on “On engines”"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ada Lovelace"
    content = entry.find(f"{ATOM}content")
    assert (content.get("type"), content.text) == ("html", "<p>Yes &amp; no.</p>")


@pytest.mark.parametrize("has_comments", [True, False])
def test_a_feed_has_what_the_standard_requires(client, has_comments):
    thread = make_comment().thread
    if not has_comments:
        Comment.objects.all().delete()

    for url in (LATEST, url_of(thread)):
        feed = feed_of(client, url)
        for element in [feed, *feed.findall(f"{ATOM}entry")]:
            for name in ("id", "title", "updated"):
                assert len(element.findall(f"{ATOM}{name}")) == 1
            assert urlsplit(text_of(element, "id")).scheme
            assert text_of(element, "title").strip()
            assert datetime.fromisoformat(text_of(element, "updated")).tzinfo
        for entry in feed.findall(f"{ATOM}entry"):
            assert entry.findtext(f"{ATOM}author/{ATOM}name").strip()


def test_a_feed_names_itself_and_its_page_on_this_site(client, settings):
    settings.SITE_URL = "https://octavo.example.org"
    comment = make_comment(paper=make_paper("2401.12345"))

    feed = feed_of(client, url_of(comment.thread))

    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {
        "alternate": "https://octavo.example.org/papers/2401.12345",
        "self": f"https://octavo.example.org/threads/{comment.thread_id}.atom",
    }
    [entry] = feed.findall(f"{ATOM}entry")
    assert text_of(entry, "id") == f"https://octavo.example.org/comments/{comment.pk}"


def test_no_address_comes_from_the_host_that_was_asked_for(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    make_comment()

    response = client.get(LATEST, headers={"Host": "evil.example"})

    assert b"evil.example" not in response.content


@pytest.mark.parametrize("moment", ["taken_back_at", "hidden_at", "held_at"])
def test_what_does_not_stand_is_not_fed(client, moment):
    comment = make_comment(**{moment: timezone.now()})

    assert entries_of(client) == []
    assert entries_of(client, url_of(comment.thread)) == []


def test_a_private_thread_has_no_feed_and_is_in_none(client, member_client):
    private = make_comment(thread=Thread.objects.create())

    assert client.get(url_of(private.thread)).status_code == 404
    assert member_client.get(url_of(private.thread)).status_code == 404
    assert entries_of(client) == []


def test_a_private_thread_s_feed_answers_as_one_that_is_not_there(client):
    private = make_comment(thread=Thread.objects.create()).thread

    one, other = (client.get(f"/threads/{pk}.atom").content for pk in (private.pk, 987_654))

    assert one.replace(f"/{private.pk}.".encode(), b"/987654.") == other


def test_a_thread_s_feed_has_that_thread_only(client):
    comment = make_comment()
    make_comment()

    assert len(entries_of(client, url_of(comment.thread))) == 1


def test_a_feed_ends_after_fifty_of_the_latest(client):
    paper, author = make_paper(), make_user()
    made = [make_comment(paper=paper, author=author).pk for _ in range(52)]

    ids = [text_of(entry, "id").rpartition("/")[2] for entry in entries_of(client)]

    assert ids == [str(pk) for pk in made[:1:-1]]


def test_links_within_the_site_are_spelled_out(client, settings):
    settings.SITE_URL = "https://octavo.example.org"
    comment = make_comment(
        html='<p><a href="/@ada">@ada</a> <a title="&gt;" href="#fn1">1</a> href="/x</p>'
    )

    [entry] = entries_of(client)

    assert text_of(entry, "content") == (
        '<p><a href="https://octavo.example.org/@ada">@ada</a> <a title="&gt;"'
        f' href="https://octavo.example.org/comments/{comment.pk}#fn1">1</a> href="/x</p>'
    )


def test_an_edit_moves_the_date_of_entry_and_feed(client):
    edited_at = timezone.now() + timedelta(hours=1)
    make_comment(edited_at=edited_at.replace(microsecond=0))

    feed = feed_of(client)

    assert datetime.fromisoformat(text_of(feed, "updated")) == edited_at.replace(microsecond=0)


def test_the_author_of_a_closed_account_is_named_without_a_link(client):
    make_comment(author=make_user(full_name="Gone Away", is_active=False))

    [entry] = entries_of(client)

    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Gone Away"
    assert entry.find(f"{ATOM}author/{ATOM}uri") is None


def test_a_comment_without_author_is_a_former_member_s(client):
    make_comment().author.delete()

    [entry] = entries_of(client)

    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "A former member"


# Asking again ------------------------------------------------------------------------------------


def test_a_feed_that_did_not_change_is_not_sent_again(client, monkeypatch):
    make_comment()
    answer = client.get(LATEST)
    monkeypatch.setattr(feeds.CommentFeed, "write", lambda self: pytest.fail("written"))

    again = client.get(LATEST, headers={"If-None-Match": answer.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


CHANGES = {
    "a new comment": lambda comment: make_comment(parent=comment),
    "an edit": lambda comment: Comment.objects.update(
        edited_at=timezone.now(), revision_count=1, html="<p>Else.</p>"
    ),
    "another edit in that second": lambda comment: Comment.objects.update(revision_count=2),
    "a taking back": lambda comment: Comment.objects.update(taken_back_at=timezone.now()),
    "another name": lambda comment: User.objects.update(full_name="Somebody Else"),
    "another title": lambda comment: Paper.objects.update(title_text="Another title"),
    "another renderer": lambda comment: Comment.objects.update(rendered_with=99),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_a_feed_changes_its_tag(client, change):
    comment = make_comment()
    tag = client.get(LATEST).headers["ETag"]

    change(comment)

    assert client.get(LATEST, headers={"If-None-Match": tag}).status_code == 200


def test_a_date_does_not_keep_a_copy_of_what_was_hidden(client):
    comment = make_comment()
    assert "Last-Modified" not in client.get(LATEST).headers
    Comment.objects.filter(pk=comment.pk).update(hidden_at=timezone.now())

    now = http_date(timezone.now().timestamp())

    assert client.get(LATEST, headers={"If-Modified-Since": now}).status_code == 200


def test_more_comments_cost_no_more_queries(client, count_queries):
    thread = make_comment().thread
    few = [count_queries(lambda url=url: client.get(url)) for url in (LATEST, url_of(thread))]
    for _ in range(10):
        make_comment(thread=thread)

    assert [count_queries(lambda: client.get(LATEST)), few] == [1, [1, 2]]
    assert count_queries(lambda: client.get(url_of(thread))) == 2


# Hostile text ------------------------------------------------------------------------------------

HOSTILE = [
    "\x01\x08\x0b\x0c\x1f\x7f\x85",
    "\ufffe\uffff\U0001ffff",
    "]]><x/>",
    "</title><script>alert(1)</script>",
    "<!DOCTYPE x [<!ENTITY a 'b'>]>&a;",
    "\u202eevil\u202c \u200d\u2066",
    "&#0;&#x1;&amp;&",
    "<?xml version='1.0'?><?php ?>",
    "<![CDATA[",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_title_or_text_leaves_the_feed_whole(client, text):
    comment = make_comment(html=f"<p>{text}</p>")
    User.objects.update(full_name=text)
    Paper.objects.update(title_text=text)

    for url in (LATEST, url_of(comment.thread)):
        feed = feed_of(client, url)
        [entry] = feed.findall(f"{ATOM}entry")
        expected = NOT_XML.sub("\ufffd", text)
        assert text_of(entry, "content") == f"<p>{expected}</p>"
        assert text_of(entry, "title") == f"{expected} on “{expected}”"
        assert {child.tag for child in entry} == {
            ATOM + name
            for name in ("title", "link", "published", "updated", "author", "id", "content")
        }


@given(st.text())
def test_any_text_is_fit_for_xml(text):
    fit = feeds._xml_text(text)

    parsed = SafeET.fromstring(f"<a>{escape(fit)}</a>".encode())

    # What XML itself does to the ends of lines.
    assert (parsed.text or "") == fit.replace("\r\n", "\n").replace("\r", "\n")


def test_feeds_are_sent_as_atom(client):
    comment = make_comment()

    for url in (LATEST, url_of(comment.thread)):
        assert client.get(url).headers["Content-Type"].startswith("application/atom+xml")
