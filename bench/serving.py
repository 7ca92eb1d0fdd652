"""A Backdesk that is started as a person starts it, watched, and stopped as Ctrl-C does."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench.measuring import Failed

UP = "Ctrl-C stops it"
PATIENCE = 900.0
_OURS = ("BACKDESK_", "DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "DJANGO_", "VIRTUAL_ENV", "PYTHON")


@dataclass(slots=True)
class Served:
    """A process that serves; `lines` are what it printed, each with the seconds since its start."""

    process: subprocess.Popen[str]
    began: float
    lines: list[tuple[float, str]] = field(default_factory=list)

    def read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append((time.perf_counter() - self.began, line.rstrip()))

    def seconds_until(self, words: str) -> float | None:
        """When it printed a line with these words; None where it has not."""
        return next((seconds for seconds, line in self.lines if words in line), None)

    def await_start(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while self.seconds_until(UP) is None:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Failed("It did not start:\n" + "\n".join(line for _, line in self.lines))
            time.sleep(0.01)

    def peak_memory(self) -> dict[str, float]:
        """Largest memory in MB, of each process by what it is."""
        found: dict[str, float] = {}
        for one in psutil.Process(self.process.pid).children(recursive=True):
            name = _what(one)
            found[name] = found.get(name, 0.0) + _peak(one)
        return found

    def stop(self) -> float:
        """Press Ctrl-C; seconds until every process of it was gone. Raises `Failed` where one stays."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        began = time.perf_counter()
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(60)
        _, alive = psutil.wait_procs(family, timeout=10)
        if alive:
            raise Failed(f"These were left after Ctrl-C: {', '.join(one.name() for one in alive)}")
        return time.perf_counter() - began


@contextmanager
def served(
    command: Sequence[str], *, directory: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Served]:
    """Start a command in a directory, without the settings of whoever measures; it is stopped at the end."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    process = subprocess.Popen(
        command, cwd=directory, env={**bare, **(environment or {})}, text=True, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    found = Served(process, time.perf_counter())
    threading.Thread(target=found.read, daemon=True).start()
    try:
        yield found
    finally:
        if process.poll() is None:
            found.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _what(process: psutil.Process) -> str:
    line = " ".join(process.cmdline())
    for mark, name in (("backdesk.cli.web", "web server"), ("backdesk.cli.work", "job worker")):
        if mark in line:
            return name
    return "PostgreSQL" if "postgres" in line else "start, granian's helpers"


def _peak(process: psutil.Process) -> float:
    """Its own memory at the most; of PostgreSQL's many processes that share memory, what each has alone now."""
    if "postgres" in process.name():
        return float(process.memory_full_info().uss) / 1e6
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():
        return float(process.memory_info().rss) / 1e6
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / 1e6
