"""Content-Security-Policy and Permissions-Policy: pages load only the site's own resources."""

from __future__ import annotations

from typing import Any

from csp.constants import NONE, SELF

_OWN = "script-src style-src img-src font-src connect-src manifest-src form-action"
_NONE = "default-src base-uri object-src frame-ancestors"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        **{directive: [NONE] for directive in _NONE.split()},
        **{directive: [SELF] for directive in _OWN.split()},
    },
}
_UNUSED = "accelerometer camera display-capture geolocation gyroscope magnetometer microphone"
PERMISSIONS_POLICY: dict[str, list[str]] = {
    **{feature: [] for feature in f"{_UNUSED} midi payment usb".split()},
    "publickey-credentials-get": ["self"],
    "publickey-credentials-create": ["self"],
}
