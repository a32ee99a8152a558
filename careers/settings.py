"""Every setting of the site, in one file; what differs between machines comes from the environment.

`.env.example` explains each variable. All faults of the environment are named in one message, and
without the variables that production needs the site does not start.
"""

import sys
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env, EnvValidationError, ValidationError

from careers import cards
from careers.documents import address as documents
from careers.documents.types import types
from careers.languages import field_name
from careers.outbox import server

BASE_DIR = Path(__file__).resolve().parent.parent


# --- The environment ---------------------------------------------------------------------------


def _address(value):
    """SITE_URL: a scheme and a host, nothing behind them; https unless the site is local."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or value != value.strip():
        raise ValidationError(
            "give the whole address of the site, like https://careers.example.com"
        )
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValidationError("give the address without a path, like https://careers.example.com")
    if parts.scheme == "http" and not LOCAL:
        raise ValidationError("must begin with https:// (only LOCAL=yes may use http://)")


def _secret(value):
    """SECRET_KEY: long enough to be random, and not an example from a text."""
    if len(value) < 50 or len(set(value)) < 5 or "example" in value or "change" in value:
        raise ValidationError("must be at least 50 random characters (`make secret` prints some)")


def _zone(value):
    """TIME_ZONE: a name of the IANA database."""
    if value not in available_timezones():
        raise ValidationError("give the name of a time zone, like Asia/Tokyo")


def _read_by(read):
    """A variable that `read` understands, or that is wrong in the words of its ValueError."""

    def validate(value):
        try:
            read(value)
        except ValueError as fault:
            raise ValidationError(str(fault)) from None

    return validate


def _mail(read):
    """SMTP_URL and MAIL_FROM: what the outbox can read; nothing, where letters are files."""
    return _read_by(lambda value: (value or not LOCAL) and read(value))


def _megabytes(value):
    """PAGE_CACHE_MB: room for some pages, in a process that has other things to remember."""
    if not 1 <= value <= 4_096:
        raise ValidationError("give a number of megabytes from 1 to 4096")


def _proxies(value):
    """PROXIES: how many of our own proxies add to X-Forwarded-For."""
    if not 0 <= value <= 9:
        raise ValidationError("give the number of proxies in front of the site, 0 without any")


env = Env(eager=False)
env.read_env(BASE_DIR / ".env", recurse=False)

LOCAL = env.bool("LOCAL", False)
SECRET_KEY = env.str("SECRET_KEY", validate=_secret)
SECRET_KEY_FALLBACKS = env.list(
    "SECRET_KEY_FALLBACKS", [], subcast=str.strip, validate=lambda keys: [*map(_secret, keys)]
)
SITE_URL = (env.str("SITE_URL", validate=_address) or "").rstrip("/")
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")) or "")
TIME_ZONE = env.str("TIME_ZONE", "Asia/Tokyo", validate=_zone)
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", False)
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXIES", 0, validate=_proxies)
_database = env.dj_db_url(
    "DATABASE_URL", f"sqlite:///{VAR_DIR / 'careers.sqlite3'}", conn_max_age=600
)
_unneeded = {"default": ""} if LOCAL else {}
_smtp_url = env.str("SMTP_URL", validate=_mail(server.server), **_unneeded)
MAIL_FROM = env.str("MAIL_FROM", validate=_mail(server.mailbox), **_unneeded)
_documents_url = env.str(
    "DOCUMENTS_URL", "", validate=_read_by(lambda url: documents.storage(url, VAR_DIR))
)
_clamd_url = env.str("CLAMD_URL", "", validate=_read_by(documents.scanner))
_document_types = env.list(
    "DOCUMENT_TYPES", ["pdf", "doc", "docx", "rtf", "txt"], validate=_read_by(types)
)
_page_cache_mb = env.int("PAGE_CACHE_MB", 32, validate=_megabytes)
CARD_FONT = env.str("CARD_FONT", "", validate=_read_by(cards.check_font))

try:
    env.seal()
except EnvValidationError as error:
    _faults = "\n".join(
        f"  {name}: {' '.join(said)}" for name, said in error.error_messages.items()
    )
    sys.exit(
        "Careers cannot start. Please set these variables, in the environment or in .env"
        f" (.env.example explains each):\n{_faults}"
    )

_host = urlsplit(SITE_URL).hostname
ALLOWED_HOSTS = [_host, *(["127.0.0.1", "[::1]", "localhost"] if LOCAL else [])]
DEBUG = False


# --- The rooms ---------------------------------------------------------------------------------

INSTALLED_APPS = [
    "modeltranslation",  # before the admin, whose forms it must know
    "careers.desk.apps.Admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "csp",
    "django_prose_editor",  # only for its static files
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "careers.staff",
    "careers.pagecache",
    "careers.revisions",
    "careers.bilingual",
    "careers.outbox",
    "careers.documents",
    "careers.company",
    "careers.articles",
    "careers.roles",
    "careers.questions",
    "careers.applications",
    "careers.pages",
    "careers.desk",
]

MIDDLEWARE = [
    "careers.logs.Requests",  # outside all others: what they answer has a name in the logs too
    # Headers stand above WhiteNoise, so that static files carry them too.
    "careers.headers.Headers",
    "careers.pagecache.marks.SharedCaches",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "careers.languages.LanguageOfAddress",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "careers.staff.language.LanguageOfAccount",
    "django.contrib.messages.middleware.MessageMiddleware",
    "careers.staff.sessions.EndOfSessions",
    "allauth.account.middleware.AccountMiddleware",
    "careers.staff.second_factor.SecondFactor",
]

ROOT_URLCONF = "careers.urls"
WSGI_APPLICATION = "careers.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "careers.languages.page",
                "careers.company.page.site",
            ],
            "libraries": {
                "cards": "careers.cards",
                "inert": "careers.outbox.inert",
                "japanese": "careers.japanese",
                "languages": "careers.languages",
                "moments": "careers.formats.moments",
                "prose": "careers.prose",
            },
        },
    }
]


# --- What is kept ------------------------------------------------------------------------------

PAGE_CACHE_BYTES = _page_cache_mb * 1024**2  # of each process (careers/pagecache/)

if _database and _database["ENGINE"].endswith("sqlite3"):
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # writers queue instead of failing half-way
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;"  # readers never wait for a writer
            "PRAGMA synchronous=FULL;"  # what was acknowledged survives a power cut
            "PRAGMA secure_delete=ON;"  # what was erased is overwritten
            "PRAGMA foreign_keys=ON;"
        ),
    }
    _database["CONN_MAX_AGE"] = None
elif _database:
    # A server that vanishes is noticed in seconds, not when the system gives up after minutes.
    _alive = {"connect_timeout": 5, "keepalives_idle": 10, "tcp_user_timeout": 15_000}
    _database["OPTIONS"] = _alive | _database.get("OPTIONS", {})
DATABASES = {"default": _database}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",  # so that all processes count together
        "LOCATION": "staff_cacheentry",  # the table of careers.staff.models.CacheEntry
        # No flood of attempts pushes out the count of one account.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
VAR_DIR.mkdir(parents=True, exist_ok=True)

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    # Public pictures and films; /media/ serves them (careers/media.py).
    "default": {
        "BACKEND": "careers.media.ContentAddressed",
        "OPTIONS": {"location": VAR_DIR / "media", "base_url": "/media/"},
    },
    "staticfiles": {"BACKEND": "careers.static_files.ModuleStorage"},
    # What candidates send; nothing serves it but careers/documents/serving.py.
    "documents": documents.storage(_documents_url, VAR_DIR / "documents"),
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MIMETYPES = {".speculationrules": "application/speculationrules+json"}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True


# --- Documents of candidates -------------------------------------------------------------------

DOCUMENT_TYPES = types(_document_types)
DOCUMENTS_MAX_FILES = 5  # of one form; together they pass the proxy's limit of a request
DOCUMENT_MAX_BYTES = 10 * 1024 * 1024
DOCUMENT_MAX_UNPACKED = 100 * 1024 * 1024  # what a .docx says of itself; it is never unpacked
DOCUMENT_MAX_ENTRIES = 2_000  # files in a .docx
# What may wait: files of doubtful applications, and of forms that are not right yet. On a disk never
# more than a tenth of what is free (careers/applications/room.py).
DOUBTFUL_BYTES = 2 * 1024**3
PUZZLE_COST = 5_000  # rounds of one try; a phone needs about a second for the hundred or so of them
SCANNER = documents.scanner(_clamd_url)
# Uploads wait here until they are checked: on the disk where they are going to stay.
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)


# --- Letters -----------------------------------------------------------------------------------

# Django's mail functions write rows; `manage.py deliver` delivers them, on a local site into files.
EMAIL_BACKEND = "careers.outbox.backend.Outbox"
SMTP = None if LOCAL else server.server(_smtp_url)
MAIL_FROM = MAIL_FROM or "Careers <careers@localhost>"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
LETTERS_KEPT_DAYS = 180  # of a letter that arrived or failed: to whom, its subject, when


# --- Languages ---------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ja", _("Japanese"))]
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["careers.formats"]
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"  # which column a bare name falls on; never change it
MODELTRANSLATION_LANGUAGES = ("en", "ja")
MODELTRANSLATION_ENABLE_FALLBACKS = False  # a page says when a text is missing; it never pretends
MODELTRANSLATION_BUILD_LOCALIZED_VERBOSE_NAME = field_name


# --- People ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "staff.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60  # of invitations; careers/staff/links.py has the rest
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_AGE = 12 * 60 * 60  # careers/staff/sessions.py ends idle ones earlier

# Sign-in is django-allauth's. A superuser invites, and the letter proves the address: nobody signs up,
# allauth's own table of addresses stays empty, and nothing asks for a confirmation.
_forms = "careers.desk.forms"
ACCOUNT_FORMS = {"reset_password": f"{_forms}.ResetPassword"}
ACCOUNT_ADAPTER = "careers.desk.adapter.Accounts"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True  # for SESSION_COOKIE_AGE, without asking
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True  # after the second factor, where there is one
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "careers.staff.links.Links"  # noqa: S105 (a name)
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/h/key",  # each of them is a letter to somebody
}
MFA_ADAPTER = "careers.desk.adapter.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"add_webauthn": f"{_forms}.AddPasskey", "edit_webauthn": f"{_forms}.RenameKey"}


# --- Security ----------------------------------------------------------------------------------

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not LOCAL
SESSION_COOKIE_NAME = "sessionid" if LOCAL else "__Host-sessionid"
CSRF_COOKIE_NAME = "csrftoken" if LOCAL else "__Host-csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "careers.pages.machines.forbidden"
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked over plain http from inside
SECURE_HSTS_SECONDS = 0 if LOCAL else 63_072_000  # two years
SECURE_HSTS_INCLUDE_SUBDOMAINS = not LOCAL
# Preloading binds every subdomain of the company and takes months to undo: the company decides.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        # The desk takes these two back: Django's admin writes innerHTML.
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["pow", "page"],
    }
}


# --- Logs --------------------------------------------------------------------------------------

# JSON on stdout, nothing about a person (careers/logs.py). gunicorn writes the line of each request.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "careers.logs.Line"}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "line",
        },
    },
    "root": {"handlers": ["stdout"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING"},
        # What visitors get wrong is in the line of the request; the reasons quote what they sent.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
    },
}
