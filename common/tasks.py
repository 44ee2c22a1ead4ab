from celery import shared_task
from django.apps import apps

from common import mailing, rendered_text, tidying


@shared_task(name="common.tidy")
def tidy() -> None:
    tidying.tidy()


@shared_task(name="common.render_texts")
def render_texts() -> None:
    rendered_text.render_stale()


@shared_task(name="common.send_mail")
def send_mail(label: str, key: int) -> None:
    mailing.send(apps.get_model(label), key)


@shared_task(name="common.sweep_mail")
def sweep_mail() -> None:
    mailing.sweep()
