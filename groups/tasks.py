"""Celery tasks, each of which calls one function of another module."""

from __future__ import annotations

from celery import shared_task

from groups.cycle import reminders, sweeping
from groups.meeting.files import files
from groups.schedule import zone_updates


@shared_task(name="groups.advance_meetings")
def advance_meetings() -> None:
    sweeping.sweep()


@shared_task(name="groups.remind")
def remind() -> None:
    reminders.sweep()


@shared_task(name="groups.recompute_moments")
def recompute_moments() -> None:
    zone_updates.recompute_moments()


@shared_task(name="groups.forget_files")
def forget_files() -> None:
    files.forget_expired()
    files.remove_orphans()
