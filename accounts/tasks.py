from datetime import timedelta

from celery import shared_task

from accounts.sign_in import unconfirmed

# Long enough to find the mail after a weekend.
UNCONFIRMED_FOR = timedelta(days=7)


@shared_task(name="accounts.forget_unconfirmed")
def forget_unconfirmed() -> None:
    unconfirmed.forget_unconfirmed(older_than=UNCONFIRMED_FOR)
