"""The product's own web server and worker as processes, on the database of the tests."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlencode

from django.db import connection

from tests.ports import free_port
from tests.shared import REPOSITORY
from tests.waiting import PATIENCE, until


@contextmanager
def web_server(var: Path) -> Iterator[int]:
    """Granian as `backdesk serve` starts it; gives the port. What it keeps, and its temporary files, lie in `var`."""
    port = free_port()
    with _process("backdesk.cli.web", "--host", "127.0.0.1", "--port", str(port), var=var):
        until(lambda: _answers(port), "the web server")
        yield port


@contextmanager
def worker(var: Path) -> Iterator[subprocess.Popen[bytes]]:
    """As the only one: what seems in work is left over from a dead one and is taken up at once."""
    with _process("backdesk.cli.work", "--sole", var=var) as process:
        yield process


@contextmanager
def _process(module: str, *options: str, var: Path) -> Iterator[subprocess.Popen[bytes]]:
    var.mkdir(parents=True, exist_ok=True)
    own = {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "BACKDESK_TEST_DATABASE_URL": _database_url(),
        "TMPDIR": str(var),  # where the settings of the tests put everything
    }
    process = subprocess.Popen(
        [sys.executable, "-m", module, *options], cwd=REPOSITORY, env={**os.environ, **own}
    )
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
        process.kill()
        process.wait()


def _database_url() -> str:
    where = connection.settings_dict
    query = urlencode({"host": where["HOST"], "port": where["PORT"] or "5432"})
    return f"postgresql://{quote(where['USER'])}:{quote(where['PASSWORD'])}@/{where['NAME']}?{query}"


def _answers(port: int) -> bool:
    """A port is listened on long before the product is loaded behind it, which is what a call would wait for."""
    with suppress(OSError, http.client.HTTPException), closing(
        http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    ) as server:  # fmt: skip
        server.request("GET", "/health/live")
        return server.getresponse().status == 200
    return False
