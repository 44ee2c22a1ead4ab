"""Settings, all from the environment.

Production is the default, and refuses to start without required variables;
`OCTAVO_ENV=development` is what `make start` sets. docs/operations.md lists every variable.
"""

from __future__ import annotations

from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext
import environ
from django.core.exceptions import ImproperlyConfigured

from config.identity_providers import social_account_providers
from config.schedule import CELERY_BEAT_SCHEDULE as CELERY_BEAT_SCHEDULE
from config.walls import CONTENT_SECURITY_POLICY as CONTENT_SECURITY_POLICY
from config.walls import PERMISSIONS_POLICY as PERMISSIONS_POLICY

# Lets type hints such as ModelAdmin[Paper] run.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEVELOPMENT = env.str("OCTAVO_ENV", "production") == "development"
DEBUG = DEVELOPMENT and env.bool("DEBUG", True)


def required(name: str, *, in_development: str) -> str:
    """Return a variable that production requires."""
    value = str(env.str(name, in_development if DEVELOPMENT else ""))
    if not value:
        raise ImproperlyConfigured(f"Set {name} in the environment.")
    return value


# The site ------------------------------------------------------------------------

SITE_NAME = env.str("SITE_NAME", "Octavo")
PORT = env.int("PORT", 8000)
SITE_URL = required("SITE_URL", in_development=f"http://localhost:{PORT}").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
if not SITE_HOST:
    raise ImproperlyConfigured("SITE_URL must be a whole address, as https://octavo.example.org")

SECRET_KEY = required("SECRET_KEY", in_development="for development only, never for a site")
# Replaced keys, still accepted for signatures and encrypted secrets.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[SITE_HOST])
if "*" in ALLOWED_HOSTS:
    # Links in mail are built from the request's host.
    raise ImproperlyConfigured("ALLOWED_HOSTS must name hosts: '*' lets a stranger forge links.")
if DEVELOPMENT:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
INTERNAL_IPS = ["127.0.0.1"]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

INSTALLED_APPS = [
    "config.apps.OctavoAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.github",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.orcid",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "lucide",
    "template_partials.apps.SimpleAppConfig",
    "common.apps.CommonConfig",
    "accounts.apps.AccountsConfig",
    "papers.apps.PapersConfig",
    "discussions.apps.DiscussionsConfig",
    "groups.apps.GroupsConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "common.headers.PrivateByDefaultMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "common.compressing.QuickGzipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Before the CSRF check, which reads the body.
    "common.uploads.UploadLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionAgeMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.TimeZoneMiddleware",
    "accounts.middleware.InvalidFormMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "common.htmx.HtmxRedirectMiddleware",
    "common.rate_limits.RateLimitMiddleware",
]

if DEBUG:
    MIDDLEWARE.append("devtools.missing_pages.OwnMissingPageMiddleware")

_TEMPLATE_LOADERS: list[Any] = [
    f"django.template.loaders.{place}.Loader" for place in ("filesystem", "app_directories")
]
if not DEBUG:
    _TEMPLATE_LOADERS = [("django.template.loaders.cached.Loader", _TEMPLATE_LOADERS)]

FORM_RENDERER = "common.form_rendering.FormRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", _TEMPLATE_LOADERS)],
            "builtins": [
                "django.templatetags.static",
                "common.templatetags.fragments",
                "common.templatetags.icons",
                "template_partials.templatetags.partials",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "common.context.site",
                "accounts.context.reader",
                "discussions.context.news",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"environment": "common.jinja.environment"},
    },
]

# Data ----------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url_config(
        required("DATABASE_URL", in_development="postgres://octavo@127.0.0.1/octavo")
    )
}
_database = DATABASES["default"]
_database["ENGINE"] = "common.database"
_database.setdefault("OPTIONS", {})
# Prepare a statement after three runs: planning took a third of a page's database time.
_database["OPTIONS"]["server_side_binding"] = True
_database["OPTIONS"]["prepare_threshold"] = env.int("DATABASE_PREPARE_AFTER", 3) or None
# A statement that outlives the request only holds locks.
_database["OPTIONS"]["options"] = (
    f"-c statement_timeout={env.int('DATABASE_STATEMENT_TIMEOUT_MS', 0)}"
    f" -c lock_timeout={env.int('DATABASE_LOCK_TIMEOUT_MS', 0)}"
)
if pool_size := env.int("DATABASE_POOL_SIZE", 0):
    _database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 5}
else:
    _database |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = required("REDIS_URL", in_development="redis://127.0.0.1:6379/0")

CACHES = {
    # Rate limits and one-time codes are stored here, so it must not depend on Redis.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "common_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Rendered fragments that are the same for every visitor, for seconds only.
    "fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "fragments",
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}

# Celery ---------------------------------------------------------------------------
# A message is a wake-up, never the record: see docs/architecture.md.

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_throttle": 1,
    "socket_timeout": 30,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10.0
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

