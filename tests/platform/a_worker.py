"""A real worker process for the tests: `python -m tests.platform.a_worker DATABASE SOCKETS [sole] [patient]`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.conf import settings

    settings.DATABASES["default"].update(NAME=sys.argv[1], HOST=sys.argv[2])
    django.setup()

    from backdesk.platform.jobs import worker
    from tests.platform import handlers  # noqa: F401  the kinds these tests ask for

    worker.work(heartbeat=0.3, stalled_after=60 if "patient" in sys.argv else 1.5, sole="sole" in sys.argv)


if __name__ == "__main__":
    main()
