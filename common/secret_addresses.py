"""Logging filter for secret URLs, which give access by themselves."""

from __future__ import annotations

import logging
import re

_prefixes: list[str] = []


def register(*prefixes: str) -> None:
    """Register path prefixes; whatever follows one of them is secret."""
    _prefixes.extend(re.escape(prefix) for prefix in prefixes)


class HideSecretAddresses(logging.Filter):
    """A filter that replaces secrets in URLs by dots, anywhere in a line."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = re.sub(rf"({'|'.join(_prefixes)})[^/\s\"'?#]{{8,}}", r"\1…", message)
        if _prefixes and hidden != message:
            record.msg, record.args = hidden, ()
        return True
