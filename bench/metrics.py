"""What counting requests for Prometheus costs: a whole Backdesk with and without, and the middleware alone."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from bench.browser import Browser
from bench.measuring import run, spread, table, title, told_plainly
from bench.pages import lead
from bench.serving import free_port, served

PAGES = {"sign-in page": "/sign-in/", "home": "/"}
REQUESTS, AT_ONCE, ROUNDS = 200, 4, 5
TOKEN = "a-token-for-the-benchmark"
ALONE = """
import os, sys, tempfile, time
os.environ.update(SECRET_KEY="k" * 50, BACKDESK_VAR=tempfile.mkdtemp(), BACKDESK_LOG_LEVEL=sys.argv[1],
                  BACKDESK_METRICS_TOKEN=sys.argv[2], DJANGO_SETTINGS_MODULE="backdesk.config.settings",
                  PROMETHEUS_MULTIPROC_DIR=tempfile.mkdtemp())
sys.stderr = open(os.devnull, "w")
import django; django.setup()
from django.http import HttpResponse
from django.test import RequestFactory
from backdesk.platform.operating.observing import ObservingMiddleware
request, answer = RequestFactory().get("/"), HttpResponse()
observed = ObservingMiddleware(lambda request: answer)
def seconds(call, times=5_000):
    began = time.process_time()
    for _ in range(times): call(request)
    return (time.process_time() - began) / times
seconds(observed, 1000)
print(sorted(seconds(observed) for _ in range(5))[2])
"""


def main() -> None:
    title("Counting and logging requests")
    alone()
    whole()


def alone() -> None:
    """Around a page that does nothing."""
    rows = []
    for name, level, token in (
        ("neither counts nor logs", "warning", ""),
        ("counts", "warning", TOKEN),
        ("counts and logs", "info", TOKEN),
    ):
        done = run([sys.executable, "-W", "ignore", "-c", ALONE, level, token])
        rows.append([name, f"{float(done.printed) * 1e6:.1f}"])
    table(["the middleware alone, processor time", "microseconds a request"], rows)


def whole() -> None:
    """Both at the same time, asked in turn, so that a machine that slows down does so for both."""
    rates: dict[tuple[str, bool], list[float]] = {}
    with house("") as without, house(TOKEN) as counting:
        for _ in range(ROUNDS):
            for name, path in PAGES.items():
                rates.setdefault((name, False), []).append(_rate(without, path))
                rates.setdefault((name, True), []).append(_rate(counting, path))
        began = time.perf_counter()
        counting.get_metrics(TOKEN)
        asked = time.perf_counter() - began
    rows = [[name, *(spread(rates[name, counts]).text(0) for counts in (False, True))] for name in PAGES]
    table(
        [f"requests/s, {AT_ONCE} at once", "without", "counting"],
        rows,
        note=f"Median of {ROUNDS} times {REQUESTS} (least-most). /metrics itself takes {asked * 1000:.0f} ms.",
    )


class Visitor(Browser):
    def get_metrics(self, token: str) -> None:
        answer = self._ask("GET", "/metrics", b"", {"Authorization": f"Bearer {token}"}, 200)
        assert b"backdesk_requests_total" in answer.body


@contextmanager
def house(token: str) -> Iterator[Visitor]:
    with tempfile.TemporaryDirectory(prefix="backdesk-bench-") as place:
        var, port = Path(place) / "var", free_port()
        command = [sys.executable, "-m", "backdesk", "run", "--port", str(port)]
        environment = {"BACKDESK_VAR": str(var), "BACKDESK_METRICS_TOKEN": token}
        with served(command, directory=Path(place), environment=environment) as running:
            running.await_start()
            visitor = Visitor(port)
            visitor.sign_in(*lead((var / "demonstration-sign-in.txt").read_text()))
            yield visitor


def _rate(visitor: Visitor, path: str) -> float:
    """A page answers who is signed in by sending them home, so the sign-in page is asked for by a stranger."""
    twins = [visitor.twin() if path == "/" else Browser(visitor.port) for _ in range(AT_ONCE)]
    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(lambda twin: [twin.get(path) for _ in range(REQUESTS // AT_ONCE)], twins))
    return REQUESTS / (time.perf_counter() - began)


if __name__ == "__main__":
    sys.exit(told_plainly(main))
