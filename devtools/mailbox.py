"""Mail sent in development, for reading in the browser."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    import datetime
    from email.message import EmailMessage
    from pathlib import Path

    from django.http import HttpRequest, HttpResponse

_SHOWN = 200
_LARGEST = 2_000_000
# Django's file backend ends each message with a line of 79 hyphens.
_END = b"\n" + b"-" * 79


@dataclass(frozen=True)
class Mail:
    key: str
    subject: str
    sender: str
    recipients: str
    sent_at: datetime.datetime | None
    text: str
    html: str
    attachments: tuple[str, ...]


@require_safe
@login_not_required
def mailbox_list(request: HttpRequest) -> HttpResponse:
    return render(request, "devtools/mailbox_list.html", {"mails": read_mails()[:_SHOWN]})


@require_safe
@login_not_required
def mailbox_mail(request: HttpRequest, key: str) -> HttpResponse:
    # Looked up among existing mails, so that no key can name another file.
    mail = next((mail for mail in read_mails() if mail.key == key), None)
    if mail is None:
        raise Http404("There is no such mail.")
    return render(request, "devtools/mailbox_mail.html", {"mail": mail})


def read_mails() -> list[Mail]:
    """Return every mail in MAIL_FOLDER, newest first."""
    folder: Path = settings.MAIL_FOLDER
    if not folder.is_dir():
        return []
    files = [
        path for path in folder.glob("*.log") if path.is_file() and path.stat().st_size <= _LARGEST
    ]
    files.sort(key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
    return [mail for path in files for mail in _read_file(path)]


def _read_file(path: Path) -> list[Mail]:
    """Return the mails in a file: those of one connection, oldest first."""
    parts = [part.strip(b"\n") for part in path.read_bytes().split(_END)]
    mails = [_read_mail(f"{path.stem}-{number}", part) for number, part in enumerate(parts) if part]
    return mails[::-1]


def _read_mail(key: str, raw: bytes) -> Mail:
    message: EmailMessage = email.message_from_bytes(raw, policy=email.policy.default)
    sent = message["Date"]
    return Mail(
        key=key,
        subject=str(message["Subject"] or "(no subject)"),
        sender=str(message["From"] or ""),
        recipients=str(message["To"] or ""),
        sent_at=sent.datetime if sent is not None else None,
        text=_body(message, "plain"),
        html=_body(message, "html"),
        attachments=tuple(part.get_filename() or "?" for part in message.iter_attachments()),
    )


def _body(message: EmailMessage, kind: str) -> str:
    """Return the part of that kind as text: HTML is shown as source, never rendered."""
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""
