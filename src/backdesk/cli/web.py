"""The web server process: granian on the WSGI application. Started by `backdesk run` and `backdesk serve`."""

from __future__ import annotations

import argparse

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from backdesk.cli.processes import follow_parent


def main() -> None:
    parser = argparse.ArgumentParser(prog="backdesk.cli.web")
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--threads", type=int, default=4)
    options = parser.parse_args()
    follow_parent()
    Granian(
        "backdesk.config.wsgi:application",
        address=options.host,
        port=options.port,
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
