from celery import shared_task

from common import rendered_text, tidying


@shared_task(name="common.tidy")
def tidy() -> None:
    tidying.tidy()


@shared_task(name="common.render_texts")
def render_texts() -> None:
    rendered_text.render_stale()
