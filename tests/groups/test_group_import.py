"""A group out of a file: all that was in it, or a message and nothing."""

from __future__ import annotations

import copy
import json
import tarfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from groups.models import Attendance, Group, LogEntry, Meeting, Membership, Rsvp, Seat, Slip
from groups.transfer import group_json, importing, snapshot
from groups.transfer.group_json import GroupFileError
from papers.models import Paper
from tests.builders import make_user
from tests.data import data_folder
from tests.groups.full_groups import COMING, make_full_group

pytestmark = pytest.mark.django_db

# What an import says that it leaves behind: moments of the export, people, and their votes.
LEFT_BEHIND = {"exported_at", "counts", "people", "slug", "asked_by", "nominated_by"}
LEFT_BEHIND |= {"would_present"}


@pytest.fixture
def exported():
    return json.loads(group_json.write(snapshot.take(make_full_group())))


def as_bytes(value):
    return json.dumps(value).encode()


def import_from(value, *, slug="copy", importer=None):
    file = importing.read(as_bytes(value))
    imported = importing.import_group(file=file, importer=importer or make_user(), slug=slug)
    return imported.group


def without(value, names):
    if isinstance(value, dict):
        return {key: without(each, names) for key, each in value.items() if key not in names}
    return [without(each, names) for each in value] if isinstance(value, list) else value


def changed(value, path, new):
    """Return a copy in which one place says something else."""
    value = copy.deepcopy(value)
    place = value
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = new
    return value


def test_a_group_survives_its_way_out_and_in(exported):
    group = import_from(exported)

    again = json.loads(group_json.write(snapshot.take(group)))

    assert without(again, LEFT_BEHIND) == without(exported, LEFT_BEHIND)


def test_the_second_way_changes_nothing_more(exported):
    once = json.loads(group_json.write(snapshot.take(import_from(exported))))
    twice = json.loads(group_json.write(snapshot.take(import_from(once, slug="copy-two"))))

    assert without(twice, LEFT_BEHIND) == without(once, LEFT_BEHIND)


def test_nobody_becomes_a_member_but_the_importer(exported):
    importer = make_user()

    group = import_from(exported, importer=importer)

    [membership] = Membership.objects.filter(group=group)
    assert (membership.member, membership.role) == (importer, "owner")
    for rows in (Seat, Attendance, Rsvp):
        assert not rows.objects.filter(meeting__group=group).exists()
    assert not Slip.objects.filter(ballot__meeting__group=group, member__isnull=False).exists()


def test_names_of_people_are_kept_in_the_log(exported):
    exported["people"][0]["name"] = "Ada Lovelace"
    name = exported["people"][0]["username"]
    exported["meetings"][0]["seats"] = [{"kind": "Presenter", "member": name}]

    group = import_from(exported)

    noted = LogEntry.objects.get(group=group, kind="imported", meeting__occurs_on="2026-01-01")
    assert "Presenter: Ada Lovelace" in noted.words


def test_a_paper_that_is_not_here_is_kept_by_its_title(exported):
    paper = exported["meetings"][0]["papers"][0]
    paper |= {"id": "1706.03762", "title": "Attention is all you need"}

    meeting = import_from(exported).meetings.get(occurs_on="2026-01-01")

    assert meeting.title == "Attention is all you need (1706.03762)"
    assert not meeting.papers.exists()
    assert not Paper.objects.filter(external_id="1706.03762").exists()


def test_a_ballot_whose_paper_is_not_here_is_left_out(exported):
    for nomination in exported["nominations"]:
        nomination["paper"]["id"] = "1706.03762"
    standing = [each for each in exported["nominations"] if each["state"] == "standing"]
    assert len(standing) == 1

    group = import_from(exported)

    assert not group.nominations.exists()
    assert not Meeting.objects.filter(group=group, ballot__isnull=False).exists()


def test_what_is_over_stays_over_and_what_comes_begins_anew(exported):
    exported["meetings"][-1]["phase"] = "voting"

    group = import_from(exported)

    held = group.meetings.get(occurs_on="2026-01-01")
    coming = group.meetings.get(occurs_on=COMING)
    assert (held.phase, held.due_at) == ("held", None)
    assert coming.phase == "planned"
    assert coming.due_at == coming.nominations_open_at


