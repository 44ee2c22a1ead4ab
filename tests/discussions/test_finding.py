"""Comments outside their threads: the latest, and a member's own page."""

from __future__ import annotations

import pytest
from django.utils import timezone

from discussions.blocks import blocks
from discussions.latest import page as latest_page
from tests.builders import make_paper, make_user
from tests.discussions.builders import make_comment, make_thread

pytestmark = pytest.mark.django_db

LATEST = "/comments"


def page_of(client, url=LATEST):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def comments_of(member):
    return f"/@{member.username}/comments"


# The latest comments ---------------------------------------------------------------------------


def test_the_latest_comment_comes_first(client):
    make_comment(text="Said first.")
    make_comment(text="Said last.")

    page = page_of(client)

    assert page.index("Said last.") < page.index("Said first.")


def test_a_comment_names_its_author_its_paper_and_its_place(client):
    author = make_user("ada", full_name="Ada Lovelace")
    comment = make_comment(paper=make_paper("2401.12345", title="On engines"), author=author)

    page = page_of(client)

    assert '<a class="name" href="/@ada"><bdi>Ada Lovelace</bdi></a>' in page
    assert '<a class="place" href="/papers/2401.12345">On engines</a>' in page
    assert f'href="/comments/{comment.pk}"' in page


@pytest.mark.parametrize("moment", ["taken_back_at", "hidden_at", "held_at"])
def test_what_does_not_stand_is_not_shown(client, moment):
    make_comment(text="Not for show.", **{moment: timezone.now()})

    assert "Not for show." not in page_of(client)


def test_a_private_comment_is_not_among_the_latest_even_for_its_readers(member_client, club):
    make_comment(thread=club.thread, text="Between us.")

    assert "Between us." not in page_of(member_client)


def test_people_kept_apart_do_not_meet_among_the_latest(member, member_client):
    other = make_user()
    make_comment(author=other, text="Said by the other.")

    blocks.block(member=other, other=member)

    assert "Said by the other." not in page_of(member_client)


def test_a_comment_of_a_closed_account_has_no_link_to_a_profile(client):
    make_comment(author=make_user("gone", full_name="Gone Away", is_active=False))

    page = page_of(client)

    assert "Gone Away" in page
    assert 'href="/@gone"' not in page


def test_a_comment_outlives_its_author_s_account(client):
    comment = make_comment(text="Still here.")
    comment.author.delete()

    page = page_of(client)

    assert "Still here." in page
    assert "A former member" in page


def test_pages_follow_each_other_without_gap_or_overlap(client, monkeypatch):
    monkeypatch.setattr(latest_page, "PAGE_SIZE", 2)
    paper = make_paper()
    made = [make_comment(paper=paper, author=paper.submitted_by).pk for _ in range(5)]

    seen, before = [], None
    while True:
        page = latest_page.latest_comments(make_user(), before=before)
        seen += [found.comment.pk for found in page.found]
        if (before := page.older) is None:
            break

    assert seen == made[::-1]


def test_a_full_page_leads_to_older_comments(client, monkeypatch):
    monkeypatch.setattr(latest_page, "PAGE_SIZE", 1)
    make_comment(text="The older one.")
    newer = make_comment()

    assert f'href="/comments?before={newer.pk}" rel="next"' in page_of(client)
    assert "The older one." in page_of(client, f"{LATEST}?before={newer.pk}")


@pytest.mark.parametrize("before", ["", "x", "-1", "1e3", "٣", "9" * 30, "1 or 1=1"])
def test_a_page_that_begins_nowhere_is_not_found(client, before):
    assert client.get(LATEST, {"before": before}).status_code == 404


def test_without_comments_the_page_says_what_to_do(client):
    page = page_of(client)

    assert "Nobody has commented yet" in page
    assert 'href="/papers"' in page


def test_beyond_the_oldest_comment_the_page_says_so(client):
    assert "No older comments" in page_of(client, f"{LATEST}?before=1")


@pytest.mark.parametrize("kind", ["client", "member_client"])
def test_more_comments_cost_no_more_queries(request, kind, count_queries):
    client = request.getfixturevalue(kind)
    make_comment()
    few = count_queries(lambda: page_of(client))
    for _ in range(10):
        make_comment(parent=make_comment())

    assert count_queries(lambda: page_of(client)) == few


def test_the_page_names_its_feed(client):
    assert 'type="application/atom+xml"' in page_of(client)


