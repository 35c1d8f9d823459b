"""Every setting of the hub, read from the environment once, at start.

Local by default: SQLite and a private Redis, reachable from this machine only. `CXHUB_PRODUCTION=1` asks for
everything that a real installation must say, and refuses to start without it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from cxhub import data_folder, environment, logs
from cxhub.schedule import BY_THE_CLOCK

BASE_DIR = Path(__file__).resolve().parent.parent
PRODUCTION = environment.boolean("CXHUB_PRODUCTION", default=False)
DEBUG = environment.boolean("DEBUG", default=False)
DATA_DIR = Path(environment.text("DATA_DIR", str(BASE_DIR / "var"))).expanduser().resolve()

if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("DEBUG shows secrets to visitors: unset it where CXHUB_PRODUCTION=1.")
    _unset = [
        name for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL") if not environment.text(name)
    ]
    if _unset:
        raise ImproperlyConfigured(f"CXHUB_PRODUCTION=1 needs {', '.join(_unset)} (each also as …_FILE).")

SECRET_KEY = environment.text("SECRET_KEY") or data_folder.secret_key(DATA_DIR)
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS")

# Who may reach the hub -------------------------------------------------------------------------------------------
_LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", _LOOPBACK)
PLAIN_HTTP = environment.boolean("CXHUB_PLAIN_HTTP", default=not PRODUCTION)
if not PRODUCTION and not set(ALLOWED_HOSTS) <= set(_LOOPBACK) and not environment.text("CXHUB_PLAIN_HTTP"):
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS opens the hub to other machines. Set CXHUB_PRODUCTION=1 behind a proxy with TLS, "
        "or CXHUB_PLAIN_HTTP=1 to send customers' data unencrypted through a network that you trust."
    )
_scheme = "http" if PLAIN_HTTP else "https"
CSRF_TRUSTED_ORIGINS = [
    f"{_scheme}://{'*' if host.startswith('.') else ''}{host}" for host in ALLOWED_HOSTS if host != "*"
]
# How many proxies stand before the hub and append to X-Forwarded-For; 0 believes no such header.
TRUSTED_PROXIES = environment.integer("TRUSTED_PROXIES", 1 if PRODUCTION else 0, at_most=5)
# Names of machines in the hub's own network that it may ask all the same: an exchange in the next room.
OUTGOING_PRIVATE_HOSTS = environment.words("OUTGOING_PRIVATE_HOSTS")
METRICS_TOKEN = environment.text("METRICS_TOKEN")

# Rooms -----------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "accounts",
    "customers",
    "tickets",
    "channels_app",
    "voc",
    "kpi",
    "cxhub.apps.CxhubConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "cxhub.apps.StaticConfig",
    "django.contrib.humanize",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_filters",
    "django_htmx",
    "django_prometheus",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "template_partials",
]
MIDDLEWARE = [
    "cxhub.middleware.RequestContextMiddleware",
    "cxhub.health.HealthMiddleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "channels_app.api.middleware.ApiShortcut",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cxhub.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.OrganizationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "channels_app.api.middleware.ApiEntry",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]
ROOT_URLCONF = "cxhub.urls"
ASGI_APPLICATION = "cxhub.asgi.application"
WSGI_APPLICATION = "cxhub.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.shell",
            ],
        },
    }
]
# How many requests one ASGI process works on at once; more wait for their turn.
HTTP_THREADS = environment.integer("HTTP_THREADS", 8, at_least=1, at_most=200)
# As many as make one process busy; what waits there waits for the one interpreter anyway.
SOCKET_THREADS = 6
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Database --------------------------------------------------------------------------------------------------------
# One for each thread that asks, the embedded worker's besides: a message must not wait for a list to give one back.
_pool_size = environment.integer("DATABASE_POOL_SIZE", HTTP_THREADS + SOCKET_THREADS + 2, at_least=1, at_most=200)
_postgresql = environment.postgresql("DATABASE_URL", pool_size=min(_pool_size, 200))
DATABASES = {
    "default": _postgresql
    or {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": environment.text("SQLITE_FILE", str(DATA_DIR / "hub.sqlite3")),
        # A file also in tests: threads and other processes must see the same rows.
        "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
        # Opening the file anew costs 1.3 ms a request; threads are few and fixed (see http.py), so are connections.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # A transaction that starts reading and then writes cannot wait for its turn in SQLite: it fails.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: an acknowledged event survives a power cut at the till, for one fsync a transaction.
            "init_command": (
                "PRAGMA journal_mode=WAL;"
                f"PRAGMA synchronous={environment.choice('SQLITE_SYNCHRONOUS', 'FULL', among=['FULL', 'NORMAL', 'OFF'])};"
                "PRAGMA temp_store=MEMORY;"
                "PRAGMA cache_size=-8000;"
            ),
        },
    }
}

# Redis: sockets, jobs, rate limits ---------------------------------------------------------------------------------
REDIS_URL = environment.redis_url("REDIS_URL") or data_folder.private_redis_url(DATA_DIR)
# Keeps two hubs on one Redis apart.
REDIS_PREFIX = environment.text("REDIS_PREFIX", "cxhub")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "cxhub.channel_layer.TellingChannelLayer",
        "CONFIG": {
            # Without socket_timeout=None redis-py closes idle sockets; many leave at once after a restart.
            "hosts": [{"address": REDIS_URL, "socket_timeout": None, "max_connections": 2048}],
            "prefix": REDIS_PREFIX,
        },
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": REDIS_PREFIX,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}
# Worker and beat inside the server's process; a real installation runs them as processes of their own.
EMBEDDED_WORKER = environment.boolean("CXHUB_EMBEDDED_WORKER", default=not PRODUCTION)
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": f"{REDIS_PREFIX}:"}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = environment.integer("WORKER_CONCURRENCY", 2, at_least=1, at_most=64)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Nothing lives in the schedule that the database does not know, so it needs no file.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BEAT_SCHEDULE = BY_THE_CLOCK

# Mail --------------------------------------------------------------------------------------------------------------
# What goes out leads back here; a worker has no request that it could tell the address from.
_own_address = f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else f"http://127.0.0.1:{environment.text('PORT', '8000')}"
HUB_URL = environment.text("HUB_URL", _own_address).rstrip("/")
_mail_server = environment.mail_server("MAIL_URL")
# Without a server nothing is ever put on its way, and the screens say so.
SENDS_MAIL = _mail_server is not None
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if SENDS_MAIL else 'dummy'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_USE_SSL, EMAIL_USE_TLS = _mail_server or (
    *("localhost", 25, "", ""),
    *(False, False),
)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.text("MAIL_FROM", "cxhub <hub@localhost>")

# People ------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.PersonBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "accounts.forms.login.LoginForm"}
# Wrong passwords are counted by axes alone, which can tell when the lock ends.
ACCOUNT_RATE_LIMITS = {"login_failed": None}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = False
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "cxhub"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
# By account and address together: a stranger guessing from elsewhere locks nobody out of her own desk.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.lockout.locked_out"
# The lock ends when the page said it would, however often somebody tries meanwhile.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_FORM_FIELD = "login"
AXES_CLIENT_IP_CALLABLE = "cxhub.middleware.client_address"
AXES_VERBOSE = False

# Browsers ------------------------------------------------------------------------------------------------------------
# Cookies know no port: two hubs on one machine would log each other out under one name.
_cookie = "cxhub" if PRODUCTION else f"cxhub-{hashlib.sha256(str(DATA_DIR).encode()).hexdigest()[:8]}"
_cookie = _cookie if PLAIN_HTTP else f"__Host-{_cookie}"
SESSION_COOKIE_NAME = f"{_cookie}-session"
SESSION_COOKIE_SECURE = not PLAIN_HTTP
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
# A session nobody uses ends earlier (law R6). A page left open that keeps fetching counts as used.
SESSION_IDLE_SECONDS = 60 * environment.integer("SESSION_IDLE_MINUTES", 120, at_least=5, at_most=720)
# Asked on the first-run page. Without one, a hub open to others is set up by `manage.py create_organization`.
SETUP_CODE = environment.text("SETUP_CODE")
CSRF_FAILURE_VIEW = "accounts.views.errors.csrf_failure"
CSRF_COOKIE_NAME = f"{_cookie}-csrf"
CSRF_COOKIE_SECURE = not PLAIN_HTTP
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = not PLAIN_HTTP
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else 365 * 24 * 60 * 60
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
SILENCED_SYSTEM_CHECKS = [
    # Columns that an index only carries along are PostgreSQL's; SQLite keeps the index without them.
    "models.W040",
    # The hub speaks for its own name only, not for its neighbours below the shop's domain.
    "security.W005",
    "security.W021",
]
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "font-src": [SELF],
        # 'self' covers the sockets of the same origin in today's browsers.
        "connect-src": [SELF],
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# The largest file that may be sent, for one with sales of a year; JSON bodies have the smaller limit above.
MAX_REQUEST_BYTES = 64 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# Files in conversations: one, and all of a message.
ATTACHMENT_MAX_BYTES = environment.integer("ATTACHMENT_MAX_MB", 10, at_least=1, at_most=50) * 1024 * 1024
ATTACHMENTS_MAX_BYTES = ATTACHMENT_MAX_BYTES * 5 // 2
ATTACHMENTS_AT_ONCE = 10
# What most mail servers take; within it a file is a third larger than by itself.
MAIL_FILES_MAX_BYTES = environment.integer("MAIL_MAX_MB", 20, at_least=2, at_most=100) * 1024 * 1024 * 7 // 10

# Static files and uploads ------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
# Hashed names live for ever in browsers; without `collectstatic` the sources are served as they are.
STATIC_MANIFEST = environment.boolean("STATIC_MANIFEST", default=PRODUCTION)
STATIC_ROOT = Path(environment.text("STATIC_ROOT", str(BASE_DIR / "staticfiles"))) if STATIC_MANIFEST else None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not STATIC_MANIFEST
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Words, time --------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = f"{_cookie}-language"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Seoul"
USE_TZ = True

# API -----------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "cxhub",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "OAS_VERSION": "3.1.0",
    "POSTPROCESSING_HOOKS": ["channels_app.api.schema.add_components", "kpi.api_schema.add_figure_components"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# Watching ------------------------------------------------------------------------------------------------------------
LOGGING = logs.configuration(
    as_json=environment.choice("LOG_FORMAT", "json" if PRODUCTION else "text", among=["json", "text"]) == "json",
    level=environment.choice(
        "LOG_LEVEL", "INFO" if PRODUCTION else "WARNING", among=["DEBUG", "INFO", "WARNING", "ERROR"]
    ),
)
PROMETHEUS_EXPORT_MIGRATIONS = False
SENTRY_DSN = environment.text("SENTRY_DSN")
if SENTRY_DSN:
    import sentry_sdk

    # Request bodies and people stay here: only the place and the kind of an error leave the house.
    sentry_sdk.init(
        dsn=SENTRY_DSN,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        environment=environment.text("SENTRY_ENVIRONMENT", "production"),
    )
