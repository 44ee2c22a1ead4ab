"""The fixed window of Hugging Face: so many requests in so many seconds."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Turn:
    """Whether a request may pass, and what the answer says of the window."""

    is_allowed: bool
    quota: int
    window: int
    remaining: int
    resets_in: int

    @property
    def headers(self) -> dict[str, str]:
        headers = {
            "RateLimit": f'"api";r={self.remaining};t={self.resets_in}',
            "RateLimit-Policy": f'"fixed window";"api";q={self.quota};w={self.window}',
        }
        return headers if self.is_allowed else headers | {"Retry-After": str(self.resets_in)}


class FixedWindow:
    def __init__(self, *, quota: int, window: int) -> None:
        self._quota, self._window = quota, window
        self._lock = threading.Lock()
        self._began_at = time.monotonic()
        self._used = 0

    def turn(self) -> Turn:
        with self._lock:
            now = time.monotonic()
            if now - self._began_at >= self._window:
                self._began_at, self._used = now, 0
            is_allowed = self._used < self._quota
            self._used += is_allowed
            return Turn(
                is_allowed=is_allowed,
                quota=self._quota,
                window=self._window,
                remaining=max(0, self._quota - self._used),
                resets_in=max(1, round(self._window - (now - self._began_at))),
            )
