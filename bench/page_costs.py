"""What pages cost within one process: SQL statements and seconds of all cores. Called with an e-mail and paths."""

import json
import statistics
import sys
import time

import django
from django.test import Client

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402  (after the set-up)
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

TIMES = 9


def main() -> None:
    email, *paths = sys.argv[1:]
    client = Client()
    client.force_login(get_user_model()._default_manager.get(email=email))
    print(json.dumps({path: _cost(client, path) for path in paths}))


def _cost(client: Client, path: str) -> dict[str, float]:
    client.get(path)  # the first of a process reads templates and imports
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return {
        "statements": len(captured),
        "cpu": statistics.median(_seconds(client, path) for _ in range(TIMES)),
    }


def _seconds(client: Client, path: str) -> float:
    began = time.process_time()
    client.get(path)
    return time.process_time() - began


if __name__ == "__main__":
    main()