LIES = [
    (["format"], "other", "This is not an exported group"),
    (["version"], 2, "version: We read version 1, and the file has 2"),
    (["version"], True, "version: We read version 1"),
    (["version"], "1", "version: We read version 1"),
    (["surprise"], 1, "“surprise” is not a known field"),
    (["group", "name"], "", "group.name: It is empty"),
    (["group", "name"], 7, "group.name: A text was expected"),
    (["group", "name"], "a\0b", "group.name: It has an invalid character"),
    (["group", "name"], "\ud800", "group.name: It has an invalid character"),
    (["group", "name"], "x" * 81, "group.name: 81 characters are more than the 80"),
    (["group", "visibility"], "secret", "group.visibility: “secret” is none of"),
    (["group", "join_url"], "javascript:alert(1)", "group.join_url: “javascript:alert(1)”"),
    (["group", "join_url"], "https://a.example@b.example/", "group.join_url: “https://a"),
    (["group", "capacity"], 0, "group.capacity: A number from 1"),
    (["group", "capacity"], 10**30, "group.capacity: A number up to 100,000"),
    (["group", "capacity"], 1.5, "group.capacity: A whole number was expected"),
    (["group", "topics"], "cs.LG", "group.topics: A list was expected"),
    (["group", "description"], "x" * 10_001, "group.description: 10,001 characters"),
    (["cycle"], [], "cycle: An object was expected"),
    (["cycle", "hides_results"], 1, "cycle.hides_results: True or false was expected"),
    (["cycle", "ballot_closes_hours"], 30_000, "cycle: Nominations open before"),
    (["counts", "meetings"], 7, "counts.meetings: It says 7, and the file has 5"),
    (["people", 1], {"username": "x"}, "people[1].name: It is missing"),
    (["schedules", 0, "zone"], "Mars/Olympus", "schedules[0]: “Mars/Olympus” is not a time zone"),
    (["schedules", 0, "times"], ["25:00"], "schedules[0].times[0]: A time, as 18:00,"),
    (["schedules", 0, "times"], [], "schedules[0]: Enter one time"),
    (["schedules", 0, "ends_on"], "2025-01-01", "schedules[0].ends_on: The term ends before"),
    (["schedules", 0, "ends_on"], "2036-01-01", "schedules[0].ends_on: The term is longer"),
    (["schedules", 0, "nth"], 2, "schedules[0]: A weekly schedule has no weekday"),
    (["meetings", 3, "day"], "2026-02-30", "meetings[3].day: A day, as 2026-11-26, was expected"),
    (["meetings", 3, "day"], "9999-12-31", "meetings[3].day: The year 9999 is out of reach"),
    (["meetings", 3, "zone"], "Berlin", "meetings[3].zone: “Berlin” is not a time zone"),
    (["meetings", 1, "occurs_on"], "2026-01-01", "meetings[1].occurs_on: “2026-01-01” is there"),
    (["meetings", 0, "occurs_on"], "2027-01-07", "meetings[0].occurs_on: 2027-01-07 is outside"),
    (["meetings", 0, "schedule"], "2020-01-01", "meetings[0].schedule: No schedule starts"),
    (["meetings", 4, "phase"], "held", "meetings[4].phase: It was held, and is still to come"),
    (["meetings", 0, "seats", 0, "member"], "nobody", "meetings[0].seats[0].member: “nobody”"),
    (["meetings", 0, "seats", 0, "kind"], "Cook", "meetings[0].seats[0].kind: “Cook” is no kind"),
    (["meetings", 0, "attendance", 1], "nobody", "meetings[0].attendance[1]: “nobody” is not"),
    (["meetings", 0, "questions", 0, "section"], 2, "questions[0].section: There is no section 2"),
    (["meetings", 0, "files", 0, "url"], "ftp://x.example/", "files[0].url: “ftp://x.example/”"),
    (["meetings", 0, "files", 0, "url"], "", "meetings[0].files[0]: It is neither a link nor"),
    (["meetings", 0, "files", 0, "kind"], "recording", "files[0]: A recording without the consent"),
    (["meetings", 0, "minutes"], "x" * 20_001, "meetings[0].minutes: 20,001 characters"),
    (["meetings", 0, "ballot", "winner"], 2, "meetings[0].ballot.winner: The slips choose another"),
    (["meetings", 0, "ballot", "winner"], 9, "ballot.winner: No candidate 9 stood"),
    (["meetings", 0, "ballot", "winner"], None, "ballot.winner: Winner and outcome say different"),
    (["meetings", 0, "ballot", "slips", 0, "choices"], [3], "choices: It is for candidate 3"),
    (["meetings", 0, "ballot", "slips", 0, "choices"], [1, 1], "choices[1]: “1” is there twice"),
    (["meetings", 0, "ballot", "slips", 0, "key"], "x" * 36, "slips[0].key: This is no UUID"),
    (["meetings", 0, "ballot", "count", "slips"], 99, "ballot.count: The slips do not add up"),
    (["meetings", 0, "ballot", "count"], None, "ballot.count: Slips and count go together"),
    (["meetings", 0, "ballot", "candidates", 0, "nomination"], 99, "The file has no nomination 99"),
    (["meetings", 0, "ballot", "closed_at"], "2024-01-01T00:00:00Z", "It closed before it opened"),
    (["meetings", 0, "ballot", "closed_at"], "2026-01-01T00:00:00", "has no time zone"),
    (["meetings", 0, "ballot", "closed_at"], "0001-01-01T00:00:00+23:00", "out of reach"),
    (["series", 0, "parts", 0, "meeting"], "2026-01-02", "The group has no meeting on 2026-01-02"),
    (["series", 0, "parts", 1, "meeting"], "2026-01-01", "Another part is read on 2026-01-01"),
]


