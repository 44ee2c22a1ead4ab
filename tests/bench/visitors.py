"""Members who are signed in before the clock runs, and papers for them to read."""

from __future__ import annotations

import random
import secrets
import string
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.sign_in import sessions
from papers.lists.page import PAGE_SIZE
from papers.models import Paper

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

_SESSIONS = import_module(settings.SESSION_ENGINE)


def sign_in(members: int, *, into: Path) -> None:
    """Write a session in the database and a line of its keys for each member."""
    expires = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    letters = string.ascii_letters + string.digits
    rows, lines = [], []
    for member in User.objects.order_by("-pk")[:members].iterator():
        # The shape that Django's own makes; its length is checked.
        key = secrets.token_hex(16)
        data = _signed_in(member)
        rows.append(Session(session_key=key, session_data=data, expire_date=expires))
        lines.append(f"{key} {''.join(secrets.choice(letters) for _ in range(32))}")
    Session.objects.bulk_create(rows, batch_size=5_000)
    into.write_text("\n".join(lines) + "\n")


def _signed_in(member: User) -> str:
    """Return what the session of a member holds who signed in this moment."""
    request = HttpRequest()
    request.session = session = _SESSIONS.SessionStore()
    session[SESSION_KEY] = str(member.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    sessions.note_sign_in(request=request)
    encoded: str = session.encode(dict(session.items()))
    return encoded


def sign_out_all() -> None:
    Session.objects.all().delete()


def full_days(count: int) -> list[date]:
    """Return the last days with more papers than fit a page, the newest first."""
    days = Paper.objects.listed().values("announced_on").annotate(papers=Count("id"))
    full = days.filter(papers__gt=PAGE_SIZE).order_by("-announced_on")
    return [row["announced_on"] for row in full[:count] if row["announced_on"]]


def random_papers(count: int) -> list[Paper]:
    """Return the same papers each time, from all of the three years."""
    keys = list(Paper.objects.order_by("pk").values_list("pk", flat=True))
    chosen = random.Random(count).sample(keys, min(count, len(keys)))
    return list(Paper.objects.filter(pk__in=chosen).only("pk", "external_id"))
