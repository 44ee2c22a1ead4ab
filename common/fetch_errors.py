"""Errors of fetching, with messages for operators."""

from __future__ import annotations


class FetchError(Exception):
    """A request that brought no usable answer. The message is fit to show an operator."""

    is_retryable = False

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class FetchRefusedError(FetchError):
    """We did not ask: the address is one that this site does not talk to."""


class FetchUnreachableError(FetchError):
    """The host has no address, takes no connection, or hung up on us."""

    is_retryable = True


class FetchTimeoutError(FetchError):
    """The exchange as a whole took longer than it may."""

    is_retryable = True


class FetchTooLargeError(FetchError):
    """More bytes, on the wire or decoded, than we take."""


class FetchMalformedError(FetchError):
    """The answer breaks HTTP or its own content encoding."""

    is_retryable = True


class FetchBusyError(FetchError):
    """Our own pace leaves no room for the request now."""

    is_retryable = True


class FetchStatusError(FetchError):
    """The server answered with an error status."""

    # 408, 425 and 429 ask us to come back; of the 5xx these say "not now".
    RETRYABLE = frozenset({408, 425, 429, 500, 502, 503, 504})

    def __init__(self, status: int, *, retry_after: float | None = None, body: bytes = b"") -> None:
        wish = "" if retry_after is None else f" and asked us to wait {retry_after:.0f} s"
        super().__init__(
            f"The server answered with status {status}{wish}.", retry_after=retry_after
        )
        self.status = status
        self.body = body
        self.is_retryable = status in self.RETRYABLE


class FetchRateLimitedError(FetchStatusError):
    """The server answered 429."""
