"""Logging filter for secret URLs, which give access by themselves."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class HideSecretAddresses(logging.Filter):
    """A filter that replaces the secret part of URLs, after one of the prefixes, by dots."""

    def __init__(self, prefixes: Iterable[str]) -> None:
        super().__init__()
        known = "|".join(re.escape(prefix) for prefix in prefixes)
        self._secret = re.compile(rf"({known})[^/\s\"'?#]{{8,}}")

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = self._secret.sub(r"\1…", message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True
