"""One family of errors for all clients, with messages fit to show an operator."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from common.fetch_errors import (
    FetchError,
    FetchMalformedError,
    FetchRateLimitedError,
    FetchRefusedError,
    FetchStatusError,
    FetchTooLargeError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


class ClientError(Exception):
    """A service gave no answer that can be used."""

    is_retryable = False

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class UnavailableError(ClientError):
    """The service is away for now."""

    is_retryable = True


class RateLimitedError(UnavailableError):
    """The service wants to be asked more slowly."""


class MalformedAnswerError(ClientError):
    """The answer is not what the service's documents promise.

    Retryable, because maintenance pages and cut-off answers come with status 200.
    """

    is_retryable = True


class NotFoundError(ClientError):
    """The service does not know the thing asked for."""


class RefusedError(ClientError):
    """The service, or our own fetcher, turned the request down for good."""


class ForbiddenError(RefusedError):
    """The service shows the thing to others, or to nobody yet."""


_BY_STATUS = {401: ForbiddenError, 403: ForbiddenError, 404: NotFoundError, 410: NotFoundError}


@contextlib.contextmanager
def as_client_errors(service: str) -> Iterator[None]:
    """Turn what the fetcher raises into the clients' family."""
    try:
        yield
    except FetchError as error:
        raise _translated(error, service) from error


def _translated(error: FetchError, service: str) -> ClientError:
    message = f"{service}: {error}"
    match error:
        case FetchRateLimitedError():
            return RateLimitedError(message, retry_after=error.retry_after)
        case FetchStatusError(status=status) if status in _BY_STATUS:
            return _BY_STATUS[status](message)
        case FetchRefusedError():
            return RefusedError(message)
        case FetchTooLargeError() | FetchMalformedError():
            return MalformedAnswerError(message)
        case _ if error.is_retryable:
            return UnavailableError(message, retry_after=error.retry_after)
        case _:
            return RefusedError(message)
