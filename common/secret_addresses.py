"""Addresses that are secrets, kept out of logs: whoever has one needs nothing else."""

from __future__ import annotations

import logging
import re

_SECRET = re.compile(r"(/(?:calendars|invitations)/)[^/\s\"'?#]{8,}")


class HideSecretAddresses(logging.Filter):
    """Write what came after a secret's path as dots, wherever in a line it stands."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = _SECRET.sub(r"\1…", message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True
