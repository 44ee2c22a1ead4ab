"""The schedule of Celery beat: wake-ups only, in UTC.

Every task here queries Postgres for due work, so a missed or repeated beat or an empty Redis
changes only the time.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "ask for the days that no run has finished": {
        # Beat waits this long before the first run: a new site should get papers soon.
        "task": "papers.ask_for_missing_days",
        "schedule": timedelta(minutes=1),
    },
    "take up the imports that are due": {
        "task": "papers.sweep_imports",
        "schedule": timedelta(seconds=30),
    },
    "ask arXiv for what the daily feed leaves out": {
        "task": "papers.complete_papers",
        "schedule": timedelta(minutes=5),
    },
    "bring each day's weight of external votes up to date": {
        "task": "papers.refresh_day_weights",
        "schedule": timedelta(minutes=1),
    },
    "fetch the thumbnails of new papers": {
        "task": "papers.fetch_thumbnails",
        "schedule": timedelta(minutes=1),
    },
    "recompute every score": {
        "task": "papers.recompute_scores",
        "schedule": timedelta(minutes=15),
    },
    "tell of the comments whose wake-up was lost": {
        "task": "discussions.sweep_notifications",
        "schedule": timedelta(seconds=30),
    },
    "send the mails that are due": {
        "task": "common.sweep_mail",
        "schedule": timedelta(seconds=30),
    },
    "recount every thread": {
        "task": "discussions.recount",
        "schedule": timedelta(hours=1),
    },
    "move the meetings whose time has come": {
        "task": "groups.advance_meetings",
        "schedule": timedelta(seconds=30),
    },
    "remind of meetings, and of what is missing for them": {
        "task": "groups.remind",
        "schedule": timedelta(seconds=30),
    },
    "forget recordings whose time is over, and files that nothing names": {
        "task": "groups.forget_files",
        "schedule": timedelta(hours=6),
    },
    "follow the database of time zones": {
        "task": "groups.recompute_moments",
        "schedule": timedelta(days=1),
    },
    "render what an older release has rendered": {
        "task": "common.render_texts",
        "schedule": timedelta(minutes=1),
    },
    "put away what has expired": {
        "task": "common.tidy",
        "schedule": timedelta(hours=1),
    },
    "forget those who never confirmed their address": {
        "task": "accounts.forget_unconfirmed",
        "schedule": timedelta(days=1),
    },
    "forget comments that were deleted long ago": {
        "task": "discussions.forget_deleted",
        "schedule": timedelta(days=1),
    },
}
