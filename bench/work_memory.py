"""Memory of the web server and the job worker while programs and people use them, for as many minutes as are asked for.

Both are processes of their own on the database that is there, as `backdesk run` starts them. Eight programs take work,
complete it, and look at queues and what they hold, over HTTP; jobs run as they fall due.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from typing import Any

import psutil

from bench.measuring import REPOSITORY, table
from bench.serving import free_port

PROGRAMS = 8
LOOKED_AT = ("/api/v1/work/queues", "/api/v1/work/steps")
ENTERED = {"total": {"amount": "12.30", "currency": "EUR"}}


def watch(*, secrets: Sequence[str], minutes: float) -> None:
    """Print what each holds after a start, in the end, and at most."""
    port = free_port()
    with (
        _process("backdesk.cli.web", "--host", "127.0.0.1", "--port", str(port)) as web,
        _process("backdesk.cli.work", "--sole") as worker,
    ):
        _await(port)
        stop, counts = threading.Event(), [0] * PROGRAMS
        threads = [
            threading.Thread(target=_use, args=(port, secrets[place], stop, counts, place), daemon=True)
            for place in range(PROGRAMS)
        ]
        for thread in threads:
            thread.start()
        samples = _samples({"web server": web, "job worker": worker}, minutes)
        stop.set()
        for thread in threads:
            thread.join(30)
    rows = [
        [name, f"{held[0]:.0f}", f"{held[len(held) // 2]:.0f}", f"{held[-1]:.0f}", f"{max(held):.0f}"]
        for name, held in samples.items()
    ]
    table(
        ["memory, MB", "at first", "half way", "in the end", "at most"],
        rows,
        note=f"{minutes:g} minutes, {sum(counts):,} requests of {PROGRAMS} programs. All processes of each, added up.",
    )


def _samples(processes: dict[str, psutil.Process], minutes: float) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {name: [] for name in processes}
    time.sleep(5)  # until what is loaded at the first request is loaded
    deadline = time.monotonic() + 60 * minutes
    while time.monotonic() < deadline:
        for name, process in processes.items():
            found[name].append(_held(process))
        time.sleep(min(5.0, 60 * minutes / 4))
    return found


def _held(process: psutil.Process) -> float:
    held = 0.0
    for one in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            held += one.memory_info().rss / 1e6
    return held


def _use(port: int, secret: str, stop: threading.Event, counts: list[int], place: int) -> None:
    while not stop.is_set():
        with suppress(OSError, http.client.HTTPException), closing(
            http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        ) as server:  # fmt: skip
            while not stop.is_set():
                counts[place] += _round(server, secret)


def _round(server: http.client.HTTPConnection, secret: str) -> int:
    work = _ask(server, "POST", "/api/v1/work/taking", secret, {})["work"]
    if work is not None:
        step = work["step"]
        given = {"claim": step["claim"], "values": ENTERED}
        _ask(server, "POST", f"/api/v1/work/steps/{step['id']}/completion", secret, given)
    for path in LOOKED_AT:
        _ask(server, "GET", path, secret)
    return 2 + len(LOOKED_AT)


def _ask(
    server: http.client.HTTPConnection, method: str, path: str, secret: str, body: object = None
) -> dict[str, Any]:
    headers = {
        "Authorization": f"Bearer {secret}", "Content-Type": "application/json", "Host": "testserver"
    }  # fmt: skip
    server.request(method, path, None if body is None else json.dumps(body), headers)
    told = json.loads(server.getresponse().read())
    return told if isinstance(told, dict) else {}


@contextmanager
def _process(module: str, *options: str, **environment: str) -> Iterator[psutil.Process]:
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", module, *options],
        cwd=REPOSITORY, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()
        process.wait()


def _await(port: int) -> None:
    for _ in range(600):
        with suppress(OSError), closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as server:
            server.request("GET", "/health/live")
            server.getresponse().read()
            return
        time.sleep(0.1)
