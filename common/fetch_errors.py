"""What can go wrong when fetching. Every message is fit to show an operator."""

from __future__ import annotations


class FetchError(Exception):
    """A request that brought no usable answer."""

    is_retryable = False
    retry_after: float | None = None

    def __init__(self, message: str, *, url: str = "") -> None:
        super().__init__(message)
        self.url = url


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

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class FetchStatusError(FetchError):
    """The server answered with an error status."""

    # 408, 425 and 429 ask us to come back; of the 5xx these say "not now".
    RETRYABLE = frozenset({408, 425, 429, 500, 502, 503, 504})

    def __init__(
        self,
        status: int,
        *,
        url: str = "",
        retry_after: float | None = None,
        body: bytes = b"",
    ) -> None:
        super().__init__(_status_message(status, retry_after), url=url)
        self.status = status
        self.retry_after = retry_after
        self.body = body
        self.is_retryable = status in self.RETRYABLE


class FetchRateLimitedError(FetchStatusError):
    """The server answered 429."""


def _status_message(status: int, retry_after: float | None) -> str:
    message = f"The server answered with status {status}"
    if retry_after is None:
        return f"{message}."
    return f"{message} and asked us to wait {retry_after:.0f} s."
