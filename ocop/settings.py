"""Settings, read from the environment (`.env.example` lists every variable)."""

from datetime import date
from pathlib import Path

import bootstrap
import environ
import fontpkg_be_vietnam_pro
from celery.schedules import crontab
from csp.constants import NONE, SELF

from ocop import embedded, file_storage

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = embedded.VAR_DIR

env = environ.Env()  # ocop.embedded has read .env

# One switch between a machine for trying out and a machine that serves a province.
PRODUCTION = env.bool("OCOP_PRODUCTION", default=False)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="") or ("" if PRODUCTION else embedded.local_secret_key())
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "ocop.apps.OcopConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "pghistory",
    "pgtrigger",
    "rules.apps.AutodiscoverRulesConfig",
    "template_partials",
    "core",
    "accounts",
    "products",
    "evaluation",
    "training",
    "reports",
]

MIDDLEWARE = [
    "core.middleware.ProxyAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SignInFirstMiddleware",
    "accounts.middleware.FirstPasswordMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "core.middleware.RefusalAuditMiddleware",
    "core.middleware.NoStoreMiddleware",
    "core.middleware.MethodInWordsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "ocop.urls"
WSGI_APPLICATION = "ocop.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.site",
                "accounts.context_processors.navigation",
            ],
            "builtins": ["core.templatetags.ocop"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# PostgreSQL everywhere: the embedded server when no address is given.
DATABASES = {"default": env.db_url_config(env("DATABASE_URL", default="") or embedded.database_url())}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Disks without moving heads: a page by index costs no more than the next one. And how alike a name must be
# to what was typed (0 to 1) before a search that found nothing offers it.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
    "options", "-c random_page_cost=1.1 -c pg_trgm.word_similarity_threshold=0.4"
)
DATABASES["default"]["TEST"] = {"NAME": env("OCOP_TEST_DB", default="test_ocop")}
# Looking writes nothing: only an act is tied to who did it, and a public page need not ask who looks.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="") or embedded.redis_url()

CACHES = {
    # What each process may keep for itself.
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # What all processes count together: requests of an address to the public pages.
    "shared": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "ocop",
        "OPTIONS": {"socket_timeout": 1},
    },
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "accounts.backends.SignInBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "accounts:home"
LOGOUT_REDIRECT_URL = "accounts:login"

# Five failures lock the account and address for a while (level-3 rule of the state's own guidance).
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_ENABLED = env.bool("AXES_ENABLED", default=True)

# One language on the screen, written in the templates; no message catalogue of our own.
LANGUAGE_CODE = "vi"
USE_I18N = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
FORMAT_MODULE_PATH = ["ocop.formats"]
# Off: it would also group ids and years in templates ("2.026"); figures go through `vn_number`.
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap", Path(next(iter(bootstrap.__path__)))),
    ("fonts", Path(fontpkg_be_vietnam_pro.__file__).resolve().parent / "files"),
]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    # Evidence, photos and papers: a private folder, or an S3-compatible store when S3_BUCKET is set.
    "default": file_storage.from_environment(env, VAR_DIR / "files"),
    "staticfiles": {"BACKEND": "ocop.storage.StaticStorage"},
}

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="OCOP <khong-tra-loi@localhost>")
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000")

SESSION_COOKIE_AGE = env.int("SESSION_COOKIE_AGE", default=8 * 60 * 60)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=PRODUCTION)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31536000 if PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
# How many proxies of our own (nginx, load balancer) stand in front of the web processes.
OCOP_PROXY_COUNT = env.int("OCOP_PROXY_COUNT", default=1 if PRODUCTION else 0)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# No inline script, no inline style, nothing from another host.
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
    },
}

CELERY_BROKER_URL = embedded.celery_url(REDIS_URL)
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Rendering PDF keeps memory: children are recycled.
CELERY_WORKER_MAX_TASKS_PER_CHILD = 20
CELERY_TASK_TIME_LIMIT = 15 * 60
CELERY_TASK_SOFT_TIME_LIMIT = 14 * 60
# Papers wait in a queue of their own: a long batch keeps no letter and no import waiting.
CELERY_TASK_ROUTES = {"reports.tasks.*": {"queue": "papers"}}
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "recover-lost-jobs": {"task": "core.tasks.recover_lost_jobs", "schedule": 60.0},
    "send-reminders": {"task": "core.tasks.send_reminders", "schedule": crontab(hour=6, minute=0)},
    "mail-waiting-notices": {"task": "core.tasks.mail_waiting_notices", "schedule": 5 * 60.0},
    # One letter a person and day; the later runs are for those whose letter could not leave.
    "mail-digests": {"task": "core.tasks.mail_digests", "schedule": crontab(hour=7, minute="*/15")},
    "prepare-monthly-report": {
        "task": "reports.tasks.prepare_monthly",
        "schedule": crontab(hour=5, minute=30),
    },
    "prune-notices": {"task": "core.tasks.prune_notices", "schedule": crontab(hour=3, minute=0)},
}

# Evidence papers: largest file, all files of one version, and how early an expiry is pointed at.
EVIDENCE_MAX_FILE_MB = env.int("EVIDENCE_MAX_FILE_MB", default=25)
EVIDENCE_MAX_DOSSIER_MB = env.int("EVIDENCE_MAX_DOSSIER_MB", default=500)
EVIDENCE_EXPIRY_WARNING_DAYS = env.int("EVIDENCE_EXPIRY_WARNING_DAYS", default=90)
FILE_UPLOAD_HANDLERS = [
    "core.uploads.CappedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# The province this installation belongs to (code of QĐ 19/2025/QĐ-TTg).
OCOP_PROVINCE = env("OCOP_PROVINCE", default="42")
# Days the Government gives off or has worked in exchange, beyond what the `holidays` package knows.
OCOP_EXTRA_HOLIDAYS = [date.fromisoformat(day) for day in env.list("OCOP_EXTRA_HOLIDAYS", default=[])]
OCOP_EXTRA_WORKING_DAYS = [date.fromisoformat(day) for day in env.list("OCOP_EXTRA_WORKING_DAYS", default=[])]
# The day of the month on which figures of a reporting period close; 0: the last day of the month.
OCOP_CUT_OFF_DAY = env.int("OCOP_CUT_OFF_DAY", default=14)

# Processes that render papers (`ocop.serve`, queue "papers"): a batch is shared among so many.
OCOP_PAPER_WORKERS = env.int("PAPER_WORKERS", default=2)
# Folder of the root certificates signatures must lead to; empty: who gave a certificate is shown, not judged.
OCOP_SIGNATURE_ROOTS = env("OCOP_SIGNATURE_ROOTS", default="")
# A PKCS#12 file to sign issued papers with, for provinces without a token; empty: off.
OCOP_SIGN_P12 = env("OCOP_SIGN_P12", default="")
OCOP_SIGN_P12_PASSWORD = env("OCOP_SIGN_P12_PASSWORD", default="")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "fontTools": {"level": "WARNING"},
        # What is wrong with a signature is told to the person, not to the log.
        "pyhanko": {"level": "ERROR"},
        "pyhanko_certvalidator": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
    },
}
