"""Every setting of the installation, read from the environment and from nowhere else.

A value that cannot be used stops the start and is named, so that nobody runs with a guess.
"""

import os
import secrets
from pathlib import Path
from typing import NoReturn
from zoneinfo import available_timezones

from django.core.exceptions import ImproperlyConfigured

from upturn.house.database import database_config, swap_in

swap_in()


def _refuse(name: str, value: str, help_text: str) -> NoReturn:
    msg = f"{name}={value!r} cannot be used. {help_text}"
    raise ImproperlyConfigured(msg)


def _text(name: str, default: str = "") -> str:
    """Value of ``name``, or the content of the file that ``name_FILE`` points to."""
    path = os.environ.get(f"{name}_FILE")
    if path is None:
        return os.environ.get(name, default).strip()
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        _refuse(f"{name}_FILE", path, f"The file cannot be read: {error.strerror}.")


def _boolean(name: str, default: str = "no") -> bool:
    value = _text(name, default).lower()
    if value in {"yes", "true", "on", "1"}:
        return True
    if value in {"no", "false", "off", "0"}:
        return False
    _refuse(name, value, "Write yes or no.")


def _whole(name: str, default: int, *, low: int, high: int) -> int:
    value = _text(name, str(default))
    if value.isdecimal() and low <= int(value) <= high:
        return int(value)
    _refuse(name, value, f"Write a whole number from {low} to {high}.")


def _one_of(name: str, default: str, allowed: set[str]) -> str:
    value = _text(name, default)
    if value in allowed:
        return value
    known = ", ".join(sorted(allowed)) if len(allowed) < 20 else "a name such as Europe/Berlin"
    _refuse(name, value, f"Known: {known}.")


def _secret_key(folder: Path) -> str:
    """Given by the environment, or made once and kept beside the data, readable by its owner."""
    given = _text("UPTURN_SECRET_KEY")
    if given and len(given) < 32:
        _refuse("UPTURN_SECRET_KEY", "(hidden)", "Give at least 32 characters.")
    kept = folder / "secret.key"
    if given or kept.exists():
        return given or kept.read_text(encoding="ascii")
    folder.mkdir(parents=True, exist_ok=True)
    made = secrets.token_urlsafe(48)
    handle = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(made)
    return made


DATA = Path(_text("UPTURN_DATA", "upturn-data")).absolute()
DEMO = _boolean("UPTURN_DEMO")
DEBUG = _boolean("UPTURN_DEBUG")
HTTPS = _boolean("UPTURN_HTTPS")
UPLOAD_BYTES_MAX = _whole("UPTURN_UPLOAD_MB", 100, low=1, high=1000) * 1_000_000
THREADS = _whole("UPTURN_THREADS", 16, low=1, high=256)
SECRET_KEY = _secret_key(DATA)
ALLOWED_HOSTS = _text("UPTURN_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

DATABASES = {
    "default": database_config(_text("UPTURN_DATABASE_URL", f"sqlite:///{DATA}/upturn.sqlite3"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = _one_of("UPTURN_LANGUAGE", "en", {"en", "de", "es", "ar"})
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("es", "Español"), ("ar", "العربية")]
TIME_ZONE = _one_of("UPTURN_TIME_ZONE", "UTC", available_timezones())
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

INSTALLED_APPS = [
    "upturn.house",
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
    "ninja",
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

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _text("UPTURN_MAIL_HOST")
EMAIL_PORT = _whole("UPTURN_MAIL_PORT", 587, low=1, high=65535)
EMAIL_HOST_USER = _text("UPTURN_MAIL_USER")
EMAIL_HOST_PASSWORD = _text("UPTURN_MAIL_PASSWORD")
EMAIL_USE_TLS = _boolean("UPTURN_MAIL_TLS", "yes")
DEFAULT_FROM_EMAIL = _text("UPTURN_MAIL_FROM", "upturn@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "upturn.house.logs.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {
        "handlers": ["console"],
        "level": _one_of("UPTURN_LOG", "WARNING", {"DEBUG", "INFO", "WARNING", "ERROR"}),
    },
}
