"""The WSGI entry point: `granian --interface wsgi config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Web threads share a pool. Celery forks, and a pool must not cross a fork, so workers and
# commands keep one plain connection each.
os.environ.setdefault("DATABASE_POOL_SIZE", "8")
# A request that waits longer blocks its thread. Workers and commands have no such limit.
# Rewriting every score locks them for 3 s.
os.environ.setdefault("DATABASE_STATEMENT_TIMEOUT_MS", "10000")
os.environ.setdefault("DATABASE_LOCK_TIMEOUT_MS", "5000")

application = get_wsgi_application()
