"""`backdesk backup` and `backdesk restore`: all of Backdesk in one file, and back."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backdesk.cli import doctor, local, starting
from backdesk.cli.starting import err, out

if TYPE_CHECKING:
    from backdesk.platform.operating.backup import Manifest


def backup(
    target: Annotated[
        Path, typer.Argument(help="A new file, or a directory: then the file is named after the time.")
    ],
    without_keys: Annotated[
        bool, typer.Option("--without-keys", help="Leave out what signs sessions and the audit trail.")
    ] = False,
    keep: Annotated[
        int | None, typer.Option(min=1, help="Of the backups in the directory, keep this many, the newest.")
    ] = None,
) -> None:
    """Write all of Backdesk into one file, while it runs: database, files, work histories, keys."""
    _backup(target=target, with_keys=not without_keys, keep=keep)


def restore(
    source: Annotated[Path, typer.Argument(help="A file that `backdesk backup` wrote.")],
    replace: Annotated[
        str,
        typer.Option(metavar="DATABASE", help="The name of the database, where all in it may be replaced."),
    ] = "",
) -> None:
    """Bring back what a backup holds, into an empty Backdesk; then look whether all is well."""
    _restore(source=source, replace=replace)


@starting.told_plainly
def _backup(*, target: Path, with_keys: bool, keep: int | None) -> None:
    if keep and not target.is_dir():
        _end("No backup was made.", f"--keep is about a directory of backups; {target} is none.")
    with _django():
        from backdesk.platform.operating import backup as backups

        try:
            place, manifest = backups.back_up(target, now=datetime.now(UTC), with_keys=with_keys)
        except (backups.TargetTaken, backups.BackupFailed) as error:
            _end("No backup was made.", str(error))
        size = place.stat().st_size
        out.print(f"{place}: {size / 1e6:,.1f} MB, {_in_words(manifest)}.")
        _say_what_is_wrong(manifest)
        for old in backups.keep_newest(target, count=keep) if keep else ():
            out.print(f"Removed {old}.")


@starting.told_plainly
def _restore(*, source: Path, replace: str) -> None:
    with _django():
        from backdesk.platform.operating import backup as backups

        try:
            done = backups.restore(source, now=datetime.now(UTC), replace=replace)
        except (
            backups.NotABackup,
            backups.Damaged,
            backups.BackupIsNewer,
            backups.NotEmpty,
            backups.InUse,
        ) as error:
            _end("Nothing was restored, and nothing was touched.", str(error))
        except (backups.RestoreFailed, OSError) as error:
            _end("The restore was not finished.", f"{error} Run it again; it clears what this one left.")
        out.print(f"Restored {source}, made {done.manifest.made_at} by version {done.manifest.version}: "
                  f"{_in_words(done.manifest)}.")  # fmt: skip
        if done.migrated:
            out.print(f"Brought forward by {len(done.migrated)} migrations.")
        _say_what_is_wrong(done.manifest)
        _verify_trail()
        found = doctor.look(deep=True, at_rest=True)
        doctor.show(found, at_rest=True)
        sys.exit(doctor.exit_code(found))


@contextmanager
def _django() -> Iterator[None]:
    doctor.use_settings_of_what_runs_here()
    local.keep_to_ourselves()
    with starting.settings_and_database():
        import django

        django.setup()
        yield


def _verify_trail() -> None:
    from backdesk.platform.audit.verification import verify
    from backdesk.platform.isolation import as_system

    with as_system("restoring"):
        trail = verify()
    if trail.holds:
        out.print(f"The audit trail holds: {trail.entries:,} entries, {trail.leaves:,} sealed.")
    else:
        err.print(f"[bold red]The audit trail does not hold.[/] {trail.broken[0]}")


def _in_words(manifest: Manifest) -> str:
    rows, files = sum(manifest.tables.values()), len(manifest.members) - 1
    keys = "" if manifest.with_keys else ", without keys"
    return f"{rows:,} rows in {len(manifest.tables)} tables, {files:,} files{keys}"


def _say_what_is_wrong(manifest: Manifest) -> None:
    for name in manifest.missing:
        err.print(f"[bold yellow]Missing when the backup was made:[/] {name}")
    for name in manifest.damaged:
        err.print(f"[bold yellow]Damaged when the backup was made:[/] {name}")


def _end(what: str, why: str) -> None:
    err.print(f"[bold red]{what}[/] {why}")
    sys.exit(1)
