"""The same claims over HTTP: the web server as `backdesk serve` starts it, and a program that keeps its connection."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import psutil

from bench.serving import free_port
from bench.work_memory import _ask, _await, _process

PROCESSES = 2
_NAME = "bench over http"


class Served(NamedTuple):
    port: int
    pid: int


class _Times(NamedTuple):
    user: float
    system: float


@contextmanager
def serving() -> Iterator[Served]:
    """The web server, its connections to the database named so that these can be found there."""
    port = free_port()
    given = ("--host", "127.0.0.1", "--port", str(port), "--processes", str(PROCESSES))
    with _process("backdesk.cli.web", *given, PGAPPNAME=_NAME) as web:
        _await(port)
        yield Served(port, web.pid)


class Share:
    """What is used of the processor by all that serves, shared among the programs that ask."""

    def __init__(self, served: Served, database: Any, *, programs: int) -> None:
        self._served, self._database, self._programs = served, database, programs

    def cpu_times(self) -> _Times:
        found = self._database.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = %s", [_NAME]
        )
        web = psutil.Process(self._served.pid)
        all_of_it = [web, *web.children(recursive=True), *(psutil.Process(pid) for (pid,) in found)]
        times = [one.cpu_times() for one in all_of_it]
        return _Times(
            *(sum(kind) / self._programs for kind in zip(*((t.user, t.system) for t in times), strict=True))
        )


class Program:
    """Posts as JSON over one connection."""

    def __init__(self, served: Served) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)

    def post(self, path: str, secret: str) -> dict[str, Any]:
        return _ask(self._connection, "POST", path, secret, {})
