"""The one settings file. Machines differ by environment only; docs/operations.md has a row for each."""

import contextlib
import hashlib
import os
import secrets
import sys
from pathlib import Path
from typing import Any

import environ
import structlog
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

env = environ.Env()

# Where things are

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
SITE_NAME = "Vernissage"
DEBUG = env.bool("DEBUG", default=False)


def _secret_key() -> str:
    """The key of the environment, or one made once and kept beside the data of this machine."""
    if key := env.str("SECRET_KEY", default=""):
        return str(key)
    kept = VAR_DIR / "secret_key"
    if not kept.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_name(f"secret_key.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):  # the first process wins, the others read its key
            os.link(fresh, kept)
        fresh.unlink()
    return kept.read_text()


SECRET_KEY = _secret_key()

# Servers: where nothing is configured, config/services.py runs its own under VAR_DIR


def socket_dir() -> Path:
    """A folder for unix sockets: paths end at about 100 characters, so a deep checkout gets another."""
    near = VAR_DIR / "run"
    if len(str(near)) <= 80:
        return near
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR", "/var/tmp"))  # noqa: S108 -- the folder itself is private
    return runtime / f"vernissage-{hashlib.sha256(str(near).encode()).hexdigest()[:12]}"


SOCKET_DIR = socket_dir()
EMBEDDED_POSTGRES = not env.str("DATABASE_URL", default="")
EMBEDDED_VALKEY = not env.str("VALKEY_URL", default="")

_database: dict[str, Any] = env.db(
    "DATABASE_URL", default=f"postgres://postgres@/vernissage?host={SOCKET_DIR / 'postgres'}"
)
_database["CONN_HEALTH_CHECKS"] = True
_database["OPTIONS"] = {**_database.get("OPTIONS", {}), "connect_timeout": 10}
if env.bool("DATABASE_POOL", default=False):
    _database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
DATABASES = {"default": _database}

VALKEY_URL = env.str("VALKEY_URL", default="") or f"unix://{SOCKET_DIR / 'valkey.sock'}"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": VALKEY_URL,
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 5},
    }
}

# Tasks

CELERY_BROKER_URL = env.str("BROKER_URL", default="") or VALKEY_URL.replace("unix://", "redis+socket://")
CELERY_TASK_IGNORE_RESULT = True  # the database row is the truth, nobody waits for a result
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_MAX_MEMORY_PER_CHILD = env.int("WORKER_MAX_MEMORY_KB", default=4_000_000)
CELERY_TASK_SOFT_TIME_LIMIT = env.int("TASK_SOFT_SECONDS", default=120)
CELERY_TASK_TIME_LIMIT = env.int("TASK_HARD_SECONDS", default=150)
CELERY_TASK_DEFAULT_QUEUE = "desk"
# Queue ``vision`` is for what needs the encoder or the registry's index in memory. What looks after the house
# has a queue of its own, and a worker takes from its queues in turn: no letter waits behind a thousand
# entries, and no look of the sweeper passes for work that waits.
SWEEP_QUEUE = "sweep"
CELERY_TASK_ROUTES = {
    "moderation.tasks.requeue": {"queue": SWEEP_QUEUE},
    "moderation.tasks.snapshot_entries": {"queue": SWEEP_QUEUE},
    "submissions.tasks.post": {"queue": SWEEP_QUEUE},
    "submissions.tasks.preview_missed": {"queue": SWEEP_QUEUE},
    "moderation.tasks.publish_heads": {"queue": SWEEP_QUEUE},
    "moderation.tasks.erase_left": {"queue": SWEEP_QUEUE},
    "moderation.tasks.decisions_take_effect": {"queue": SWEEP_QUEUE},
    "moderation.tasks.end_appeals": {"queue": SWEEP_QUEUE},
    "moderation.tasks.lapse_claims": {"queue": SWEEP_QUEUE},
    "matching.tasks.embed_missed": {"queue": SWEEP_QUEUE},
    "matching.tasks.tidy": {"queue": SWEEP_QUEUE},
    "moderation.tasks.see": {"queue": "vision"},
    "matching.tasks.embed": {"queue": "vision"},
    "matching.tasks.snapshot": {"queue": "vision"},
    "matching.tasks.portray": {"queue": "vision"},
    "moderation.tasks.recheck": {"queue": "vision"},
    "moderation.tasks.dry_run": {"queue": "vision"},
}
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker as long as it takes
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"visibility_timeout": 3600, "socket_connect_timeout": 2, "socket_timeout": 30, "retry_on_timeout": True}
    if CELERY_BROKER_URL.startswith(("redis", "valkey"))
    else {}
)
# A web request never waits long for the broker: the sweeper finds what a nudge missed.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1, "interval_max": 0.1}
CELERY_TIMEZONE = "UTC"
SWEEP_SECONDS = env.int("SWEEP_SECONDS", default=15)
SWEEP_GRACE_SECONDS = env.int("SWEEP_GRACE_SECONDS", default=20)

# Files and models

STORAGES = {
    "default": (
        {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": env.str("S3_BUCKET", default=""),
                "endpoint_url": env.str("S3_ENDPOINT_URL", default="") or None,
                "default_acl": "private",
                "querystring_auth": True,
            },
        }
        if env.str("S3_BUCKET", default="")
        else {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    ),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(VAR_DIR / "media"))
