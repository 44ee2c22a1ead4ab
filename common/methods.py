"""Decorators for allowed methods, in addition to `require_safe` and `require_POST`."""

from __future__ import annotations

from django.views.decorators.http import require_http_methods

# For a page with a form that posts to the page's own URL.
require_page = require_http_methods(["GET", "HEAD", "POST"])
