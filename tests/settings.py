"""Django's settings for the tests: the product's own, under an environment of the tests' own."""

import os
import tempfile

# What a shell says of its terminal would show in what commands print.
for _name in ("DATABASE_URL_FILE", "DATABASE_OWNER_URL_FILE", "COLUMNS", "TERMINAL_WIDTH", "FORCE_COLOR"):
    os.environ.pop(_name, None)
os.environ.update(
    {
        "SECRET_KEY": "for the tests only, and long enough to sign a session with",
        "BACKDESK_DEBUG": "no",
        "BACKDESK_HTTPS": "no",
        "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
        "BACKDESK_VAR": tempfile.gettempdir(),
        "BACKDESK_LOG_LEVEL": "warning",
        "BACKDESK_REPLY_DOMAIN": "answers.example",
        "no_proxy": "*",
        "DATABASE_URL": os.environ.get("BACKDESK_TEST_DATABASE_URL", ""),
        "DATABASE_OWNER_URL": os.environ.get("BACKDESK_TEST_DATABASE_OWNER_URL", ""),
    }
)

from backdesk.config.settings import *  # noqa: E402, F403  once the environment is set
from backdesk.config.settings import DATABASES, STORAGES  # noqa: E402

# The owner makes the test database and migrates it; the tests run as the application, which may not empty a table.
DATABASES["default"]["ENGINE"] = "tests.backend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# A job that a dead worker had is found at once, not in five seconds: nobody is told of it, so it is looked for.
PROCRASTINATE_WORKER_DEFAULTS = {"fetch_job_polling_interval": 0.1}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
