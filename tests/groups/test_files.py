"""Slides, recordings and notes: kept under names nobody guesses, handed out and never shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from common.refusals import Refused
from groups.meeting.files import files as keeping
from groups.models import LogEntry, MeetingFile
from tests.builders import make_user
from tests.groups.builders import make_group, make_meeting, make_membership
from tests.groups.conftest import client_for

pytestmark = pytest.mark.django_db

Kind = MeetingFile.Kind


@pytest.fixture(autouse=True)
def _no_files_from_before():
    yield
    for name in stored():
        default_storage.delete(name)


def stored():
    try:
        return [f"meetings/{name}" for name in default_storage.listdir("meetings")[1]]
    except FileNotFoundError:
        return []


def upload(name="slides.pdf", content=b"%PDF-1.7"):
    return SimpleUploadedFile(name, content)


def add(meeting, *, by=None, kind=Kind.SLIDES, **options):
    options.setdefault("upload", upload())
    return keeping.add_file(meeting=meeting, by=by or make_user(), kind=kind, **options)


def url_of(name, meeting, *more):
    return reverse(f"groups:{name}", args=[meeting.group.slug, meeting.occurs_on, *more])


def test_a_file_is_kept_under_a_name_that_nobody_can_guess(meeting):
    file = add(meeting)

    assert "slides" not in file.file.name
    assert len(file.file.name) == len("meetings/") + 32
    assert file.file_name == file.title == "slides.pdf"


def test_the_form_to_add_a_file_begins_without_errors(member_client, meeting):
    response = member_client.get(url_of("file_create", meeting))

    assert response.status_code == 200
    assert "errorlist" not in response.text


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\talks\\deep.pptx", "deep.pptx"),
        ("evil\r\nSet-Cookie: a=b.pdf", "evil Set-Cookie: a=b.pdf"),
        ("gnp.\u202efdp", "gnp.fdp"),
        ("..", "file"),
        ("\u7d50\u679c.pdf", "\u7d50\u679c.pdf"),
        ("a" * 300 + ".ipynb", "a" * 144 + ".ipynb"),
    ],
)
def test_a_name_keeps_nothing_that_misleads(sent, kept):
    assert keeping.clean_name(sent) == kept


@given(st.text(max_size=400))
def test_any_name_becomes_one_that_can_be_kept(name):
    cleaned = keeping.clean_name(name)

    assert 0 < len(cleaned) <= 150
    assert "/" not in cleaned


def test_an_empty_file_is_refused(meeting):
    with pytest.raises(Refused, match="empty"):
        add(meeting, upload=upload(content=b""))
    assert not stored()


def test_a_file_that_is_too_large_is_refused(meeting, settings):
    settings.UPLOAD_MAX_BYTES = 4

    with pytest.raises(Refused, match="Nothing was added"):
        add(meeting)
    assert not stored()


def test_a_group_that_is_full_takes_no_more_and_keeps_nothing_half_done(meeting, settings):
    settings.UPLOAD_QUOTA_BYTES = 10
    add(meeting)

    with pytest.raises(Refused, match="is left"):
        add(make_meeting(meeting.group, day=meeting.day + timedelta(days=7)))
    assert len(stored()) == 1


def test_a_member_fills_no_disk_by_way_of_many_groups(owner, settings):
    settings.UPLOAD_QUOTA_BYTES = 10
    old = add(make_meeting(), by=owner)
    with pytest.raises(Refused, match="30 days"):
        add(make_meeting(), by=owner)
    MeetingFile.objects.filter(pk=old.pk).update(added_at=timezone.now() - timedelta(days=31))
    add(make_meeting(), by=owner)

    assert len(stored()) == 2


def test_a_meeting_takes_fifty_files_and_links(meeting, monkeypatch):
    monkeypatch.setattr(keeping, "MAX_FILES", 1)
    add(meeting)

    with pytest.raises(Refused):
        add(meeting)
    assert len(stored()) == 1


def test_a_deleted_file_leaves_the_disk_after_the_commit(
    meeting, django_capture_on_commit_callbacks
):
    file = add(meeting)
    with django_capture_on_commit_callbacks(execute=True):
        keeping.delete(file=file)
        assert stored()

    assert not stored()


def test_a_file_that_no_row_names_is_taken_away_after_a_day(meeting):
    add(meeting)
    default_storage.save("meetings/left-behind", upload())

    assert keeping.remove_orphans() == 0
    assert keeping.remove_orphans(now=timezone.now() + timedelta(days=2)) == 1
    assert len(stored()) == 1


def test_a_recording_needs_consent_which_is_noted(meeting):
    with pytest.raises(Refused, match="agreed"):
        add(meeting, kind=Kind.RECORDING)
    file = add(meeting, kind=Kind.RECORDING, by=make_user("ana"), has_consent=True)

    assert file.consent_at
    assert file.consent_noted_by.username == "ana"


def test_a_recording_is_kept_for_180_days_unless_somebody_says_otherwise(meeting):
    today = timezone.now().date()
    usual = add(meeting, kind=Kind.RECORDING, has_consent=True)
    short = add(meeting, kind=Kind.RECORDING, has_consent=True, kept_until=today)

    assert usual.kept_until == today + timedelta(days=180)
    assert short.kept_until == today


def test_a_recording_is_forgotten_after_its_last_day_and_the_log_says_so(
    meeting, django_capture_on_commit_callbacks
):
    file = add(meeting, kind=Kind.RECORDING, has_consent=True)
    with django_capture_on_commit_callbacks(execute=True):
        assert keeping.forget_expired(today=file.kept_until) == 0
        assert keeping.forget_expired(today=file.kept_until + timedelta(days=1)) == 1

    assert not MeetingFile.objects.exists()
    assert not stored()
    assert "Recording of" in LogEntry.objects.get(kind="file").words


def test_slides_are_kept_for_good(meeting):
    add(meeting)

    assert keeping.forget_expired(today=timezone.now().date() + timedelta(days=9999)) == 0


# Pages ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("slides.pdf", b"%PDF-1.7"),
    ],
)
def test_whatever_a_file_holds_it_is_handed_out_and_not_shown(client, meeting, name, content):
    file = add(meeting, upload=upload(name, content))

    response = client.get(url_of("file_download", meeting, file.pk))

    assert b"".join(response) == content
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "private, no-store"


def test_a_name_beyond_ascii_is_kept_in_the_header(client, meeting):
    file = add(meeting, upload=upload('r\u00e9sum\u00e9 "x".pdf'))

    header = client.get(url_of("file_download", meeting, file.pk))["Content-Disposition"]

    assert header == "attachment; filename*=utf-8''r%C3%A9sum%C3%A9%20%22x%22.pdf"


def test_a_file_of_a_private_group_is_for_its_members(private_group, client, owner_client):
    meeting = make_meeting(private_group)
    url = url_of("file_download", meeting, add(meeting).pk)

    assert client.get(url).status_code == 404
    assert client_for(make_user()).get(url).status_code == 404
    assert owner_client.get(url).status_code == 200


def test_whoever_is_removed_gets_no_file_any_more(private_group):
    meeting = make_meeting(private_group)
    membership = make_membership(private_group)
    browser, url = client_for(membership.member), url_of("file_download", meeting, add(meeting).pk)
    assert browser.get(url).status_code == 200

    membership.delete()

    assert browser.get(url).status_code == 404


def test_a_file_is_found_under_its_own_meeting_alone(client, meeting):
    file = add(meeting)
    other = make_meeting(make_group())

    assert client.get(url_of("file_download", other, file.pk)).status_code == 404


def test_a_file_that_left_the_disk_is_not_found(client, meeting):
    file = add(meeting)
    default_storage.delete(file.file.name)

    assert client.get(url_of("file_download", meeting, file.pk)).status_code == 404


def test_a_member_adds_a_file(member_client, meeting):
    sent = {"kind": "slides", "file": upload()}
    response = member_client.post(url_of("file_create", meeting), sent)

    assert response.url == meeting.get_absolute_url()
    assert MeetingFile.objects.get().size == 8


def test_a_member_adds_a_link(member_client, meeting):
    sent = {"kind": "notes", "url": "https://example.org/notes/7"}
    member_client.post(url_of("file_create", meeting), sent)

    assert MeetingFile.objects.get().title == "example.org/notes/7"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"kind": "slides"}, "Enter a link, or choose a file."),
        ({"kind": "slides", "url": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"kind": "slides", "url": "ftp://example.org/x"}, "Enter a valid URL."),
        ({"kind": "recording", "url": "https://example.org/x"}, "needs the consent"),
        ({"kind": "recording", "url": "https://example.org/x", "has_consent": "on",
          "kept_until": "2001-01-01"}, "within the next two years"),
    ],
)  # fmt: skip
def test_what_cannot_be_added_is_said_and_nothing_is_added(member_client, meeting, sent, words):
    response = member_client.post(url_of("file_create", meeting), sent)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not MeetingFile.objects.exists()


def test_a_link_and_a_file_at_once_are_refused(member_client, meeting):
    sent = {"kind": "slides", "url": "https://example.org/x", "file": upload()}

    assert member_client.post(url_of("file_create", meeting), sent).status_code == 422
    assert not stored()


def test_members_delete_what_they_added_and_nothing_else(member_client, meeting):
    member = MeetingFile._meta.get_field("added_by").related_model.objects.get(username="mona")
    own, other = add(meeting, by=member), add(meeting)
    act = {"delete": "yes"}

    assert member_client.post(url_of("file_delete", meeting, own.pk), act).status_code == 302
    assert member_client.post(url_of("file_delete", meeting, other.pk), act).status_code == 403
    assert MeetingFile.objects.get() == other


def test_a_closed_group_takes_no_files(member_client, meeting, group):
    group.closed_at = timezone.now()
    group.save()

    assert member_client.get(url_of("file_create", meeting)).status_code == 403
