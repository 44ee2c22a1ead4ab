"""The site's settings as a community runs it: no debugging, real hashes, hashed static files.

Development stays on only so that loopback needs no TLS. Votes come from many addresses
through one trusted proxy, so that the real rate limits are in the way, and never hit.
"""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
