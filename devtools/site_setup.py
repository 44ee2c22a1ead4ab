"""Run manage.py commands in one process: loading the site takes longer than most of them.

Their output goes to our standard error, a log; our standard output gives the times.
"""

from __future__ import annotations

import sys
import time

import django
from django.core.management import call_command

from devtools.processes import say
from devtools.running_site import ACCOUNTS


def main(*commands: str) -> None:
    django.setup()
    for command in commands:
        began = time.monotonic()
        call_command(*command.split(), stdout=sys.stderr)
        say(f"  {command:<42}{time.monotonic() - began:6.1f} s")
    with ACCOUNTS.open("w") as accounts:
        call_command("demo_accounts", stdout=accounts)


if __name__ == "__main__":
    main(*sys.argv[1:])
