"""Doors: what beat and wake-ups call. Each may come late, twice, or not at all."""

from __future__ import annotations

from celery import shared_task

from papers import completing, day_order, import_days, import_runs, trending
from papers.thumbnails import fetching


@shared_task(name="papers.ask_for_missing_days")
def ask_for_missing_days() -> None:
    import_days.ask_for_missing_days()


@shared_task(name="papers.sweep_imports")
def sweep_imports() -> None:
    import_runs.sweep()


@shared_task(name="papers.import_day")
def import_day(run_id: int) -> None:
    import_runs.perform(run_id)


@shared_task(name="papers.complete_papers")
def complete_papers() -> None:
    completing.complete_papers()


@shared_task(name="papers.refresh_day_weights")
def refresh_day_weights() -> None:
    day_order.refresh_recent_weights()


@shared_task(name="papers.fetch_thumbnails")
def fetch_thumbnails() -> None:
    fetching.fetch_thumbnails()


@shared_task(name="papers.recompute_scores")
def recompute_scores() -> None:
    trending.recompute_scores()
    # Votes on old papers are rare: their days' weights may be as old as this.
    day_order.refresh_weights()
