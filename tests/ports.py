"""Ports to be listened on by a process that is yet to start, and taken by nobody else until then."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from itertools import count

#: Below those the system hands out to whoever asks for any, and each test process has some of its own.
_FIRST, _EACH = 20_000, 1_000
_untried = count(_FIRST + _EACH * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")))


def free_port() -> int:
    """None twice, and none on which something listens already."""
    for port in _untried:
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("there is always a next one")
