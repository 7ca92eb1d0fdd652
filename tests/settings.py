"""Django's settings for the tests: the product's own, under an environment of the tests' own."""

import os
import tempfile

os.environ.pop("DATABASE_URL_FILE", None)
os.environ.update(
    {
        "SECRET_KEY": "for the tests only, and long enough to sign a session with",
        "BACKDESK_DEBUG": "no",
        "BACKDESK_HTTPS": "no",
        "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
        "BACKDESK_VAR": tempfile.gettempdir(),
        "BACKDESK_LOG_LEVEL": "warning",
        "DATABASE_URL": os.environ.get("BACKDESK_TEST_DATABASE_URL", ""),
    }
)

from backdesk.config.settings import *  # noqa: F403
from backdesk.config.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
