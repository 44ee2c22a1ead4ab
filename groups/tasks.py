"""Doors for the worker: what each does stands in the module that it calls."""

from __future__ import annotations

from celery import shared_task

from groups.cycle import reminders, sweeping


@shared_task(name="groups.advance_meetings")
def advance_meetings() -> None:
    sweeping.sweep()


@shared_task(name="groups.remind")
def remind() -> None:
    reminders.sweep()
