"""The site's own 404 page in development, where Django would list its addresses."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import Http404

from common import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)


class OwnMissingPageMiddleware:
    """Show the page that readers get in production; the reason goes to the log.

    Errors keep Django's page with the traceback. Last in MIDDLEWARE, so that it is nearest to the
    views.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Without a match no view ran, and the answer is Django's own.
        if response.status_code == HTTPStatus.NOT_FOUND and request.resolver_match is None:
            logger.info("404: no address matches %s", request.path)
            return errors.page_not_found(request, Http404())
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Http404):
            return None
        view = request.resolver_match.view_name if request.resolver_match else ""
        logger.info("404: %s in the view %s: %s", request.path, view, exception)
        return errors.page_not_found(request, exception)
