"""What every installation shares. Each variable is described in docs/operations.md."""

from pathlib import Path

import pghistory

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent.parent

DEBUG = False
DEMO = False
FAILPOINTS_ENABLED = False  # named points at which a fault test lets a process die
SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
FIELD_KEYS = env.keys("FIELD_KEYS")
INDEX_KEY = env.key("INDEX_KEY")
EXCHANGE_IDENTITY = env.identity("EXCHANGE_IDENTITY")
PUBLIC_URL = env.web_address("PUBLIC_URL")

INSTALLED_APPS = [
    "config",
    "accounts",
    "registry",
    "followup",
    "rehab",
    "subsidy",
    "exchange",
    "reports",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "guardian",
    "pghistory",
    "pgtrigger",
    "django_otp",
    "django_htmx",
    "csp",
    "rest_framework",
    "drf_spectacular",
]

MIDDLEWARE = [
    "config.health.probes",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.middleware_sessions.SessionLimits",
    "accounts.middleware.scoped",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.guard",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["config.url_tag", "config.static_tag"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.shell",
            ],
        },
    }
]

FORM_RENDERER = "config.form_renderer.WrittenWidgets"

# The database. ATOMIC_REQUESTS stays off: accounts.middleware.scoped opens the one transaction of a request.
DATABASES = {
    "default": env.database("DATABASE_URL")
    | {"ATOMIC_REQUESTS": False, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Who someone is
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.AccountBackend"]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
PASSWORD_MAX_AGE_DAYS = env.number("PASSWORD_MAX_AGE_DAYS", 90)  # 0: no age
PASSWORD_MIN_LENGTH = env.number("PASSWORD_MIN_LENGTH", 12, least=8)
PASSWORD_MIN_KINDS = env.number("PASSWORD_MIN_KINDS", 3, least=1)
SESSION_ENGINE = "accounts.sessions"  # rows in PostgreSQL: each can be seen and ended by its owner
SESSION_IDLE_SECONDS = env.number("SESSION_IDLE_SECONDS", 15 * 60, least=60)
SESSION_ABSOLUTE_SECONDS = env.number("SESSION_ABSOLUTE_SECONDS", 8 * 60 * 60, least=60)
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # they may name a person: not in a cookie
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.views.csrf_refused"
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)  # how many entries of X-Forwarded-For are our own proxies'

# Dated exceptions (accounts and registry keep the dates) and who else widens a reach
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
REACH_EXTENSIONS = ["registry.queries.grants.granted_patient_ids"]
# Rooms that have lines for 今日工作: functions (user, today) -> list[WorkItem]
WORK_SOURCES: list[str] = [
    "followup.queries.incidents.incident_lines",
    "followup.queries.incidents.emergency_lines",
    "followup.queries.prompts.prompt_lines",
    "followup.queries.plans.plan_lines",
    "followup.queries.colour_lines.colour_lines",
    "followup.queries.tries.try_lines",
    "followup.queries.deaths.death_lines",
    "followup.queries.medicine_lists.injection_lines",
    "followup.queries.medicine_lists.supply_lines",
    "followup.queries.exams.exam_lines",
    "registry.queries.clues.work_lines",
    "registry.queries.expected.work_lines",
    "registry.queries.cards.work_lines",
    "exchange.queries.reviews.review_lines",
    "exchange.queries.review_gaps.gap_lines",
    "exchange.queries.joint.joint_lines",
    "exchange.queries.template_lines.template_lines",
    "exchange.queries.package_receipts.refusal_lines",
    "exchange.queries.portal.emergency_lines",
    "exchange.queries.portal.stop_lines",
    "exchange.queries.objection_lines.objection_lines",
    "exchange.queries.package_receipts.clerk_lines",
    "exchange.queries.differences.difference_lines",
    "exchange.queries.late_differences.late_difference_lines",
    "exchange.queries.delivery_lines.work_lines",
    "exchange.queries.overdue.overdue_lines",
    "exchange.queries.person_notice_lines.notice_lines",
    "exchange.queries.my_notices.waiting_lines",
    "registry.queries.notices.work_lines",
    "registry.queries.id_checks.work_lines",
    "registry.queries.no_id.work_lines",
    "registry.queries.papers.work_lines",
    "registry.queries.duty.work_lines",
    "registry.queries.files.work_lines",
    "registry.queries.transfers.work_lines",
    "registry.queries.away.work_lines",
    "registry.queries.referral_work.work_lines",
    "reports.queries.reported_lines.reported_lines",
    "reports.queries.supervision_work.supervision_lines",
]
# What floors above the register derive from a person's rows: functions (patient keys), called after a merge or its undoing
MERGE_FOLLOWERS = [
    "followup.services.summaries.refresh",
    "followup.services.windows.refresh_windows",
    "followup.services.prescriptions.settle_due",
]
# What hangs on a clue: functions (clue, patient, by) once the person has a file, (clue) once the person is forgotten
CLUE_REGISTERED = ["followup.services.clue_records.carry", "exchange.services.differences.clue_registered"]
CLUE_FORGOTTEN = ["followup.services.clue_records.forget"]
# What speaks against the day on which a file is closed: functions (patient, day), each a list of sentences
CLOSING_DOUBTS = ["followup.queries.visits.seen_after"]
# When somebody who is said to have died was met after that day: a function (patient, day), the last such day or None
MET_AFTER = "followup.queries.visits.met_after"
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # guardian's backend forgets expiry: it is left out on purpose

# Row history is written by triggers that the application cannot switch off; its context stands on the event row.
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField(null=True)
PGHISTORY_CONTEXT_ID_FIELD = pghistory.ContextUUIDField(null=True)

# What a browser may do with our pages
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY: str | None = "same-origin"

# What one request may carry
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

# Language, time, static files
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "var" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
REPORT_FONT_DIR = env.text("REPORT_FONT_DIR", "")

# Notices without content to the offices' own addresses: nothing is sent before an office's address is registered.
NOTICE_MAIL_FROM = env.text("NOTICE_MAIL_FROM", "")  # empty: no mail leaves
NOTICE_NETWORKS = env.networks("NOTICE_NETWORKS")  # inner networks that webhooks may reach; empty: the internet only
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25, least=1)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10

# Background work: the broker only wakes the worker, so a publish gives up at once and the sweeper delivers.
SWEEP_SECONDS = env.number("SWEEP_SECONDS", 30, least=0.1)
LEASE_SECONDS = env.number("LEASE_SECONDS", 60, least=0.1)
REDIS_URL = env.text("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker however long it is away
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 1,
    "retry_on_timeout": False,
    "max_retries": 0,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = env.text("BEAT_FILE", str(BASE_DIR / "var" / "beat"))

# The API refuses whatever no view has opened.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api_auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["config.closed.Closed"],
    "EXCEPTION_HANDLER": "accounts.api_doors.handle",
    "DEFAULT_PARSER_CLASSES": ["config.parsing.TextJson"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "config.openapi.ByPath",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "严重精神障碍患者管理接口",
    "DESCRIPTION": "一县或多县的患者、随访、风险通报与指标。",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "StateEnum": "followup.terms.State",
        "SocialStateEnum": "followup.terms.SocialState",
        "LockedEnum": "registry.terms.Locked",
    },
}

# Logs name requests and ids, never bodies, query strings or names.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "django.db.backends": {"level": "WARNING"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # scanners: answered 400, not worth a traceback
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}
