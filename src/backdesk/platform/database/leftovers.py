"""What a killed owner leaves behind: perhaps a server that still runs, and in any case its pid file."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from backdesk.platform.database.addresses import DatabaseUnavailable

log = logging.getLogger(__name__)

_PATIENCE = 20.0


def clear(data: Path) -> None:
    """Stop a server that outlived its owner, and remove its pid file. Call it as the owner of the directory.

    PostgreSQL itself refuses to start where the number in an old pid file belongs to any live process by now, as
    it easily does after a container restarts. We hold the lock, so whatever works in the directory is left over.
    """
    for sent in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        left = _servers_in(data)
        if not left:
            break
        log.warning("Stopping a database server that outlived its Backdesk in %s.", data)
        for process in left:
            with suppress(ProcessLookupError):
                os.kill(process, sent)
        wait_until(lambda: not _servers_in(data), patience=_PATIENCE)
    else:
        raise DatabaseUnavailable(
            f"A database server still runs in {data} and cannot be stopped; end it by hand."
        )
    (data / "postmaster.pid").unlink(missing_ok=True)


def wait_until(condition: Callable[[], bool], *, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _servers_in(data: Path) -> list[int]:
    """Server processes of this directory: each of them works in it."""
    import psutil

    place, found = str(data.resolve()), []
    for process in psutil.process_iter(["name"]):
        with suppress(psutil.Error, OSError):
            if process.info["name"] == "postgres" and process.cwd() == place:
                found.append(process.pid)
    return found
