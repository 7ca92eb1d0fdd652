"""One owner a data directory: an exclusive lock that the kernel frees however its owner dies."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from backdesk.platform.database.addresses import DatabaseUnavailable


class DirectoryInUse(DatabaseUnavailable):
    """Another Backdesk owns the data directory."""


def own(data: Path) -> int:
    """The lock, as a file descriptor that no child process inherits."""
    path = data.with_name(f"{data.name}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError:
        raise DatabaseUnavailable(
            f"{path} belongs to another user, who started Backdesk here before. "
            "Start it as that user again, or set BACKDESK_VAR to a directory of your own."
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.read(lock, 20).decode(errors="replace").strip() or "unknown"
        os.close(lock)
        raise DirectoryInUse(
            f"The database in {data} is already run by another Backdesk (process {owner}). "
            "Stop that one first, or set BACKDESK_VAR to another directory to run a second one beside it."
        ) from None
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    return lock


def release(lock: int) -> None:
    with suppress(OSError):  # released already
        os.close(lock)
