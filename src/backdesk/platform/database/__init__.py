"""The embedded PostgreSQL server: a wheel's programs, our own hand on the process.

Nothing else in the house knows the wheel, so another can take its place. From it comes where `postgres` and `initdb`
are; who may start a server on a directory, as which user, with what settings and how it ends is decided here.

- One owner a directory: an exclusive `flock` on `<directory>.lock`, which the kernel frees however the owner dies.
- fsync and data checksums on, data kept between runs. A server that outlived a killed owner is stopped first.
- No TCP port: a socket in the data directory (0700), and peer authentication for whoever started Backdesk, who may
  be the owner of the tables (`backdesk`), the application (`backdesk_app`) and the superuser (`postgres`).
- PostgreSQL refuses root: then it runs as the directory's owner, for a new directory as a user named `backdesk`.

It needs no Django, and starts in about half a second (a new directory takes about two).
"""

from backdesk.platform.database.addresses import (
    APPLICATION_ROLE,
    Address,
    DatabaseUnavailable,
    address,
    data_directory,
    wait_for,
)
from backdesk.platform.database.ownership import DirectoryInUse
from backdesk.platform.database.server import Server, available, start

__all__ = [
    "APPLICATION_ROLE",
    "Address",
    "DatabaseUnavailable",
    "DirectoryInUse",
    "Server",
    "address",
    "available",
    "data_directory",
    "start",
    "wait_for",
]
