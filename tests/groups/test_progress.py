"""How far members are: their own, unless they share it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.meeting.progress import progress
from groups.meeting.progress.progress import _matched
from groups.models import CommentPlace, Membership, Progress, Section
from tests.builders import make_user
from tests.discussions.builders import make_comment
from tests.groups.builders import make_membership, make_rsvp
from tests.groups.conftest import client_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def sections(meeting, owner):
    return progress.set_sections(meeting=meeting, by=owner, titles=["One", "Two", "Three"])


def test_an_organiser_names_the_sections(owner_client, meeting):
    url = f"{meeting.get_absolute_url()}/sections"
    owner_client.post(url, {"titles": "One\n\n  Two  \n"})

    assert [(each.position, each.title) for each in meeting.sections.all()] == [
        (1, "One"), (2, "Two"),
    ]  # fmt: skip
    assert "One\nTwo" in owner_client.get(url).text


@pytest.mark.parametrize("titles", ["x" * 201, "\n".join(str(at) for at in range(61))])
def test_too_long_a_list_of_sections_is_refused(owner_client, meeting, titles):
    url = f"{meeting.get_absolute_url()}/sections"

    assert owner_client.post(url, {"titles": titles}).status_code == 422
    assert not Section.objects.exists()


def test_a_section_that_moves_keeps_who_has_read_it(meeting, owner, sections):
    one, two, three = sections
    again = progress.set_sections(meeting=meeting, by=owner, titles=["Three", "One", "Two"])

    assert [each.pk for each in again] == [three.pk, one.pk, two.pk]


def test_a_new_title_is_of_the_same_section(meeting, owner, sections):
    comment = make_comment(thread=meeting.thread)
    CommentPlace.objects.create(comment=comment, section=sections[1])
    progress.set_sections(meeting=meeting, by=owner, titles=["One", "Second", "Three"])

    assert CommentPlace.objects.get().section.title == "Second"


def test_a_section_that_is_gone_leaves_the_others(meeting, owner, sections):
    again = progress.set_sections(meeting=meeting, by=owner, titles=["One", "Three"])

    assert [each.pk for each in again] == [sections[0].pk, sections[2].pk]


@given(
    old=st.lists(st.sampled_from("abcd"), max_size=6),
    new=st.lists(st.sampled_from("abcd"), max_size=6),
)
def test_each_section_is_kept_once_and_titles_that_stay_are_kept(old, new):
    places = _matched(old, new)
    kept = [place for place in places if place is not None]

    assert len(kept) == len(set(kept))
    for title in set(old) & set(new):
        stays = min(old.count(title), new.count(title))
        same = [at for at, place in enumerate(places) if new[at] == title and place is not None]
        assert len(same) >= stays


def test_a_member_says_how_far_they_are(member_client, meeting, sections):
    url = f"{meeting.get_absolute_url()}/progress"
    member_client.post(url, {"state": "none", "sections": [sections[0].pk], "folds_ahead": "on"})

    own = Progress.objects.get()
    assert (own.state, own.sections_read) == ("reading", [sections[0].pk])
    membership = Membership.objects.get(member=own.member)
    assert membership.folds_ahead
    assert not membership.shares_progress


def test_all_sections_are_the_whole(meeting, sections):
    member = make_user()
    progress.set_progress(
        meeting=meeting, member=member, state="reading", section_ids=[s.pk for s in sections]
    )

    assert Progress.objects.get().state == "read"


def test_who_starts_over_has_not_begun(meeting, sections):
    member = make_user()
    for state in ("read", "none"):
        progress.set_progress(meeting=meeting, member=member, state=state)

    assert not Progress.objects.exists()


@pytest.mark.parametrize("data", [{}, {"state": "dreaming"}, {"state": "read", "sections": ["x"]}])
def test_nonsense_is_refused(member_client, meeting, sections, data):
    response = member_client.post(f"{meeting.get_absolute_url()}/progress", data)

    assert response.status_code == 422
    assert not Progress.objects.exists()


def test_saying_so_in_place_shows_the_panel(member_client, meeting):
    response = member_client.post(
        f"{meeting.get_absolute_url()}/progress",
        {"state": "read", "shares_progress": "on"},
        headers={"HX-Request": "true"},
    )

    assert 'id="progress"' in response.text
    assert "1 of the 1 who share their progress has read it" in " ".join(response.text.split())


def test_only_what_is_shared_is_counted(member_client, group, meeting, sections):
    for shares, state, read in [
        (True, "read", []), (True, "reading", [sections[0].pk]), (False, "read", []),
    ]:  # fmt: skip
        member = make_membership(group, shares_progress=shares).member
        Progress.objects.create(meeting=meeting, member=member, state=state, sections_read=read)
    make_membership(group, shares_progress=True)

    found = progress.group_progress(meeting, sections)
    assert (found.sharing_count, found.read_count, found.begun_count) == (3, 1, 1)
    assert [each.read_count for each in found.sections] == [2, 1, 1]
    page = " ".join(member_client.get(meeting.get_absolute_url()).text.split())
    assert "1 of the 3 who share their progress have read it" in page


@pytest.mark.parametrize("reader", ["client", "outsider_client"])
@pytest.mark.parametrize("tail", ["", "/meetings/{day}"])
def test_what_is_shared_is_shared_with_the_group(reader, tail, request, meeting):
    member = make_membership(meeting.group, shares_progress=True).member
    progress.set_progress(meeting=meeting, member=member, state="read")
    url = f"{meeting.group.get_absolute_url()}{tail.format(day=meeting.occurs_on)}"
    page = request.getfixturevalue(reader).get(url)

    assert page.status_code == 200
    assert not re.search(r"ha(s|ve) read it", page.text)


def test_nobody_sees_how_far_one_is_who_does_not_share(owner_client, group, meeting):
    quiet = make_membership(group, make_user("quiet")).member
    make_rsvp(meeting, quiet)

    assert quiet not in progress.to_nudge(meeting)
    assert "Come and have not begun" not in owner_client.get(meeting.get_absolute_url()).text


def test_organisers_see_who_comes_and_has_not_begun(owner_client, group, meeting):
    lazy, busy = (make_membership(group, shares_progress=True).member for _ in range(2))
    for each in (lazy, busy):
        make_rsvp(meeting, each)
    Progress.objects.create(meeting=meeting, member=busy, state="reading")
    member = make_membership(group).member

    assert progress.to_nudge(meeting) == [lazy]
    assert "Attending, but not started: 1" in owner_client.get(meeting.get_absolute_url()).text
    text = client_for(member).get(meeting.get_absolute_url()).text
    assert "Come and have not begun" not in text
