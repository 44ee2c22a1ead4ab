"""Celery tasks of discussions."""

from __future__ import annotations

from celery import shared_task

from discussions.comments import forgetting, visibility
from discussions.notifications import notifications


@shared_task(name="discussions.notify_of_comment")
def notify_of_comment(comment_id: int) -> None:
    notifications.notify_of_comment(comment_id)


@shared_task(name="discussions.sweep_notifications")
def sweep_notifications() -> None:
    notifications.sweep()


@shared_task(name="discussions.recount")
def recount() -> None:
    visibility.recount()


@shared_task(name="discussions.forget_deleted")
def forget_deleted() -> None:
    forgetting.forget_deleted()
