"""All Django settings of the site. Values that differ between machines come from careers/env.py.

"Policy numbers" holds every number that a company or its operator may want to change, with its unit
and reason: retention periods, lifetimes, limits, timeouts. Code reads `settings.NAME` when it needs
the number, and so does every text that names it (careers/datetimes/durations.py). Numbers that are
not policy stay next to their code: lengths of columns and tokens, page sizes, polling intervals.

Importing this module writes nothing: careers/ops/apps.py creates the folders when Django starts.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from careers import env
from careers.languages import bilingual_verbose_name

BASE_DIR = Path(__file__).resolve().parent.parent
_environment = env.read(BASE_DIR)

DEBUG = _environment.debug
DEV = _environment.dev
SECRET_KEY = _environment.secret_key
SECRET_KEY_FALLBACKS = _environment.secret_key_fallbacks
SITE_URL = _environment.site_url
ALLOWED_HOSTS = [
    urlsplit(SITE_URL).hostname,
    *(["127.0.0.1", "[::1]", "localhost"] if DEV else []),
]
TIME_ZONE = _environment.time_zone
VAR_DIR = _environment.var_dir


# --- Policy numbers ----------------------------------------------------------------------------

# Public pages.
# A closed role keeps its page for people who have a link; after that, 410.
CLOSED_PAGE_LIFETIME = timedelta(days=30)
# How long cached pages are served while the database is down; a CDN may do the same.
STALE_IF_ERROR = timedelta(days=1)

# Reminders in “My work”.
CLOSING_SOON = timedelta(days=14)  # before its closing date, a role is listed as closing soon
REVIEW_AFTER = timedelta(
    days=60
)  # after its last edit or review, an open role is listed for review

# Applications: periods.
APPLICATION_GRACE = timedelta(hours=24)  # a form opened before the role closed can still be sent
PENDING_UPLOAD_LIFETIME = timedelta(hours=48)  # files of a form with errors, and its proof of work
CONFIRMATION_LINK_LIFETIME = timedelta(days=7)  # a week includes a weekend
QUARANTINE_LIFETIME = timedelta(days=30)  # an unconfirmed application; then it is deleted
RETENTION_CONSENT_LIFETIME = timedelta(days=365)  # for other roles; displayed as "12 months"
RETENTION_RENEWAL_NOTICE = timedelta(days=30)  # before that ends, the candidate is asked once
# A status that a recruiter tells a candidate appears on their page after this time; until then it can be
# undone.
CANDIDATE_STATUS_DELAY = timedelta(minutes=10)  # as long as a slip takes to notice
BATCH_CONFIRMATION_SIZE = 30  # to tell more candidates at once, the recruiter types their number
# Before the deadline that the company sets, an erasure is carried out. Two hours let the hourly task fail
# once and still be in time.
ERASURE_LEAD = timedelta(hours=2)
EMAIL_RESEND_INTERVAL = timedelta(minutes=1)  # a second request within it is a double click

# Applications: spam. No limit rejects an application; beyond it, the candidate confirms by email.
MINIMUM_FORM_TIME = timedelta(seconds=3)  # people need longer to fill in the form
APPLICATIONS_PER_NETWORK_PER_HOUR = 20  # allows a university or an agency behind one IP address
UNSOLVED_APPLICATIONS_PER_NETWORK_PER_HOUR = 5  # the same without a proof of work
APPLICATIONS_PER_MINUTE = 60  # whole site; counted separately with and without a proof of work
EMAILS_PER_ADDRESS_PER_DAY = 3  # the form cannot be used to flood another person's mailbox
RECIPIENTS_PER_NETWORK_PER_HOUR = 20  # different addresses that one network may cause emails to
POW_COST = (
    5_000  # PBKDF2 iterations for each attempt; a phone needs a second for about 100 attempts
)

# Applications: documents.
DOCUMENTS_MAX_FILES = 5  # in one form; their total size must fit client_max_body_size of the proxy
DOCUMENT_MAX_BYTES = 10 * 1024**2  # enough for a scanned résumé of ten pages
DOCUMENT_MAX_UNPACKED = 100 * 1024**2  # bytes that a .docx declares; fewer are unpacked
DOCUMENT_MAX_ENTRIES = 2_000  # files in a .docx
# Files of unfinished forms and of unconfirmed applications, in bytes. Confirmed applications are never
# limited by these numbers.
PENDING_UPLOAD_QUOTA = 2 * 1024**3  # in all
PENDING_UPLOAD_NETWORK_QUOTA = 512 * 1024**2  # a quarter, so that one network cannot use up all
# From one opened form: three times what it takes. An application that waits for its confirmation, its
# correction, and a new selection of files, which is stored before the previous one is deleted.
PENDING_UPLOAD_FORM_QUOTA = 3 * DOCUMENTS_MAX_FILES * DOCUMENT_MAX_BYTES
# Free bytes of the disk that only applications which pass the spam checks use: more than the requests of
# two processes hold at one time. Of the rest, the other files may have this percentage in all.
APPLICATION_DISK_RESERVE = 1024**3
PENDING_UPLOAD_DISK_PERCENT = 10
ORPHANED_FILE_GRACE = timedelta(hours=24)  # a form being sent, or a backup, may still need the file
# Seconds for all files of a form, because a candidate waits. After that, the worker scans them.
VIRUS_SCAN_UPLOAD_TIMEOUT = 4
VIRUS_SCANS_AT_ONCE = 2  # in one process: half of its threads, so that the others answer visitors
VIRUS_SCAN_MAX_TIMEOUTS = 2  # in a row; then uploads are accepted without a scan for the pause
VIRUS_SCAN_PAUSE = timedelta(minutes=1)  # as long as a restart of clamd takes
VIRUS_SCAN_TIMEOUT = 10  # seconds in the worker, which also sends emails
# Seconds of one run of the worker's task. It continues a minute later, so that other tasks need not wait.
VIRUS_SCAN_BATCH_TIME = 10

# Emails.
# The delay before the second attempt, the third, …; the last one repeats. Once the mail server works
# again, no email waits longer than that.
EMAIL_RETRY_DELAYS = [timedelta(minutes=minutes) for minutes in (1, 5, 15)]
EMAIL_FREQUENT_RETRIES = timedelta(hours=24)  # from queueing; then EMAIL_LATE_RETRY_DELAY applies
EMAIL_LATE_RETRY_DELAY = timedelta(
    hours=1
)  # what has failed for a day is rarely repaired in minutes
EMAIL_GIVE_UP_AFTER = timedelta(hours=72)  # from queueing; covers a weekend without the mail server
EMAIL_RETENTION_DAYS = (
    180  # of the row of an email that was sent or failed: recipient, subject, time
)
SMTP_TIMEOUT = 10  # seconds for each step of the SMTP session

# Sign-in.
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds from sign-in: a working day, then a new sign-in
SESSION_IDLE_TIMEOUT = timedelta(hours=1)  # without a request
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60  # seconds; an invitation is valid over a weekend
PASSWORD_RESET_LINK_LIFETIME = timedelta(hours=1)  # for an account that has signed in before
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60  # seconds after sign-in without another confirmation
LOGIN_ATTEMPTS_WINDOW = timedelta(minutes=5)  # in which five failed passwords block an account
ACCOUNT_RATE_LIMITS = {
    "login_failed": f"10/m/ip,5/{LOGIN_ATTEMPTS_WINDOW.total_seconds():.0f}s/key",
    "reset_password": "20/m/ip,5/h/key",  # each sends one email
}
PASSWORD_MIN_LENGTH = 12  # characters
SHARE_LINK_LIFETIME = timedelta(days=14)  # of a preview without an account: time for an approval

# Drafts: the unsaved values of forms of the admin.
DRAFT_INTERVAL = timedelta(seconds=10)  # between two saves; a crash loses no more than that
DRAFT_LIFETIME = timedelta(days=30)  # since its last change; covers a vacation
DRAFT_MAX_BYTES = 1024**2  # the text of one form; the longest role has less than a tenth of it
DRAFTS_PER_USER = 50  # the oldest ones are deleted; more than a person has open at once

# Readiness (careers/ops/readiness.py): when a subsystem counts as a warning or an error.
WORKER_SILENCE_ERROR = timedelta(minutes=5)  # without a heartbeat; no task takes as long
EMAIL_WAITING_WARNING = timedelta(minutes=30)  # since queueing; greylisting takes about 20 minutes
EMAIL_WAITING_ERROR = timedelta(hours=2)  # since queueing; mail servers restart faster
SCAN_WAITING_ERROR = timedelta(hours=1)  # of a document; ClamAV restarts within minutes
DISK_FREE_WARNING = 2 * 1024**3  # bytes; room for 40 applications with five files of 10 MB
DISK_FREE_ERROR = 512 * 1024**2  # bytes; room for ten of them
BACKUP_WARNING_AGE = timedelta(hours=36)  # the nightly backup was missed once
BACKUP_ERROR_AGE = timedelta(hours=84)  # and for three nights
PROBLEM_REPORT_INTERVAL = timedelta(days=1)  # between two emails about problems to ADMINS


# --- Apps and middleware -----------------------------------------------------------------------

INSTALLED_APPS = [
    "modeltranslation",  # must be before the admin
    "careers.backoffice.apps.BackofficeAdminConfig",
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
    "careers.page_cache",
    "careers.revisions",
    "careers.bilingual",
    "careers.outbox",
    "careers.documents",
    "careers.company",
    "careers.articles",
    "careers.roles",
    "careers.application_forms",
    "careers.applications",
    "careers.pages",
    "careers.backoffice",
    "careers.ops",
]

MIDDLEWARE = [
    "careers.logs.RequestIDMiddleware",  # first, so that all responses are logged with an ID
    # Above WhiteNoise, so that static files carry these headers too.
    "careers.headers.SecurityHeadersMiddleware",
    "careers.page_cache.middleware.CacheControlMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "careers.languages.UrlLanguageMiddleware",
    "careers.staff.session_store.SecretSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "careers.documents.uploads.UploadCleanupMiddleware",  # before anything reads a form
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "careers.staff.language.AccountLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "careers.staff.sessions.SessionTimeoutMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "careers.staff.mfa.MFAMiddleware",
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
                "careers.languages.language_processor",
                "careers.company.context.company_context",
            ],
            "libraries": {
                "capture": "careers.capture",
                "datetimes": "careers.datetimes.tags",
                "durations": "careers.datetimes.durations",
                "defang": "careers.outbox.defang",
                "japanese": "careers.japanese",
                "languages": "careers.languages",
                "rich_text": "careers.rich_text",
                "social_cards": "careers.social_cards",
            },
        },
    }
]


# --- Database, cache, files --------------------------------------------------------------------

PAGE_CACHE_BYTES = _environment.page_cache_bytes  # of each process (careers/page_cache/)

_database = _environment.database
if _database["ENGINE"].endswith("sqlite3"):
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a writer waits when it begins instead of failing half-way
        "timeout": 20,  # seconds for which it waits
        "init_command": (
            "PRAGMA journal_mode=WAL;"  # readers never wait for a writer
            "PRAGMA synchronous=FULL;"  # a commit survives a power cut
            "PRAGMA secure_delete=ON;"  # erased rows are overwritten
            "PRAGMA foreign_keys=ON;"
        ),
    }
    _database["CONN_MAX_AGE"] = None
else:
    # Detect a lost connection within seconds; the defaults of the operating system take minutes.
    _alive = {"connect_timeout": 5, "keepalives_idle": 10, "tcp_user_timeout": 15_000}
    _database["OPTIONS"] = _alive | _database.get("OPTIONS", {})
DATABASES = {"default": _database}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",  # shared by all processes
        "LOCATION": "staff_cacheentry",  # the table of careers.staff.models.CacheEntry
        # High enough that attempts on random accounts do not evict the counter of one account.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    # Public images and videos, served at /media/ (careers/media.py).
    "default": {
        "BACKEND": "careers.media.ContentAddressedStorage",
        "OPTIONS": {"location": VAR_DIR / "media", "base_url": "/media/"},
    },
    "staticfiles": {"BACKEND": "careers.static_files.ModuleStorage"},
    # Candidates' documents; only careers/documents/serving.py serves them.
    "documents": _environment.documents_storage,
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MIMETYPES = {".speculationrules": "application/speculationrules+json"}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

DOCUMENT_TYPES = _environment.document_types
CLAMD = _environment.clamd
CARD_FONT = _environment.card_font
# Uploads are written here until they are checked; on the same volume as the documents.
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "uploads"


# --- Emails ------------------------------------------------------------------------------------

# Django's mail functions write rows; `manage.py send_queued_mail` sends them, or writes files with DEV.
EMAIL_BACKEND = "careers.outbox.backend.OutboxBackend"
SMTP = _environment.smtp
MAIL_FROM = _environment.mail_from or "Careers <careers@localhost>"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
ADMINS = _environment.admins  # get an email about problems (careers/ops/problem_report.py)


# --- Languages ---------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ja", _("Japanese"))]
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["careers.datetimes"]
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"  # the column of the name without a suffix; never change it
MODELTRANSLATION_LANGUAGES = ("en", "ja")
MODELTRANSLATION_ENABLE_FALLBACKS = False  # a missing translation is shown as missing
MODELTRANSLATION_BUILD_LOCALIZED_VERBOSE_NAME = bilingual_verbose_name


# --- Sign-in -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "staff.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {},
        "MinimumLengthValidator": {"min_length": PASSWORD_MIN_LENGTH},
        "CommonPasswordValidator": {},
    }.items()
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
REQUIRE_SECOND_FACTOR = _environment.require_second_factor

# django-allauth handles sign-in. Accounts are created by invitation, and the invitation verifies the
# address: there is no sign-up, allauth's table of addresses stays empty, and no address is confirmed again.
_forms = "careers.backoffice.forms"
ALLAUTH_TRUSTED_PROXY_COUNT = _environment.trusted_proxies
ACCOUNT_FORMS = {
    "login": f"{_forms}.SignInForm",
    "reset_password": f"{_forms}.PasswordResetForm",
}
ACCOUNT_ADAPTER = "careers.backoffice.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True  # for SESSION_COOKIE_AGE, without a checkbox
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True  # after the second factor, if the account has one
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
_tokens = "careers.staff.tokens"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = f"{_tokens}.PasswordTokenGenerator"
MFA_ADAPTER = "careers.backoffice.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": f"{_forms}.AddPasskeyForm",
    "authenticate": f"{_forms}.SecondStepForm",
    "edit_webauthn": f"{_forms}.RenameKeyForm",
    "reauthenticate": f"{_forms}.ConfirmCodeForm",
}


# --- Security ----------------------------------------------------------------------------------

SESSION_ENGINE = "careers.staff.session_store"
# Messages may name a candidate, so they are in the session and not in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not DEV
SESSION_COOKIE_NAME = "sessionid" if DEV else "__Host-sessionid"
CSRF_COOKIE_NAME = "csrftoken" if DEV else "__Host-csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "careers.backoffice.errors.permission_denied"
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]  # health checks inside the network use HTTP
SECURE_HSTS_SECONDS = 0 if DEV else 2 * 365 * 24 * 60 * 60  # the preload list requires one year
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEV
# Preloading affects every subdomain of the company and takes months to undo: the company decides.
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
        # careers/backoffice/site.py removes these two for the admin: Django's scripts set innerHTML.
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["pow", "page"],
    }
}

OPERATOR_NETWORKS = _environment.operator_networks  # may read /readyz


# --- Logs --------------------------------------------------------------------------------------

# JSON on stdout, without personal data (careers/logs.py). gunicorn logs one line for each request.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "careers.logs.JSONFormatter"}},
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
        # 4xx responses are in the line of the request; these messages would quote user input.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
    },
}
if DEBUG:  # in a developer's terminal: tracebacks as text, and a line for each request
    LOGGING["formatters"]["line"] = {"format": "%(levelname)s %(name)s: %(message)s"}
    LOGGING["loggers"]["django.server"] = {"level": "INFO"}
