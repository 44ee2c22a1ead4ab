"""Addresses that are secrets, kept out of logs: whoever has one needs nothing else."""

from __future__ import annotations

import logging
import re

_prefixes: list[str] = []


def register(*prefixes: str) -> None:
    """Let an app say that whatever comes behind one of these paths is a secret."""
    _prefixes.extend(re.escape(prefix) for prefix in prefixes)


class HideSecretAddresses(logging.Filter):
    """Write a secret as dots, wherever in a line its address is."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = re.sub(rf"({'|'.join(_prefixes)})[^/\s\"'?#]{{8,}}", r"\1…", message)
        if _prefixes and hidden != message:
            record.msg, record.args = hidden, ()
        return True
