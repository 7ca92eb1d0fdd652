"""Where the embedded server of a directory is found, whether it runs or not."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

NAME = "backdesk"
#: As whom the application connects: it owns no table, so row-level security binds it and it cannot change that.
APPLICATION_ROLE = "backdesk_app"
SOCKET = ".s.PGSQL.5432"
# sun_path holds 108 bytes on Linux and 104 on macOS, with the closing zero.
_LONGEST_SOCKET_PATH = 103


class DatabaseUnavailable(Exception):
    """The embedded server cannot be started or reached; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What a client needs to connect."""

    socket_directory: Path
    user: str = NAME
    name: str = NAME

    def conninfo(self, *, user: str | None = None, name: str | None = None) -> str:
        return f"host='{self.socket_directory}' user={user or self.user} dbname={name or self.name}"


def data_directory(var: Path) -> Path:
    return var / "postgres"


def address(data: Path) -> Address:
    """The socket lies in the data directory, or, where that makes too long a path, in a directory for temporaries."""
    data = data.absolute()
    if len(os.fsencode(data / SOCKET)) <= _LONGEST_SOCKET_PATH:
        return Address(socket_directory=data)
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return Address(socket_directory=Path(tempfile.gettempdir()) / f"backdesk-{name}")


def wait_for(where: Address, *, patience: float = 30.0) -> None:
    """Return once the server answers; raises `DatabaseUnavailable` when it does not in time."""
    import psycopg

    deadline = time.monotonic() + patience
    while True:
        try:
            psycopg.connect(where.conninfo(), connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise DatabaseUnavailable(
                    f"The database in {where.socket_directory} does not answer: {error}"
                ) from error
            time.sleep(0.05)
        else:
            return