# Accounts and sign-in -----------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
# Extends allauth's, which is Django's with e-mail added; using both would hash twice.
AUTHENTICATION_BACKENDS = ["accounts.backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "accounts.sign_in.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.settings.forms.BrowserTimeZoneForm"
ACCOUNT_FORMS = {
    "login": "accounts.sign_in.forms.LoginForm",
    "signup": "accounts.sign_in.forms.SignupForm",
    "request_login_code": "accounts.sign_in.forms.RequestLoginCodeForm",
    "reset_password": "accounts.sign_in.forms.ResetPasswordForm",
    "add_email": "accounts.sign_in.forms.AddEmailForm",
    "change_password": "accounts.sign_in.forms.ChangePasswordForm",
    "set_password": "accounts.sign_in.forms.SetPasswordForm",
    "reset_password_from_key": "accounts.sign_in.forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.sign_in.forms.ReauthenticateForm",
}
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# The link would appear only for new addresses, and so reveal which ones have an account.
# accounts.sign_in.views.sign_up_again handles mistyped addresses.
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_USERNAME_BLACKLIST: list[str] = []  # accounts.names.reserved_names keeps the reserved names
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(SITE_URL).scheme
MFA_ADAPTER = "accounts.sign_in.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_REAUTHENTICATION_REQUIRED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEVELOPMENT
SOCIALACCOUNT_ADAPTER = "accounts.sign_in.adapter.SocialAccountAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False  # members choose their own username
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = social_account_providers(env)
USERSESSIONS_TRACK_ACTIVITY = False  # a GET must not write
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)

# Security ---------------------------------------------------------------------------

_secure = SITE_URL.startswith("https://")
if not _secure and not DEVELOPMENT:
    raise ImproperlyConfigured("SITE_URL must start with https:// in production.")
_host_prefix = "__Host-" if _secure else ""

SESSION_ENGINE = "accounts.sign_in.session_store"
SESSION_COOKIE_NAME = f"{_host_prefix}sessionid"
SESSION_COOKIE_SECURE = _secure
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = f"{_host_prefix}csrftoken"
CSRF_COOKIE_SECURE = _secure
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "common.errors.csrf_failure"
COOKIE_PREFIX = _host_prefix
COOKIES_SECURE = _secure
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_SSL_REDIRECT = _secure and env.bool("SECURE_SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = 63_072_000 if _secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _secure
SECURE_HSTS_PRELOAD = _secure
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.bool("BEHIND_TLS_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Language, time, files ---------------------------------------------------------------

USE_I18N = False
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / "var" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
# Members' uploads: served only by groups.meeting.files.views, never by a web server.
MEDIA_ROOT = Path(env.str("UPLOADS_FOLDER", str(BASE_DIR / "var" / "uploads")))
# Limits for one file and for all files of a group.
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", 25 * 1024**2)
UPLOAD_QUOTA_BYTES = env.int("UPLOAD_QUOTA_BYTES", 1024**3)

# Mail -----------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"{SITE_NAME} <octavo@{SITE_HOST}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_FOLDER = Path(env.str("MAIL_FOLDER", str(BASE_DIR / "var" / "mail")))
if DEVELOPMENT:
    # Read at /mail/ in the browser.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAIL_FOLDER
else:
    vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
EMAIL_TIMEOUT = 10

# Sources of papers -------------------------------------------------------------------------

HUGGINGFACE_URL = env.str("HUGGINGFACE_URL", "https://huggingface.co")
ARXIV_API_URL = env.str("ARXIV_API_URL", "https://export.arxiv.org/api/query")
ARXIV_RSS_URL = env.str("ARXIV_RSS_URL", "https://rss.arxiv.org/rss")
ARXIV_OAI_URL = env.str("ARXIV_OAI_URL", "https://oaipmh.arxiv.org/oai")
OPENREVIEW_URL = env.str("OPENREVIEW_URL", "https://api2.openreview.net")
CROSSREF_URL = env.str("CROSSREF_URL", "https://api.crossref.org")
# Crossref's contact for problems with our requests; requests with a contact are answered faster.
CROSSREF_MAILTO = env.str("CROSSREF_MAILTO", parseaddr(DEFAULT_FROM_EMAIL)[1])
# A mirror may have a private address only if the operator sets it here.
FETCH_PRIVATE_HOSTS = frozenset(
    host
    for name in [
        "HUGGINGFACE_URL",
        "ARXIV_API_URL",
        "ARXIV_RSS_URL",
        "ARXIV_OAI_URL",
        "OPENREVIEW_URL",
        "CROSSREF_URL",
    ]
    if env.str(name, "") and (host := urlsplit(env.str(name)).hostname)
)
ARXIV_SECONDS_BETWEEN_REQUESTS = env.float("ARXIV_SECONDS_BETWEEN_REQUESTS", 3.0)
# arXiv categories whose announcements are imported, in addition to the curated daily feed.
ARXIV_CATEGORIES = env.list("ARXIV_CATEGORIES", default=[])
IMPORT_CATCH_UP_DAYS = env.int("IMPORT_CATCH_UP_DAYS", 14)
# After the first failure of an import; it doubles with each, up to 20 times as much.
IMPORT_RETRY_SECONDS = env.float("IMPORT_RETRY_SECONDS", 30.0)
# Thumbnails are fetched from the addresses that the feed names, and kept by the site.
SHOW_THUMBNAILS = env.bool("SHOW_THUMBNAILS", True)
# AI summaries and keywords come with the feed. Off unless a community wants them: no author has
# checked them, and they would stand beside the authors' own words.
SHOW_AI_SUMMARIES = env.bool("SHOW_AI_SUMMARIES", False)

# Logs -----------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {
        "secrets": {
            "()": "common.secret_addresses.HideSecretAddresses",
            "prefixes": ["/calendars/", "/invitations/"],
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["secrets"]}
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {"django.server": {"level": "WARNING"}},
}
