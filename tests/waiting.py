"""Waiting for what another process does: long enough for a machine that is busy with something else."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 600.0


def until(condition: Callable[[], bool], what: str, *, pause: float = 0.02) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(pause)
