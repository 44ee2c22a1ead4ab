"""The page of a paper, with its thread, for each kind of reader."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from discussions.models import Block, Comment, ThreadReading
from tests.builders import make_authorship, make_paper, make_user
from tests.discussions.builders import make_comment, make_comment_vote

pytestmark = pytest.mark.django_db


def page_of(client, paper, **asked):
    response = client.get(paper.get_absolute_url(), asked)
    assert response.status_code == 200
    return response.content.decode()


def shown(page):
    return [int(pk) for pk in re.findall(r'<article class="comment[^"]*" id="comment-(\d+)"', page)]


def link(page, text):
    found = re.search(rf'href="([^"]+)"[^>]*>{text}', page)
    assert found, f"no link {text}"
    return found[1].replace("&amp;", "&")


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def test_a_paper_that_nobody_spoke_of_invites_a_visitor_to_sign_in(client):
    page = page_of(client, make_paper())

    assert "Sign in to comment" in page
    assert "No comments yet." in page
    assert 'id="write"' not in page


def test_a_member_finds_the_form_above_an_empty_thread(member_client):
    page = page_of(member_client, make_paper())

    assert '<form class="comment-form" id="write"' in page
    assert "No comments yet." in page


def test_each_page_has_a_form_with_a_key_of_its_own(member_client):
    paper = make_paper()
    keys = {
        re.findall(r'name="key" value="([^"]+)"', page_of(member_client, paper))[0] for _ in "ab"
    }

    assert len(keys) == 2


def test_replies_stand_inside_what_they_answer(client):
    top = make_comment()
    reply = make_comment(parent=top)

    page = page_of(client, top.thread.paper)

    assert shown(page) == [top.pk, reply.pk]
    assert page.index(f'id="replies-{top.pk}"') < page.index(f'id="comment-{reply.pk}"')
    assert page.count("</article>") == 2


@pytest.mark.parametrize(
    ("sort", "expected"), [("best", [1, 2, 0]), ("newest", [2, 1, 0]), ("oldest", [0, 1, 2])]
)
def test_comments_stand_in_the_order_asked_for(client, sort, expected):
    paper = make_paper()
    ids = [make_comment(paper=paper, points=points).pk for points in (0.0, 2.0, 1.0)]

    assert shown(page_of(client, paper, sort=sort)) == [ids[place] for place in expected]


@pytest.mark.parametrize("sort", ["best", "newest", "oldest"])
def test_the_parts_of_a_thread_hold_each_comment_once(client, sort):
    paper = make_paper()
    tops = [make_comment(paper=paper, points=number % 3) for number in range(55)]
    for top in tops[:20]:
        make_comment(parent=top)
    url, seen = f"{paper.get_absolute_url()}?sort={sort}", []
    while url:
        page = client.get(url).content.decode()
        seen += shown(page)
        more = re.search(r'id="thread-more">\s*<a class="button"\s+href="([^"]+)"', page)
        url = more and more[1].replace("&amp;", "&").partition("#")[0]

    assert sorted(seen) == sorted(Comment.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    "asked",
    [
        {"after": "x"},
        {"after": "nan_1"},
        {"after": "inf_1"},
        {"after": "1e999_3"},
        {"after": "1_99999999999999999999"},
        {"after": "\0"},
        {"after": "7", "sort": "nonsense"},
        {"after": "1.5_2", "sort": "newest"},
        {"comment": "0"},
        {"comment": "-1"},
        {"comment": "999999"},
        {"comment": "9" * 30},
        {"comment": "²"},
    ],
)
def test_what_makes_no_sense_shows_the_first_page(client, asked):
    comment = make_comment()

    assert shown(page_of(client, comment.thread.paper, **asked)) == [comment.pk]


def test_a_thread_may_be_read_whole(client):
    paper = make_paper()
    for _ in range(60):
        make_comment(paper=paper)

    page = page_of(client, paper)

    assert len(shown(page)) == 50
    whole = client.get(link(page, "Show all 60 at once").partition("#")[0]).content.decode()
    assert len(shown(whole)) == 60


def test_a_branch_deeper_than_eight_folds_behind_a_link(client):
    comment = top = make_comment()
    for _ in range(10):
        comment = make_comment(parent=comment)

    page = page_of(client, top.thread.paper)
    url = link(page, r"Continue this thread \(2\)")

    assert len(shown(page)) == 9
    assert comment.pk in shown(
        client.get(urlsplit(url)._replace(fragment="").geturl()).content.decode()
    )


def test_a_branch_bigger_than_the_page_is_cut_and_goes_on_where_it_was(client):
    top = make_comment()
    replies = [make_comment(parent=top).pk for _ in range(60)]

    page = page_of(client, top.thread.paper, sort="oldest")
    rest = client.get(link(page, "11 more replies").partition("#")[0]).content.decode()

    assert shown(page) == [top.pk, *replies[:49]]
    assert shown(rest) == [top.pk, *replies[49:]]


def test_an_address_with_a_comment_shows_its_branch_of_a_long_thread(client):
    paper = make_paper()
    comment = top = make_comment(paper=paper)
    for _ in range(6):
        comment = make_comment(parent=comment)
    for _ in range(50):
        make_comment(paper=paper, points=9)

    page = page_of(client, paper, comment=comment.pk)

    assert shown(page)[-1] == comment.pk
    assert len(shown(page)) == 4
    assert "3 more above" in page
    assert top.pk in shown(
        client.get(link(page, "3 more above").partition("#")[0]).content.decode()
    )


def test_an_address_with_a_comment_of_a_short_thread_shows_the_whole(client):
    first, second = make_comment(paper=(paper := make_paper())), make_comment(paper=paper)

    assert shown(page_of(client, paper, comment=second.pk)) == [first.pk, second.pk]


def test_a_comment_of_another_thread_is_not_shown(client):
    here, elsewhere = make_comment(), make_comment()

    assert shown(page_of(client, here.thread.paper, comment=elsewhere.pk)) == [here.pk]


def test_what_was_taken_back_leaves_its_place_and_its_replies(client):
    top = make_comment(text="Rash words.", taken_back_at=timezone.now())
    reply = make_comment(parent=top)

    page = page_of(client, top.thread.paper)

    assert "Rash words" not in page
    assert "Deleted by its author." in page
    assert shown(page) == [top.pk, reply.pk]


def test_its_author_may_put_a_comment_back(member, member_client):
    comment = make_comment(author=member, taken_back_at=timezone.now())

    page = page_of(member_client, comment.thread.paper)

    assert f'You deleted this comment. <a href="/comments/{comment.pk}/delete">' in page


def hidden_comment(**fields):
    return make_comment(
        text="Insult.", hidden_at=timezone.now(), hidden_reason="<i>Not civil.</i>", **fields
    )


def test_a_hidden_comment_gives_its_reason_and_no_text(client, member_client):
    paper = hidden_comment().thread.paper

    for reader in (client, member_client):
        page = page_of(reader, paper)
        assert "&lt;i&gt;Not civil.&lt;/i&gt;" in page
        assert "Insult" not in page


def test_moderators_and_its_author_may_unfold_a_hidden_comment(member, member_client):
    paper = hidden_comment(author=member).thread.paper

    assert "Insult" in page_of(member_client, paper)
    assert "Insult" in page_of(client_of(make_user(is_moderator=True)), paper)


def test_a_comment_that_waits_is_there_for_its_author_and_moderators(client, member, member_client):
    comment = make_comment(author=member, held_at=timezone.now())
    paper = comment.thread.paper

    assert shown(page_of(client, paper)) == []
    assert shown(page_of(client_of(make_user()), paper)) == []
    assert shown(page_of(client_of(make_user(is_moderator=True)), paper)) == [comment.pk]
    assert "for a moderator’s approval" in page_of(member_client, paper)


def test_a_block_leaves_the_place_without_name_or_text(member, member_client):
    other = make_user("shunned")
    comment = make_comment(author=other, text="Hear me.")
    reply = make_comment(parent=comment)
    Block.objects.create(member=other, blocked=member)

    page = page_of(member_client, comment.thread.paper)

    assert "Hear me" not in page
    assert "shunned" not in page
    assert shown(page) == [comment.pk, reply.pk]


def test_the_name_of_a_gone_member_is_not_kept(client):
    comment = make_comment()
    Comment.objects.update(author=None)

    assert "A former member" in page_of(client, comment.thread.paper)


def test_badges_say_who_speaks(client):
    submitter, author, moderator = make_user(), make_user(), make_user(is_moderator=True)
    paper = make_paper(submitted_by=submitter)
    make_authorship(paper, claimed_by=author)
    for member in (submitter, author, moderator):
        make_comment(paper=paper, author=member)

    page = page_of(client, paper)

    assert re.findall(r'<b class="badge">(\w+)</b>', page) == ["submitter", "author", "moderator"]


def test_names_and_reasons_are_text(client):
    make_comment(author=make_user(full_name="A & B <b>"), paper=(paper := make_paper()))

    assert "<bdi>A &amp; B &lt;b&gt;</bdi>" in page_of(client, paper)


def test_what_a_member_pressed_is_pressed(member, member_client):
    comment = make_comment(vote_count=1, reaction_counts={"thanks": 2})
    make_comment_vote(comment, member)
    comment.reactions.create(member=member, kind="thanks", made_at=timezone.now())

    page = page_of(member_client, comment.thread.paper)

    assert re.search(rf'id="comment-vote-{comment.pk}"[^>]*value="none" aria-pressed="true"', page)
    assert 'name="remove" value="thanks" aria-pressed="true">Thank you 2<' in page


def test_a_void_vote_is_not_pressed(member, member_client):
    comment = make_comment()
    make_comment_vote(comment, member, voided_at=timezone.now())

    page = page_of(member_client, comment.thread.paper)

    assert re.search(rf'id="comment-vote-{comment.pk}"[^>]*aria-pressed="false"', page)


def test_nobody_is_offered_a_vote_for_their_own_comment(member, member_client):
    comment = make_comment(author=member, vote_count=3)

    page = page_of(member_client, comment.thread.paper)

    assert f'<span class="up" id="comment-vote-{comment.pk}">' in page
    assert f"/comments/{comment.pk}/vote" not in page


def test_what_came_since_the_last_visit_is_marked_and_counted(member, member_client):
    old = make_comment()
    ThreadReading.objects.create(
        member=member, thread=old.thread, seen_up_to=old.pk, seen_at=timezone.now()
    )
    new = make_comment(thread=old.thread)
    make_comment(thread=old.thread, author=member)

    page = page_of(member_client, old.thread.paper)

    assert f'href="#comment-{new.pk}">1 new since your last visit' in page
    assert page.count('<b class="new">') == 1


def test_to_a_first_visit_nothing_is_new(client, member, member_client):
    comment = make_comment()
    ThreadReading.objects.create(member=member, thread=comment.thread, attention="watching")

    for reader in (client, member_client):
        assert "since your last visit" not in page_of(reader, comment.thread.paper)
    assert "Watching" in page_of(member_client, comment.thread.paper)


def test_times_are_in_the_members_zone(client):
    comment = make_comment()
    Comment.objects.update(created_at="2026-01-10T23:30:00Z")
    tokyo = client_of(make_user(time_zone="Asia/Tokyo"))

    assert 'datetime="2026-01-11 08:30+09:00"' in page_of(tokyo, comment.thread.paper)
    assert 'datetime="2026-01-10 23:30+00:00"' in page_of(client, comment.thread.paper)


def test_a_page_knows_the_newest_comment_of_a_thread_that_it_shows_in_part(client):
    paper = make_paper()
    for _ in range(60):
        newest = make_comment(paper=paper)

    assert f'data-newest="{newest.pk}"' in page_of(client, paper, sort="oldest")


def test_a_comment_of_a_closed_thread_is_on_no_papers_page(member_client, club):
    secret = make_comment(thread=club.thread, text="Between us.")
    comment = make_comment()

    page = page_of(member_client, comment.thread.paper, comment=secret.pk)

    assert shown(page) == [comment.pk]
    assert "Between us" not in page


def test_a_long_thread_costs_no_more_queries_than_a_short_one(member, count_queries):
    paper = make_paper(submitted_by=make_user())
    make_authorship(paper, claimed_by=make_user())
    reader = client_of(member)
    top = make_comment(paper=paper)
    short = count_queries(lambda: page_of(reader, paper))
    for _ in range(80):
        make_comment(parent=make_comment(parent=top), author=member)

    pages = [{}, {"all": "1"}, {"sort": "newest"}, {"comment": str(top.pk)}]
    long = [count_queries(lambda asked=asked: page_of(reader, paper, **asked)) for asked in pages]

    assert max(short, *long) <= 14, (short, long)
    assert max(long) <= short
