"""Which methods a view takes, beside Django's `require_safe` and `require_POST`."""

from __future__ import annotations

from django.views.decorators.http import require_http_methods

# A page with a form that is sent to its own address.
require_page = require_http_methods(["GET", "HEAD", "POST"])