# A member's comments -----------------------------------------------------------------------------


def test_a_member_s_page_has_their_comments_and_no_others(client):
    ada = make_user()
    make_comment(author=ada, text="By Ada.")
    make_comment(text="By somebody else.")

    page = page_of(client, comments_of(ada))

    assert "By Ada." in page
    assert "By somebody else." not in page


def test_private_comments_are_for_those_who_may_read_them(client, member, member_client, club):
    make_comment(thread=club.thread, author=member, text="Between us.")

    assert "Between us." not in page_of(client, comments_of(member))
    page = page_of(member_client, comments_of(member))
    assert "Between us." in page
    assert '<a class="place" href="/club">The &lt;club&gt;</a>' in page


def test_a_private_thread_without_a_place_is_left_out(member, member_client, club, monkeypatch):
    make_comment(thread=club.thread, author=member, text="Nowhere.")
    monkeypatch.setattr(club, "places", lambda thread_ids: {})

    assert "Nowhere." not in page_of(member_client, comments_of(member))


def test_people_kept_apart_find_nothing_on_each_other_s_page(member, member_client):
    other = make_user()
    make_comment(author=other, text="Said by the other.")

    blocks.block(member=member, other=other)

    assert "Said by the other." not in page_of(member_client, comments_of(other))


@pytest.mark.parametrize(
    "state", [{"is_active": False}, {"is_active": False, "closed_at": "2026-01-01T00:00Z"}]
)
def test_a_suspended_or_closed_member_has_no_page_of_comments(client, state):
    ada = make_user(**state)
    make_comment(author=ada)

    assert client.get(comments_of(ada)).status_code == 404


def test_nobody_s_page_is_not_found(client):
    assert client.get("/@nobody/comments").status_code == 404


def test_a_name_written_otherwise_leads_to_the_page(client):
    make_user("ada-lace")

    assert client.get("/@ADA_Lace/comments").url == "/@ada-lace/comments"


def test_who_has_not_commented_is_told_how(member, member_client):
    assert "You have not commented yet" in page_of(member_client, comments_of(member))


def test_nothing_to_read_is_said_in_the_same_words_to_everybody(client, member, member_client):
    other = make_user()
    blocks.block(member=other, other=member)

    for reader in (client, member_client):
        assert "No comments yet" in page_of(reader, comments_of(other))


@pytest.mark.parametrize("kind", ["client", "member_client"])
def test_more_of_a_member_s_comments_cost_no_more_queries(request, kind, count_queries):
    client, ada = request.getfixturevalue(kind), make_user()
    make_comment(author=ada)
    few = count_queries(lambda: page_of(client, comments_of(ada)))
    for _ in range(10):
        make_comment(author=ada)

    assert count_queries(lambda: page_of(client, comments_of(ada))) == few


# On the profile ----------------------------------------------------------------------------------


def test_a_profile_shows_the_latest_five_and_leads_to_all(client):
    ada = make_user("ada")
    made = [make_comment(author=ada).pk for _ in range(6)]

    page = page_of(client, "/@ada")

    assert [pk for pk in made if f"/comments/{pk}" in page] == made[1:]
    assert 'href="/@ada/comments"' in page


def test_a_profile_shows_how_each_comment_begins(client):
    comment = make_comment(text=r"Is $\alpha$ < 2?" + "\n\n**Yes**.\n\n" + "So.\n\n" * 99)

    page = client.get(comment.author.get_absolute_url()).content.decode()

    assert "Is α &lt; 2? Yes. So." in page
    assert "So. " * 60 not in page


def test_a_profile_says_why_it_shows_nothing_of_whom_one_blocked(client, member, member_client):
    comment = make_comment(text="Words.")
    blocks.block(member=member, other=comment.author)
    client.force_login(comment.author)

    theirs, own = comment.author.get_absolute_url(), member.get_absolute_url()

    assert "You blocked this member" in page_of(member_client, theirs)
    assert "You blocked" not in page_of(client, own)


def test_a_profile_without_comments_has_no_such_section(client):
    assert "All comments by" not in page_of(client, make_user().get_absolute_url())


def test_a_profile_s_comments_cost_no_more_queries_as_they_grow(client, count_queries):
    ada = make_user("ada")
    make_comment(author=ada)
    few = count_queries(lambda: page_of(client, "/@ada"))
    for _ in range(10):
        make_comment(author=ada, thread=make_thread())

    assert count_queries(lambda: page_of(client, "/@ada")) == few
