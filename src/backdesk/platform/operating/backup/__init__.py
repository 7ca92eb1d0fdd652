"""All of Backdesk in one file, and back.

A backup is a tar file: the database as one state of it, the files and work histories that this state names, the keys of
this installation unless told otherwise, and last a manifest with the checksum of each and the rows of every table. It
is made while people work: what the database names is never changed afterwards, and is held until it is written.

Restoring reads the whole file and compares every checksum before it touches anything. The database then changes in one
transaction; a restore that was cut short is marked as such, and the next one clears what it left.
"""

from backdesk.platform.operating.backup.archive import Damaged, NotABackup
from backdesk.platform.operating.backup.holdings import Held, register
from backdesk.platform.operating.backup.manifest import Manifest
from backdesk.platform.operating.backup.restoring import (
    BackupIsNewer,
    InUse,
    NotEmpty,
    RestoreFailed,
    restore,
    unfinished,
)
from backdesk.platform.operating.backup.writing import BackupFailed, TargetTaken, back_up, keep_newest

__all__ = [
    "BackupFailed",
    "BackupIsNewer",
    "Damaged",
    "Held",
    "InUse",
    "Manifest",
    "NotABackup",
    "NotEmpty",
    "RestoreFailed",
    "TargetTaken",
    "back_up",
    "keep_newest",
    "register",
    "restore",
    "unfinished",
]
