"""From a backup to a Backdesk that works, in an empty place or instead of what is there."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections

from backdesk.platform.isolation import as_system
from backdesk.platform.operating.backup import archive, holdings, programs
from backdesk.platform.operating.backup.manifest import (
    DUMP,
    FORMAT,
    Manifest,
    known_migrations,
    rows_of_tables,
)
from backdesk.platform.operating.backup.programs import OWNER
from backdesk.platform.webhooks import sources

_WORKSHOP = "restoring"
_HALF = "half"
_EMPTIED = """
DROP SCHEMA public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""


class BackupIsNewer(Exception):
    """A later version made it; this one would lose what it does not know."""


class NotEmpty(Exception):
    """Something is there that would be lost, and nobody said that it may."""


class InUse(Exception):
    """Backdesk still works on this database."""


class RestoreFailed(Exception):
    """The message says what happened and what is there now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    manifest: Manifest
    migrated: list[str]


def restore(source: Path, *, now: datetime, replace: str = "") -> Restored:
    """Bring back what the backup holds. `replace` is the name of the database, where it may be replaced."""
    manifest = archive.checked(source)
    _refuse_newer(manifest)
    _refuse_use()
    if not unfinished(Path(settings.VAR)):
        _refuse_loss(replace)
    workshop = _new_workshop()
    archive.extract(source, to=workshop / "new", manifest=manifest)
    (workshop / _HALF).touch()
    _load(workshop / "new" / DUMP, manifest)
    _put_in_place(workshop)
    migrated = _migrate(manifest)
    with as_system("what a backup holds is told to webhooks"):
        sources.begin_anew(now=now)
    shutil.rmtree(workshop)
    return Restored(manifest=manifest, migrated=migrated)


def unfinished(var: Path) -> bool:
    """Was a restore cut short here after it began to change things? The next one clears what it left."""
    return (var / _WORKSHOP / _HALF).exists()


def database_name() -> str:
    return str(connections[OWNER].settings_dict["NAME"])


def _refuse_newer(manifest: Manifest) -> None:
    unknown = sorted(set(manifest.migrations) - known_migrations())
    if manifest.format > FORMAT or unknown:
        why = f"this one does not know {unknown[0]}" if unknown else "its form is not known here"
        raise BackupIsNewer(
            f"The backup was made by a later Backdesk ({manifest.version}; {why}). "
            "Install that version, or a later one, and restore with it."
        )


def _refuse_use() -> None:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"  # of other roles no more than that is told
        )
        others = int(cursor.fetchone()[0])
    if others:
        raise InUse(f"{others} others are connected to the database. Stop Backdesk and its workers first.")


def _refuse_loss(replace: str) -> None:
    what = _what_is_there()
    if what and replace != database_name():
        raise NotEmpty(
            f"There is something already: {what}. Restore into an empty BACKDESK_VAR and database, "
            f"or say that all of it may go: --replace {database_name()}"
        )


def _what_is_there() -> str:
    rows = sum(rows_of_tables().values())
    var = Path(settings.VAR)
    full = [place for place in holdings.places() if (var / place).exists() and any((var / place).iterdir())]
    said = [f"{rows} rows in the database {database_name()}"] if rows else []
    return ", ".join([*said, *(f"files in {var / place}" for place in full)])


def _new_workshop() -> Path:
    workshop = Path(settings.VAR) / _WORKSHOP
    was_half = unfinished(workshop.parent)
    shutil.rmtree(workshop, ignore_errors=True)
    for part in ("new", "old"):
        (workshop / part).mkdir(parents=True)
    if was_half:
        (workshop / _HALF).touch()
    return workshop


def _load(dump: Path, manifest: Manifest) -> None:
    """In one transaction, so that the database is as it was, or as the backup has it."""
    for connection in connections.all(initialized_only=True):
        connection.close()
    try:
        programs.load(dump, before=_EMPTIED)
    except programs.ProgramFailed as error:
        raise RestoreFailed(f"The database is as it was: it did not take the backup: {error}") from error
    found = rows_of_tables()
    if found != manifest.tables:
        table = next(
            name
            for name in sorted({*found, *manifest.tables})
            if found.get(name) != manifest.tables.get(name)
        )
        raise RestoreFailed(
            f"{table} has {found.get(table, 'no')} rows after the restore; "
            f"the backup counted {manifest.tables.get(table)}."
        )


def _put_in_place(workshop: Path) -> None:
    """What the backup has, by renaming; and out of the way what belonged to the database before."""
    var, new, old = Path(settings.VAR), workshop / "new", workshop / "old"
    (new / DUMP).unlink()
    for name in sorted({*holdings.places(), *(path.name for path in new.iterdir())}):
        with suppress(FileNotFoundError):
            (var / name).rename(old / name)
        with suppress(FileNotFoundError):
            (new / name).rename(var / name)


def _migrate(manifest: Manifest) -> list[str]:
    """To this version; also brings policies and rights, which a backup does not carry."""
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except CommandError as error:
        raise RestoreFailed(f"All is back, but could not be brought to this version: {error}") from error
    return sorted(known_migrations() - set(manifest.migrations))
