from celery import shared_task

from common import tidying


@shared_task(name="common.tidy")
def tidy() -> None:
    tidying.tidy()
