"""Print the demo accounts."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from accounts.demo import DEMO_ACCOUNTS


class Command(BaseCommand):
    help = "Print the accounts that the seed makes, with their passwords."
    requires_system_checks = []

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write("Sign in as")
        for account in DEMO_ACCOUNTS:
            self.stdout.write(
                f"  {account.role:<10} {account.username:<8} password {account.password}"
            )
