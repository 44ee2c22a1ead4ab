"""Mails that have to be sent: claimed, tried, tried again after growing pauses, and given up.

The row is the record of its mail; whatever wake-up was lost, a sweep finds it. A worker commits
the next try before it sends. Killed before the server took the mail, it loses nothing: the next
try is due after the pause. Killed between that and the note that the mail is sent, it has the
mail sent once more: no protocol closes this gap. Both mails have the same Message-ID, by which
many mailboxes drop the second.
"""

from __future__ import annotations

import logging
import smtplib
from datetime import timedelta
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from common import due_work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)

# Longer ago than that, a wake-up was lost.
GRACE = timedelta(seconds=20)


class OutgoingMail(models.Model):
    """A row with a mail to send. `sweep` finds every subclass, which has an index on `due_at`."""

    # When to try next. Null when there is nothing to send: yet, any more, or at all.
    due_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # Tried in vain, or wanted by nobody any more.
    given_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def compose(self) -> EmailMessage | None:
        """Return the mail, or None if it is not to be sent any more."""
        raise NotImplementedError

    def settle(self, **columns: object) -> None:
        """Note that nothing is to be sent any more."""
        type(self)._default_manager.filter(pk=self.pk).update(due_at=None, **columns)  # noqa: SLF001


def sweep() -> int:
    """Send what is due, of all subclasses. Return how many mails were tried."""
    found = [model for model in apps.get_models() if issubclass(model, OutgoingMail)]
    return sum(send(model, key) for model, key in due_work.in_time(_due(found)))


def send(model: type[OutgoingMail], key: int) -> bool:
    """Send a mail, if it is due and nobody else has it in hand. Return whether it was tried."""
    with transaction.atomic():
        mail = due_work.claim(model._default_manager.filter(due_at__lte=timezone.now()), key)  # noqa: SLF001
        if mail is None:
            return False
        if mail.attempts >= due_work.MAX_ATTEMPTS:
            # Its worker was lost at the last try.
            mail.settle(given_up_at=timezone.now())
            return False
        mail.attempts += 1
        mail.tried_at = timezone.now()
        mail.due_at = mail.tried_at + due_work.pause_after(mail.attempts)
        mail.save(update_fields=["attempts", "tried_at", "due_at"])
    try:
        message = mail.compose()
        if message is None:
            mail.settle(given_up_at=timezone.now())
            return False
        name = f"{model.__name__.lower()}.{key}@{settings.SITE_HOST}"
        message.extra_headers["Message-ID"] = f"<{name}>"
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        # By its kind alone: the words of a mail server quote the address.
        logger.warning("%s was not sent, try %d: %s", mail, mail.attempts, type(error).__name__)
    except Exception:
        logger.exception("%s could not be written", mail)
    else:
        mail.settle(sent_at=timezone.now())
        return True
    if mail.attempts >= due_work.MAX_ATTEMPTS:
        mail.settle(given_up_at=timezone.now())
    return True


def _due(found: list[type[OutgoingMail]]) -> Iterator[tuple[type[OutgoingMail], int]]:
    for model in found:
        due = model._default_manager.filter(due_at__lt=timezone.now() - GRACE)  # noqa: SLF001
        for key in due_work.keys(due):
            yield model, key
