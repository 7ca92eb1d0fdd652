"""A real worker process for the tests, parted from one that has loaded the product: to load it costs more than they do.

Nothing but that is shared: each has its own number, signals, connections and end.
"""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import django
from django.apps import apps

if not apps.ready:  # in the process they are parted from
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()

from django.conf import settings
from django.db import connections

from backdesk.platform.jobs import worker
from tests.platform import handlers  # noqa: F401  the kinds these tests ask for

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([__name__])


def started(*options: str, **environment: str) -> ForkServerProcess:
    """On the database and the directory of the test."""
    where = connections["default"].settings_dict
    address = {"NAME": where["NAME"], "HOST": where["HOST"]}
    process = _processes.Process(
        target=_work, args=(address, settings.VAR, {**os.environ, **environment}, options)
    )
    process.start()
    return process


def _work(address: dict[str, str], var: Path, environment: dict[str, str], options: tuple[str, ...]) -> None:
    os.environ.update(environment)
    settings.VAR, settings.EMAIL_FILE_PATH = var, str(var / "mail")
    settings.DATABASES["default"].update(address)
    worker.work(heartbeat=0.3, stalled_after=60 if "patient" in options else 1.5, sole="sole" in options)
