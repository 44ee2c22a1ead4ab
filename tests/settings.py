"""The site's settings, for tests: the development ones, with a quick password hash."""

import os

os.environ.setdefault("OCTAVO_ENV", "development")
os.environ.setdefault("DEBUG", "false")

from config.settings import *  # noqa: E402, F403

# Argon2 is slow by design; hundreds of test members need no slowness.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
