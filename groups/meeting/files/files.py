"""Slides, recordings and notes that members add to a meeting, as links or files.

A file is written before its row, and the row is deleted before the file: any failure leaves a file
without a row, which `remove_orphans` deletes.
"""

from __future__ import annotations

import logging
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from common.refusals import Refused
from common.text import only_seen, tidy_line
from groups import access
from groups.meeting.files.models import MeetingFile
from groups.membership.models import LogEntry
from groups.scheduling import words

if TYPE_CHECKING:
    from datetime import date

    from django.core.files.uploadedfile import UploadedFile

    from accounts.models import User
    from groups.schedule.models import Meeting

logger = logging.getLogger(__name__)

Kind = MeetingFile.Kind

FOLDER = "meetings"
RECORDING_KEPT = timedelta(days=180)
LONGEST_KEPT = timedelta(days=730)
MAX_FILES = 50
# In this period a member may add as much as one group may hold.
OWN_QUOTA_OVER = timedelta(days=30)
# A running upload has no row yet.
ORPHAN_AFTER = timedelta(days=1)
_NAME_LENGTH = 150


def add_link(
    *,
    meeting: Meeting,
    by: User,
    url: str,
    kind: Kind,
    title: str = "",
    has_consent: bool = False,
    kept_until: date | None = None,
) -> MeetingFile:
    """Add a link to external material."""
    file = MeetingFile(
        meeting=meeting, kind=kind, url=url, title=title or _title_of_link(url), added_by=by
    )
    _note_consent(file, by, has_consent=has_consent, kept_until=kept_until)
    with transaction.atomic():
        _lock_and_count(meeting)
        file.save()
    return file


def add_file(
    *,
    meeting: Meeting,
    by: User,
    upload: UploadedFile[bytes],
    kind: Kind,
    title: str = "",
    has_consent: bool = False,
    kept_until: date | None = None,
) -> MeetingFile:
    """Store a file under a name that cannot be guessed, and save its original name."""
    name, size = clean_name(upload.name or ""), upload.size or 0
    _check_size(size)
    file = MeetingFile(
        meeting=meeting, kind=kind, title=title or name, file_name=name, size=size, added_by=by
    )
    _note_consent(file, by, has_consent=has_consent, kept_until=kept_until)
    stored = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}", upload)
    file.file = stored
    try:
        with transaction.atomic():
            _lock_and_count(meeting)
            _check_quota(meeting.group_id, size)
            _check_own_quota(by, size)
            file.save()
    except BaseException:
        default_storage.delete(stored)
        raise
    return file


@transaction.atomic
def delete(*, file: MeetingFile) -> None:
    """Delete a file's row, and after the commit the file on disk."""
    name = file.file.name
    file.delete()
    if name:
        transaction.on_commit(lambda: default_storage.delete(name))


def forget_expired(*, today: date | None = None) -> int:
    """Delete files whose retention ended before today, and write the groups' logs."""
    today = today or timezone.now().date()
    expired = MeetingFile.objects.filter(kept_until__lt=today).order_by("pk")
    forgotten = 0
    for pk in list(expired.values_list("pk", flat=True)):
        forgotten += _forget(pk, today)
    return forgotten


def remove_orphans(*, now: datetime | None = None) -> int:
    """Delete files without a row that are too old to be running uploads."""
    oldest = (now or timezone.now()) - ORPHAN_AFTER
    try:
        names = [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]]
    except FileNotFoundError:
        return 0
    known = set(MeetingFile.objects.filter(file__in=names).values_list("file", flat=True))
    removed = 0
    for name in names:
        if name not in known and _written_at(name) < oldest:
            default_storage.delete(name)
            removed += 1
    return removed


def clean_name(name: str) -> str:
    """Return a file's name without misleading parts: folders, control and bidi characters.

    The extension is kept when the name is shortened.
    """
    name = only_seen(tidy_line(name)).replace("\\", "/").rpartition("/")[2].strip(". ")
    if len(name) > _NAME_LENGTH:
        ending = PurePosixPath(name).suffix[:20]
        name = name[: _NAME_LENGTH - len(ending)] + ending
    return name or "file"


def _note_consent(
    file: MeetingFile, by: User, *, has_consent: bool, kept_until: date | None
) -> None:
    if file.kind != Kind.RECORDING:
        return
    if not has_consent:
        raise Refused("Confirm that everyone in the recording agreed to it.")
    now = timezone.now()
    latest = now.date() + LONGEST_KEPT
    file.consent_at, file.consent_noted_by = now, by
    file.kept_until = min(kept_until or now.date() + RECORDING_KEPT, latest)


def _check_size(size: int) -> None:
    if size <= 0:
        raise Refused("This file is empty. Nothing was added.")
    if size > settings.UPLOAD_MAX_BYTES:
        limit = filesizeformat(settings.UPLOAD_MAX_BYTES)
        raise Refused(f"A file can have up to {limit}. Nothing was added. Add a link instead.")


def _lock_and_count(meeting: Meeting) -> None:
    """Lock the group, so that two simultaneous uploads cannot both take the last place."""
    access.lock_group(meeting.group_id)
    if MeetingFile.objects.filter(meeting=meeting).count() >= MAX_FILES:
        raise Refused(f"A meeting can have up to {MAX_FILES} files and links.")


def _check_quota(group_id: int, size: int) -> None:
    files = MeetingFile.objects.filter(meeting__group_id=group_id)
    used = files.aggregate(used=Sum("size"))["used"] or 0
    if used + size > settings.UPLOAD_QUOTA_BYTES:
        quota, left = settings.UPLOAD_QUOTA_BYTES, max(0, settings.UPLOAD_QUOTA_BYTES - used)
        raise Refused(
            f"All files of a group together can have up to {filesizeformat(quota)}, and "
            f"{filesizeformat(left)} is left. Nothing was added. Delete files that nobody "
            "needs, or add a link instead."
        )


def _check_own_quota(member: User, size: int) -> None:
    """Enforce a quota per member, as anybody may create many groups to fill the disk."""
    since = timezone.now() - OWN_QUOTA_OVER
    files = MeetingFile.objects.filter(added_by=member, added_at__gte=since)
    used = files.aggregate(used=Sum("size"))["used"] or 0
    if used + size > settings.UPLOAD_QUOTA_BYTES:
        quota = filesizeformat(settings.UPLOAD_QUOTA_BYTES)
        raise Refused(
            f"You have added nearly {quota} of files in {OWN_QUOTA_OVER.days} days, the "
            "maximum for all your groups together. Nothing was added. Add a link instead."
        )


@transaction.atomic
def _forget(pk: int, today: date) -> int:
    """Delete an expired file, unless it was deleted or extended meanwhile."""
    files = MeetingFile.objects.select_for_update(of=("self",), skip_locked=True)
    file = files.select_related("meeting").filter(pk=pk, kept_until__lt=today).first()
    if file is None or file.kept_until is None:
        return 0
    LogEntry.note(
        group=file.meeting.group_id,
        meeting=file.meeting,
        kind="file",
        words=f"{file.get_kind_display()} of {words.dated(file.meeting.day)} deleted: "
        f"it was kept until {words.dated(file.kept_until)}.",
    )
    delete(file=file)
    return 1


def _title_of_link(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname or url}{parts.path.rstrip('/')}"[:200]


def _written_at(name: str) -> datetime:
    try:
        return default_storage.get_modified_time(name).astimezone(UTC)
    except FileNotFoundError:
        # Another worker deleted it first.
        return timezone.now()
