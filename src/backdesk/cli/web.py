"""The web server process: granian on the WSGI application. Started by `backdesk run` and `backdesk serve`."""

from __future__ import annotations

import argparse
import socket
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.net import SocketHolder  # type: ignore[attr-defined]

from backdesk.cli import local
from backdesk.cli.processes import follow_parent

_WAITING = 1024  # connections, until they are accepted


class _Handed(Granian):  # type: ignore[misc,valid-type]
    """On a socket that is listened on already.

    Left to itself granian binds with SO_REUSEPORT, so that two of them share a port, and requests, unnoticed.
    """

    def __init__(self, *target: str, place: socket.socket, **options: Any) -> None:
        super().__init__(*target, **options)
        self._place = place

    def _init_shared_socket(self) -> None:
        """As granian does where a system has no SO_REUSEPORT: all its processes accept from the one socket."""
        self._ssp, self._sso = None, self._place
        self._shd = SocketHolder(self._place.fileno(), False, _WAITING)  # type: ignore[call-arg]


def main() -> None:
    parser = argparse.ArgumentParser(prog="backdesk.cli.web")
    parser.add_argument("--listening", type=int, help="number of a socket that is listened on; or else:")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--threads", type=int, default=4)
    options = parser.parse_args()
    follow_parent()
    given = options.listening
    place = (
        local.listening(options.host, wanted=options.port) if given is None else socket.socket(fileno=given)
    )
    _Handed(
        "backdesk.config.wsgi:application",
        place=place,
        interface=Interfaces.WSGI,
        workers=options.processes,
        blocking_threads=options.threads,
        # Of connections, and a browser keeps six open: few would lock it out of its own next request.
        backpressure=1024,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=5,
        respawn_failed_workers=True,
    ).serve()


if __name__ == "__main__":
    main()
