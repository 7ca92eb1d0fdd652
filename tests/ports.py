"""Ports to be listened on by a process that is yet to start, and taken by nobody else until then."""

from __future__ import annotations

import socket
from contextlib import suppress

#: Below those the system hands out to whoever asks for any.
_LOOKED_AT = range(20_000, 32_000, 3)


def free_port() -> int:
    """One that no other test is given, in whichever process, as long as this one lives; nor the one above it."""
    for claim in _LOOKED_AT:
        with suppress(OSError):
            with socket.create_server(("127.0.0.1", claim + 1)):
                pass
            socket.create_server(("127.0.0.1", claim)).detach()  # listened on to the end, which no two can
            return claim + 1
    raise AssertionError("no port is free: something holds thousands of them")