MEDIA_URL = "/no-media-is-served-by-path/"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_TEMP_DIR = env.str("UPLOAD_TEMP_DIR", default="") or None
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # form fields; files stream to disk
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 30

UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=60 * 1024 * 1024)
UPLOAD_MAX_PIXELS = env.int("UPLOAD_MAX_PIXELS", default=200_000_000)
UPLOAD_MAX_FILES = env.int("UPLOAD_MAX_FILES", default=12)
DRY_RUNS_A_DAY = env.int("DRY_RUNS_A_DAY", default=6)
UNDO_SECONDS = env.int("UNDO_SECONDS", default=600)
CASE_LOCK_SECONDS = env.int("CASE_LOCK_SECONDS", default=300)
CLAIMS_OPEN = env.int("CLAIMS_OPEN", default=20)
CLAIMS_A_DAY = env.int("CLAIMS_A_DAY", default=10)
CLAIM_HOLDS = env.int("CLAIM_HOLDS", default=10)
# Hosts with their port ("images.example.org:8080") that may be fetched from though they are private.
FETCH_ALLOW = env.list("FETCH_ALLOW", default=[])
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=2 * 1024 * 1024 * 1024)

MODELS_DIR = Path(env.str("MODELS_DIR", default=str(VAR_DIR / "models")))
INDEX_DIR = Path(env.str("INDEX_DIR", default=str(VAR_DIR / "index")))
MATCHING_INDEX = env.str("MATCHING_INDEX", default="faiss")  # or milvus://host:port/database
INDEX_SHARED = env.bool("INDEX_SHARED", default=bool(env.str("S3_BUCKET", default="")))
CACHE_DIR = Path(env.str("CACHE_DIR", default=str(VAR_DIR / "cache")))
CLIP_ARCHITECTURE = env.str("CLIP_ARCHITECTURE", default="ViT-B-16-quickgelu")
CLIP_WEIGHTS = env.str(
    "CLIP_WEIGHTS", default=""
)  # a file or an open_clip tag; empty means the provisioned file
DEVICE = env.str("DEVICE", default="auto")
DETECTOR_CROPS = env.int("DETECTOR_CROPS", default=0)
TORCH_THREADS = env.int("TORCH_THREADS", default=os.cpu_count() or 1)

TRUST_DIRS = [Path(folder) for folder in env.list("TRUST_DIRS", default=[str(VAR_DIR / "trust")])]
TRUST_LIST_URLS = {
    "C2PA-TRUST-LIST.pem": env.str(
        "TRUST_LIST_URL",
        default="https://raw.githubusercontent.com/c2pa-org/conformance-public/main/trust-list/C2PA-TRUST-LIST.pem",
    ),
    "cai_anchors.pem": env.str(
        "TRUST_CAI_ANCHORS_URL", default="https://contentcredentials.org/trust/anchors.pem"
    ),
    "cai_allowed.pem": env.str(
        "TRUST_CAI_ALLOWED_URL", default="https://contentcredentials.org/trust/allowed.pem"
    ),
}

# With what the house signs copies of hung works; without a certificate, a demonstration's, marked as such
CREDENTIALS_CERTIFICATE = env.str("CREDENTIALS_CERTIFICATE", default="")
CREDENTIALS_KEY = env.str("CREDENTIALS_KEY", default="")
CREDENTIALS_SIGNER = env.str("CREDENTIALS_SIGNER", default="")
RECEIPT_KEY = env.str("RECEIPT_KEY", default="")

# The site

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "pgtrigger",
    "rules.apps.AutodiscoverRulesConfig",
    "template_partials",
    "config",
    "matching",
    "submissions",
    "moderation",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "submissions.middleware.personal_settings",
    "submissions.middleware.bounded_body",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
                "submissions.context.site",
            ],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(VAR_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_MAX_AGE = 3600

# People

AUTH_USER_MODEL = "submissions.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/desk/"
LOGIN_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_URL.startswith("https://") else "http"
ACCOUNT_SIGNUP_FORM_CLASS = "submissions.forms.SignupExtras"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Beside allauth's own limits: naming addresses as members would tell who has an account.
ACCOUNT_RATE_LIMITS = {"add_member": "20/h/user"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME

# Behind a proxy, the visitor's address is the one the last trusted proxy wrote; without one, the peer's own.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)

# Mail: without a server, letters are files under VAR_DIR/mail, and the site's pages say the same things

_mail = env.email_url("EMAIL_URL", default="filemail://")
EMAIL_CONFIG = _mail
vars().update(_mail)
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Vernissage <desk@localhost>")

# Words

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ko", _("Korean"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Safety

_host = SITE_URL.split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0]
_https = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[_host, "127.0.0.1", "localhost"] if not _https else [_host]
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = _https
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

# Logs: readable on a terminal, JSON where LOG_JSON is set

LOG_JSON = env.bool("LOG_JSON", default=not sys.stderr.isatty())
_shared_processors: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer() if LOG_JSON else structlog.dev.ConsoleRenderer(),
            "foreign_pre_chain": _shared_processors,
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "propagate": False},
        "kombu": {"level": "WARNING"},
        "PIL": {"level": "WARNING"},
        "botocore": {"level": "WARNING"},
        "faiss": {"level": "WARNING"},
    },
}
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_shared_processors,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.processors.UnicodeDecoder(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
