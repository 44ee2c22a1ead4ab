"""Commands of manage.py that make a database and static files fit for the site.

All of them in one process, since loading the site takes longer than most of them do.
"""

from __future__ import annotations

import sys
import time

import django
from django.core.management import call_command

from devtools.processes import say
from devtools.running_site import ACCOUNTS

TOLD = {
    "migrate": "database migrated",
    "collectstatic": "static files collected",
    "seed": "seeded, if it was empty",
}


def main(*commands: str) -> None:
    """Carry out the commands; what they print goes to our standard error, which is a log."""
    django.setup()
    options = {
        "migrate": {"interactive": False},
        "collectstatic": {"interactive": False},
        "seed": {"if_empty": True},
    }
    for command in commands:
        began = time.monotonic()
        call_command(command, stdout=sys.stderr, **options[command])
        say(f"  {TOLD[command]:<42}{time.monotonic() - began:6.1f} s")
    with ACCOUNTS.open("w") as accounts:
        call_command("demo_accounts", stdout=accounts)


if __name__ == "__main__":
    main(*sys.argv[1:])