@pytest.mark.parametrize(("path", "new", "words"), LIES)
def test_a_file_that_lies_is_refused_at_the_place_of_the_lie(exported, path, new, words):
    with pytest.raises(GroupFileError) as caught:
        importing.read(as_bytes(changed(exported, path, new)))

    assert words in str(caught.value)
    assert Group.objects.count() == 1


NO_FILES = [
    b"", b"null", b"[]", b"{", b"\xff\xfe\x00", b'{"format": NaN}', b'{"a": 1, "a": 2}',
    b"[" * 200_000, b'{"a":' * 100_000, b'{"format": ' + b"9" * 10_000 + b"}",
    b"[" + b"0," * 1_000_000 + b"0]", b" " * 5_000_001, b'"\\ud800"',
    b'{"\\ud800": 1, "\\u0000": 2}',
]  # fmt: skip


@pytest.mark.parametrize("content", NO_FILES, ids=range(len(NO_FILES)))
def test_what_is_no_such_file_is_refused_with_a_message(content):
    with pytest.raises(GroupFileError) as caught:
        importing.read(content)

    str(caught.value).encode()  # a message that can be sent


def test_the_files_that_break_parsers_of_json_are_refused_with_a_message():
    with tarfile.open(data_folder("hostile") / "json_nst.tar.gz") as archive:
        for entry in archive.getmembers():
            content = archive.extractfile(entry) if entry.isfile() else None
            if content is not None:
                with pytest.raises(GroupFileError):
                    importing.read(content.read())


def test_a_failure_midway_leaves_nothing(exported, monkeypatch):
    def fail(*args, **kwargs):
        raise GroupFileError("series", "Broken.")

    monkeypatch.setattr(importing, "_make_series", fail)
    before = Meeting.objects.count()

    with pytest.raises(GroupFileError):
        import_from(exported)

    assert (Group.objects.count(), Meeting.objects.count()) == (1, before)


def test_more_meetings_cost_no_more_queries(count_queries):
    small = snapshot.take(make_full_group("small", weeks=1))
    large = snapshot.take(make_full_group("large", weeks=12))
    importer = make_user()

    def bring(file, slug):
        return importing.import_group(file=file, importer=importer, slug=slug)

    assert count_queries(lambda: bring(small, "s1")) == count_queries(lambda: bring(large, "l1"))


# The page


def upload(client, content, **fields):
    file = SimpleUploadedFile("group.json", content, "application/json")
    return client.post("/groups/import", {"file": file} | fields)


def test_a_file_is_uploaded_and_becomes_a_group(member_client, exported):
    response = upload(member_client, as_bytes(exported), slug="new-home")

    assert (response.status_code, response["Location"]) == (302, "/groups/new-home")
    assert Group.objects.get(slug="new-home").meetings.count() == 5


def test_a_text_is_pasted_and_becomes_a_group(member_client, exported):
    text = json.dumps(changed(exported, ["group", "slug"], "pasted"))

    response = member_client.post("/groups/import", {"text": text})

    assert response["Location"] == "/groups/pasted"


def test_an_address_that_is_taken_is_refused_and_nothing_is_made(member_client, exported):
    before = Group.objects.count()

    response = upload(member_client, as_bytes(exported))

    assert response.status_code == 422
    assert b"This address is taken" in response.content
    assert Group.objects.count() == before


@pytest.mark.parametrize("slug", ["import", "No Good", "-"])
def test_an_address_that_no_group_may_have_is_refused(member_client, exported, slug):
    assert upload(member_client, as_bytes(exported), slug=slug).status_code == 422


def test_a_lie_is_told_on_the_page_with_its_place(member_client, exported):
    response = upload(member_client, as_bytes(changed(exported, ["meetings", 3, "day"], "soon")))

    assert response.status_code == 422
    assert b"meetings[3].day: A day" in response.content


def test_neither_file_nor_text_is_refused(member_client):
    assert member_client.post("/groups/import", {}).status_code == 422


def test_a_file_of_three_megabytes_is_read(member_client, exported):
    content = as_bytes(exported) + b" " * 3_000_000

    assert upload(member_client, content, slug="roomy").status_code == 302


def test_a_file_that_is_too_large_is_refused(member_client):
    response = upload(member_client, b" " * 5_000_001)

    assert response.status_code == 422
    assert b"larger than 5 MB" in response.content


def test_markup_in_a_message_is_text(member_client, exported):
    lie = changed(exported, ["group", "visibility"], "<script>alert(1)</script>")

    assert b"<script>alert" not in upload(member_client, as_bytes(lie)).content


@pytest.mark.parametrize("name", ["title", "place", "off_reason"])
def test_what_is_one_line_comes_in_as_one(exported, name):
    group = import_from(changed(exported, ["meetings", 0, name], "Room\r\nX-Evil: 1\u202e"))

    meeting = Meeting.objects.filter(group=group).earliest("occurs_on")
    assert getattr(meeting, name) == "Room X-Evil: 1"
