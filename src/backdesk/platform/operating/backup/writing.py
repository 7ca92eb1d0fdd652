"""Making a backup, while people work."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import Error, connections, transaction

from backdesk.platform.operating.backup import holdings, programs
from backdesk.platform.operating.backup.archive import Writing
from backdesk.platform.operating.backup.holdings import Held
from backdesk.platform.operating.backup.manifest import DUMP, Manifest, applied_migrations, rows_of_tables
from backdesk.platform.operating.backup.programs import OWNER

_PATTERN = "backdesk-????????T??????Z.tar"


class TargetTaken(Exception):
    """A file stands where the backup should go; none is overwritten."""


class BackupFailed(Exception):
    """No backup was made; the message says why."""


@dataclass(slots=True)
class _Found:
    """Of the files that the database names: what is not as it says."""

    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


def back_up(target: Path, *, now: datetime, with_keys: bool = True) -> tuple[Path, Manifest]:
    """Write all of Backdesk into one new file, or into a file named after the time where `target` is a directory."""
    place = target / f"backdesk-{now:%Y%m%dT%H%M%SZ}.tar" if target.is_dir() else target
    if place.exists():
        raise TargetTaken(f"{place} is there already. Name another file; none is overwritten.")
    try:
        with _whole_or_nothing(place) as file:
            return place, _write(file, beside=place.parent, now=now, with_keys=with_keys)
    except programs.ProgramFailed as error:
        raise BackupFailed(f"The database could not be dumped: {error}") from error
    except Error as error:
        raise BackupFailed(f"The database could not be read: {str(error).splitlines()[0]}") from error
    except OSError as error:
        raise BackupFailed(
            f"{error.strerror} ({place}). Name a directory that is there, with room, and that may be written to."
        ) from error


def keep_newest(directory: Path, *, count: int) -> list[Path]:
    """Remove all but the newest backups of a directory, by the names that `back_up` gives; what was removed."""
    old = sorted(directory.glob(_PATTERN), reverse=True)[count:]
    for path in old:
        path.unlink()
    return old


def _write(file: IO[bytes], *, beside: Path, now: datetime, with_keys: bool) -> Manifest:
    writing, found = Writing(file, now=now.timestamp()), _Found()
    with tempfile.TemporaryDirectory(dir=beside, prefix=".backdesk-dump-") as scratch, _holding() as hold:
        with _snapshot() as snapshot:
            migrations, tables = applied_migrations(), rows_of_tables()
            held = [(one, hold(one.path)) for one in holdings.named()]
            programs.dump(Path(scratch) / DUMP, snapshot=snapshot)
        writing.add(DUMP, Path(scratch) / DUMP)
        for one, path in held:
            _add(writing, one, path, found)
    for path in holdings.keys() if with_keys else ():
        writing.add(_name_of(path), path)
    manifest = Manifest(
        made_at=now.isoformat(),
        with_keys=with_keys,
        migrations=migrations,
        tables=tables,
        members=dict(writing.members),
        missing=found.missing,
        damaged=found.damaged,
    )
    writing.close(manifest)
    return manifest


def _add(writing: Writing, held: Held, path: Path | None, found: _Found) -> None:
    """What the store has lost or spoilt is said, and does not stand in the way of saving all else."""
    name = _name_of(held.path)
    if path is None:
        found.missing.append(name)
    elif held.sha256 not in {"", writing.add(name, path)}:
        found.damaged.append(name)


def _name_of(path: Path) -> str:
    return path.relative_to(settings.VAR).as_posix()


@contextmanager
def _snapshot() -> Iterator[str]:
    """One state of the database, for our own reading and for the dump."""
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield str(cursor.fetchone()[0])


@contextmanager
def _holding() -> Iterator[Holder]:
    """A second name for every file of the backup, so that one removed meanwhile is still there to be written."""
    with tempfile.TemporaryDirectory(dir=settings.VAR, prefix="backing-up-") as directory:
        yield Holder(Path(directory))


class Holder:
    def __init__(self, directory: Path) -> None:
        self._directory, self._count = directory, 0

    def __call__(self, path: Path) -> Path | None:
        """None where there is no such file."""
        self._count += 1
        second = self._directory / str(self._count)
        try:
            os.link(path, second)
        except FileNotFoundError:
            return None
        except OSError:  # a disk that knows no second names
            return path
        return second


@contextmanager
def _whole_or_nothing(place: Path) -> Iterator[IO[bytes]]:
    """For its owner alone, and under its name only once all of it is on disk."""
    partial = place.with_name(f".{place.name}.partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.rename(place)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
