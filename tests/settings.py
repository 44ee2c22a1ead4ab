"""The site's settings, for tests: the development ones, with a quick password hash."""

import os

from tests.services import ensure_services

os.environ["OCTAVO_ENV"] = "development"
os.environ["DEBUG"] = "false"
ensure_services()

from config.settings import *  # noqa: E402, F403

# Argon2 is slow by design; hundreds of test members need no slowness.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Nobody's feed is asked in tests: an address that refuses at once.
HUGGINGFACE_URL = ARXIV_API_URL = ARXIV_RSS_URL = ARXIV_OAI_URL = "http://127.0.0.1:9"
# WhiteNoise warns of a folder that `collectstatic` has not made yet.
STATIC_ROOT = BASE_DIR / "static"  # noqa: F405
