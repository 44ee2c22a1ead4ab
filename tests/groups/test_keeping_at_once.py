"""Many who write, and add files, at once."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from common.refusals import Refused
from groups.meeting.files import files
from groups.meeting.minutes import minutes
from groups.models import MeetingFile, Minutes, MinutesRevision
from tests.builders import make_user
from tests.discussions.test_at_once import at_once
from tests.groups.builders import make_meeting

pytestmark = pytest.mark.django_db(transaction=True)


def test_ten_who_write_the_first_minutes_at_once_lose_no_text():
    meeting = make_meeting()
    people = [make_user() for _ in range(10)]

    saved = at_once(
        lambda turn: minutes.save(
            meeting=meeting, editor=people[turn], text=f"text {turn}", base_version=0
        ),
        10,
    )

    kept = MinutesRevision.objects.order_by("number")
    assert sorted(row.text for row in kept) == sorted(f"text {turn}" for turn in range(10))
    assert sorted(each.version for each in saved) == list(range(1, 11))
    assert sum(not each.overwrote for each in saved) == 1
    assert Minutes.objects.get().text == list(kept)[-1].text


def test_two_files_at_once_do_not_both_take_the_last_room(settings):
    settings.UPLOAD_QUOTA_BYTES = 15
    meeting, member = make_meeting(), make_user()

    def add(turn):
        upload = SimpleUploadedFile("a.txt", b"ten bytes.")
        try:
            files.add_file(meeting=meeting, by=member, upload=upload, kind=files.Kind.NOTES)
        except Refused:
            return "refused"
        return "added"

    assert sorted(at_once(add, 4)) == ["added", "refused", "refused", "refused"]
    stored = MeetingFile.objects.get().file.name
    assert [f"meetings/{name}" for name in default_storage.listdir("meetings")[1]] == [stored]
    default_storage.delete(stored)
