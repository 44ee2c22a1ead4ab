"""Minutes: the last to write wins, nothing is lost, and everybody is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from common.refusals import Refused
from common.rendered_text import render_slice
from groups.meeting.minutes import minutes as keeping
from groups.models import Minutes, MinutesRevision
from tests.builders import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return make_user("ana", full_name="Ana P.")


@pytest.fixture
def ben():
    return make_user("ben", full_name="Ben Q.")


def save(meeting, editor, text, base=0):
    return keeping.save(meeting=meeting, editor=editor, text=text, base_version=base)


def texts(meeting):
    rows = MinutesRevision.objects.filter(minutes_id=meeting.pk).order_by("number")
    return [row.text for row in rows]


def test_minutes_are_rendered_when_they_are_saved(meeting, ana):
    save(meeting, ana, "**Agreed**: we read on.")

    assert "<strong>Agreed</strong>" in Minutes.objects.get(meeting=meeting).html


def test_what_one_member_types_at_a_sitting_is_one_revision(meeting, ana):
    first = save(meeting, ana, "We")
    second = save(meeting, ana, "We read", first.version)
    save(meeting, ana, "We read on", second.version)

    assert texts(meeting) == ["We read on"]


def test_a_sitting_ends_five_minutes_after_it_began(meeting, ana):
    first = save(meeting, ana, "We")
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        save(meeting, ana, "We read", first.version)

    assert texts(meeting) == ["We", "We read"]


def test_another_member_begins_a_revision_of_their_own(meeting, ana, ben):
    first = save(meeting, ana, "We")
    save(meeting, ben, "We read", first.version)

    assert texts(meeting) == ["We", "We read"]


def test_a_save_over_newer_text_wins_and_says_whose_it_was(meeting, ana, ben):
    save(meeting, ana, "Written by Ana")
    saved = save(meeting, ben, "Written by Ben", 0)

    assert Minutes.objects.get(meeting=meeting).text == "Written by Ben"
    assert saved.words == "Ana P. saved another version in the meantime. It is in the history."
    assert texts(meeting) == ["Written by Ana", "Written by Ben"]


def test_a_save_on_the_newest_text_says_nothing_of_others(meeting, ana, ben):
    first = save(meeting, ana, "One")

    assert save(meeting, ben, "One, two", first.version).words == ""


def test_two_who_type_over_each_other_keep_one_revision_each(meeting, ana, ben):
    a, b = save(meeting, ana, "a"), save(meeting, ben, "b")
    for number in range(5):
        a = save(meeting, ana, f"a{number}", a.version)
        b = save(meeting, ben, f"b{number}", b.version)

    assert texts(meeting) == ["a4", "b4"]


def test_two_windows_of_one_member_lose_nothing(meeting, ana):
    first = save(meeting, ana, "One")
    save(meeting, ana, "One, in this window", first.version)
    saved = save(meeting, ana, "One, in that window", first.version)

    assert texts(meeting) == ["One, in this window", "One, in that window"]
    assert saved.words.startswith("You saved another version")


def test_the_same_text_is_no_new_version(meeting, ana, ben):
    first = save(meeting, ana, "One")

    assert save(meeting, ben, "One\n", 0).version == first.version
    assert Minutes.objects.get(meeting=meeting).updated_by == ana


def test_minutes_may_be_emptied_and_what_they_said_is_kept(meeting, ana, ben):
    first = save(meeting, ana, "One")
    save(meeting, ben, "", first.version)

    assert Minutes.objects.get(meeting=meeting).html == ""
    assert texts(meeting) == ["One", ""]


def test_markup_in_minutes_is_text(meeting, ana):
    save(meeting, ana, "<script>alert(1)</script><img src=x onerror=alert(2)>")

    html = Minutes.objects.get(meeting=meeting).html
    assert "<script" not in html
    assert "<img" not in html


def test_what_markdown_refuses_is_kept_as_it_was_typed(meeting, ana):
    save(meeting, ana, "> " * 30 + "deep")

    assert "&gt; &gt;" in Minutes.objects.get(meeting=meeting).html


def test_minutes_that_are_too_long_are_refused_with_their_length(meeting, ana):
    with pytest.raises(Refused, match="these have 20,001"):
        save(meeting, ana, "x" * 20_001)
    assert not Minutes.objects.filter(version__gt=0).exists()


def test_an_earlier_text_is_restored_as_a_new_revision(meeting, ana, ben):
    first = save(meeting, ana, "One")
    save(meeting, ben, "Two", first.version)

    keeping.restore(meeting=meeting, editor=ben, number=first.version)

    assert Minutes.objects.get(meeting=meeting).text == "One"
    assert texts(meeting) == ["One", "Two", "One"]


def test_the_history_compares_each_text_with_the_one_before(meeting, ana, ben):
    first = save(meeting, ana, "We read on")
    save(meeting, ben, "We do read on", first.version)

    newest, oldest = keeping.history_of(meeting).revisions

    assert [(piece.kind, piece.text) for piece in newest.pieces] == [
        ("kept", "We"), ("added", " do"), ("kept", " read on"),
    ]  # fmt: skip
    assert [piece.kind for piece in oldest.pieces] == ["kept"]
    assert newest.is_current
    assert not oldest.is_current


def test_a_long_history_comes_in_pages_that_do_not_overlap(meeting, ana, ben):
    base = 0
    for number in range(25):
        base = save(meeting, (ana, ben)[number % 2], f"text {number}", base).version

    numbers, below = [], None
    for _ in range(3):
        page = keeping.history_of(meeting, below=below)
        numbers += [revision.number for revision in page.revisions]
        below = page.older
    assert numbers == list(range(25, 0, -1))
    assert below is None


def test_minutes_of_an_older_renderer_are_rendered_anew(meeting, ana):
    save(meeting, ana, "*now*")
    Minutes.objects.update(html="then", rendered_with=0)

    assert (render_slice(Minutes), render_slice(Minutes)) == (1, 0)
    assert "<em>now</em>" in Minutes.objects.get().html


def test_tasks_that_are_not_done_are_found():
    text = "## Actions\n- [ ] Ask **Rui** for code\n- [x] Done\n  1. [ ] Book a room\nno - [ ] task"

    assert keeping.open_tasks(text) == ["Ask Rui for code", "Book a room"]


def test_the_line_of_the_template_is_no_task():
    template = "- [ ] Who does what, by when"

    assert keeping.open_tasks(f"{template}\n- [ ] Ask Rui", template=template) == ["Ask Rui"]
