"""Django's settings, read from the environment once. docs/settings.md says what each variable means."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from backdesk.config import databases, environment, logs, mail, single_sign_on

# -- Where things are ----------------------------------------------------------------------------------------
VAR = environment.directory("BACKDESK_VAR", default="var")
SOURCE = Path(__file__).resolve().parents[1]


# -- Who may ask ---------------------------------------------------------------------------------------------
DEBUG = environment.flag("BACKDESK_DEBUG", default=False)
SECRET_KEY = environment.secret("SECRET_KEY")
if not SECRET_KEY:
    raise environment.SettingMissing(
        "SECRET_KEY is not set. It signs sessions and must stay the same between starts: "
        "give at least 50 random characters as SECRET_KEY, or a file that holds them as SECRET_KEY_FILE."
    )
ALLOWED_HOSTS = environment.listed("ALLOWED_HOSTS", default="localhost,127.0.0.1,[::1]" if DEBUG else "")
CSRF_TRUSTED_ORIGINS = environment.listed("BACKDESK_TRUSTED_ORIGINS")
BACKDESK_HTTPS = environment.flag("BACKDESK_HTTPS", default=not DEBUG)

# -- Database ------------------------------------------------------------------------------------------------
DATABASE_URL = environment.secret("DATABASE_URL")
DATABASE_OWNER_URL = environment.secret("DATABASE_OWNER_URL")
DATABASES = databases.django_databases(DATABASE_URL, owner_url=DATABASE_OWNER_URL, var=VAR)
DATABASE_ROUTERS = ["backdesk.platform.isolation.roles.OwnerWhileMigrating"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- The house -----------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "csp",
    "procrastinate.contrib.django",
    "backdesk.platform",
    "backdesk.platform.web",
    "backdesk.parties",
    "backdesk.conversations",
    "backdesk.work",
    "backdesk.planning",
    "backdesk.supervision",
    "allauth",  # after ours, whose templates go before its own
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "backdesk.platform.requests.RequestIdMiddleware",
    "backdesk.platform.web.headers.HeadersMiddleware",
    "backdesk.platform.operating.probes.ProbesMiddleware",
    "backdesk.platform.operating.observing.ObservingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "backdesk.platform.api.middleware.ProgramsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "backdesk.platform.uploads.UploadLimitMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # outside, since it still speaks when the transaction is over
    "backdesk.platform.isolation.middleware.TransactionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "backdesk.parties.middleware.ActorMiddleware",
    "backdesk.parties.web.account.middleware.SessionMiddleware",
    "backdesk.platform.web.methods.MethodsMiddleware",
]
ROOT_URLCONF = "backdesk.config.urls"
WSGI_APPLICATION = "backdesk.config.wsgi.application"

_LOADERS = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]
_CACHED = ["django.template.loaders.cached.Loader", _LOADERS]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            # In development a changed template shows at the next request.
            "loaders": [("template_partials.loader.Loader", _LOADERS if DEBUG else [tuple(_CACHED)])],
            "builtins": [
                "template_partials.templatetags.partials",
                "django.templatetags.static",
                "django.templatetags.i18n",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# -- Signing in ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "parties.Person"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 4 * 60 * 60
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
SESSION_ENGINE = "backdesk.platform.isolation.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# A session ends after this long without a request, and in any case after its longest life.
SESSION_COOKIE_AGE = 60 * environment.whole_number("BACKDESK_SESSION_IDLE_MINUTES", default=480, least=5)
BACKDESK_SESSION_LIFE = timedelta(
    hours=environment.whole_number("BACKDESK_SESSION_HOURS", default=168, least=1)
)
# Whose addresses count: those that so many proxies of ours put down.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.whole_number(
    "BACKDESK_TRUSTED_PROXIES", default=1 if BACKDESK_HTTPS else 0
)
# Codes used once and rates are counted where all processes see them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "backdesk_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

ACCOUNT_ADAPTER = "backdesk.parties.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# A person has one address, kept with the person: invited, founded or confirmed, so it is verified already.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Backdesk: "
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# A whole office may sign in from one address within a minute. Failures are counted by the lock-out instead, which says
# when to try again.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": None}
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}
ACCOUNT_FORMS = {
    "login": "backdesk.parties.web.account.forms.SignInForm",
    "reset_password": "backdesk.parties.web.account.forms.ForgottenForm",
    "reset_password_from_key": "backdesk.parties.web.account.forms.NewPasswordForm",
    "change_password": "backdesk.parties.web.account.forms.ChangePasswordForm",
    "set_password": "backdesk.parties.web.account.forms.SetPasswordForm",
    "reauthenticate": "backdesk.parties.web.account.forms.AgainForm",
}
MFA_ADAPTER = "backdesk.parties.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Without https only this machine is left, where browsers allow passkeys all the same.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BACKDESK_HTTPS
MFA_ALLOW_UNVERIFIED_EMAIL = True  # of an address that allauth does not keep
MFA_TOTP_ISSUER = "Backdesk"
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
MFA_FORMS = {
    "authenticate": "backdesk.parties.web.account.forms.CodeForm",
    "reauthenticate": "backdesk.parties.web.account.forms.CodeAgainForm",
    "activate_totp": "backdesk.parties.web.account.forms.ActivateAppForm",
    "add_webauthn": "backdesk.parties.web.account.forms.AddPasskeyForm",
    "edit_webauthn": "backdesk.parties.web.account.forms.RenamePasskeyForm",
}
SOCIALACCOUNT_ADAPTER = "backdesk.parties.adapters.SingleSignOnAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = single_sign_on.providers()

# -- Languages and time --------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [SOURCE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# -- Files ---------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": _STATIC if DEBUG else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
BACKDESK_WATCHED_FOLDER = environment.text("BACKDESK_WATCHED_FOLDER", default="")
BACKDESK_UPLOAD_LIMIT_MB = environment.whole_number("BACKDESK_UPLOAD_LIMIT_MB", default=200, least=1)
FILE_UPLOAD_HANDLERS = ["backdesk.platform.uploads.LimitedUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600

# -- Security ------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BACKDESK_HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if BACKDESK_HTTPS else 0
SECURE_SSL_REDIRECT = BACKDESK_HTTPS
# Only a proxy that sets this header (and strips it from visitors) may say that the visitor came by https.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BACKDESK_HTTPS else None
X_FRAME_OPTIONS = "DENY"

# -- API -----------------------------------------------------------------------------------------------------
BACKDESK_API_REQUESTS_PER_MINUTE = environment.whole_number(
    "BACKDESK_API_REQUESTS_PER_MINUTE", default=600, least=1
)
BACKDESK_API_FAILURES_PER_MINUTE = environment.whole_number(
    "BACKDESK_API_FAILURES_PER_MINUTE", default=30, least=1
)

# -- Webhooks ------------------------------------------------------------------------------------------------
BACKDESK_WEBHOOK_PRIVATE = environment.flag("BACKDESK_WEBHOOK_PRIVATE", default=False)

# -- Operating -----------------------------------------------------------------------------------------------
BACKDESK_METRICS_TOKEN = environment.secret("BACKDESK_METRICS_TOKEN")

# -- Mail ----------------------------------------------------------------------------------------------------
BACKDESK_URL = mail.address(
    environment.text("BACKDESK_URL", default=""), hosts=ALLOWED_HOSTS, https=BACKDESK_HTTPS
)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = mail.sender(
    environment.text("BACKDESK_MAIL_FROM", default=""), url=BACKDESK_URL
)
globals().update(mail.django_mail(environment.secret("BACKDESK_MAIL_URL"), var=VAR))
# Answers to e-mails come to addresses of this domain; without one, e-mails ask for none.
BACKDESK_REPLY_DOMAIN = mail.domain(environment.text("BACKDESK_REPLY_DOMAIN", default=""))

# -- Audit trail ---------------------------------------------------------------------------------------------
BACKDESK_SEALING_KEY = environment.secret("BACKDESK_SEALING_KEY")

# -- Jobs and logs -------------------------------------------------------------------------------------------
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
LOGGING = logs.django_logging(
    level=environment.one_of(
        "BACKDESK_LOG_LEVEL", default="info", choices=("debug", "info", "warning", "error")
    ),
    style=environment.one_of("BACKDESK_LOG_STYLE", default="text", choices=("text", "json")),
)
