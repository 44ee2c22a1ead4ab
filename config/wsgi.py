"""The web server's door: `granian --interface wsgi config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Web threads share a pool. Celery forks, and a pool must not be carried across a
# fork, so workers and commands keep one plain connection each.
os.environ.setdefault("DATABASE_POOL_SIZE", "8")

application = get_wsgi_application()
