"""What is counted while Backdesk works, for Prometheus. No label holds what a person typed.

The processes of one start share files under BACKDESK_VAR/metrics, so whichever of them is asked answers for all. What
the database knows is asked of it at that time (`reading.py`).
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import psutil
from django.http import HttpRequest
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    multiprocess,
)

FILES = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

disable_created_metrics()  # type: ignore[no-untyped-call]
_own = CollectorRegistry()

requests = Counter("backdesk_requests", "Requests answered", ("method", "route", "status"), registry=_own)
seconds = Histogram(
    "backdesk_request_seconds", "Time until the answer began", ("route",), buckets=_SECONDS, registry=_own
)
statements = Counter(
    "backdesk_request_statements", "Database statements of requests", ("route",), registry=_own
)
sign_in_failures = Counter(
    "backdesk_sign_in_failures", "Attempts to sign in that were refused", registry=_own
)


def count_request(*, method: str, route: str, status: int, took: float, asked: int) -> None:
    requests.labels(method if method in METHODS else "other", route, status).inc()
    seconds.labels(route).observe(took)
    statements.labels(route).inc(asked)


def count_sign_in_failure(sender: object, request: HttpRequest | None = None, **told: object) -> None:
    """Receives Django's `user_login_failed`, whichever way one tried to sign in."""
    sign_in_failures.inc()


def counted() -> CollectorRegistry:
    """What all processes of this start have counted; where they do not share, this one alone."""
    if not os.environ.get(FILES):
        return _own
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def processes() -> list[psutil.Process]:
    """Those that count together."""
    place = os.environ.get(FILES)
    numbers = {_process_of(path) for path in Path(place).glob("*.db")} if place else {os.getpid()}
    found = []
    for number in sorted(numbers):
        with suppress(psutil.NoSuchProcess):
            found.append(psutil.Process(number))
    return found


def _process_of(path: Path) -> int:
    return int(path.stem.rpartition("_")[2])
