"""`backdesk convert`: the history of the work in another format."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backdesk.cli.asking import BadOption, Columns, Log, ObjectType, Zone, check_place, mapping_of
from backdesk.cli.telling import shown_progress, told_plainly

if TYPE_CHECKING:
    from backdesk.evidence.eventlog import Mapping, Reading


def convert(
    log: Log,
    target: Annotated[
        Path,
        typer.Argument(
            help="The file to write. Its ending is the format: .csv, .xes, .parquet, .json, .xml or .sqlite "
            "(OCEL 2.0), .jsonocel or .xmlocel (OCEL 1.0); texts also with .gz behind.",
            metavar="OUT",
        ),
    ],
    zone: Zone = None,
    mapping: Columns = None,
    object_type: ObjectType = None,
    steps: Annotated[
        bool, typer.Option("--steps", help="Write a row for each step, with its start and its end.")
    ] = False,
) -> None:
    """Write a work history in another format; what was decided while reading it is told on stderr."""
    with told_plainly(log):
        _check_target(log, target)
        given = mapping_of(mapping)
        with shown_progress() as progress:
            from backdesk.evidence.eventlog import read, to_steps, write

            reading = read(
                log, mapping=given, object_type=object_type, zone=zone, attributes="all", progress=progress
            )
            used = write(to_steps(reading) if steps else reading, path=target)
        _tell(reading, target, used)


def _check_target(log: Path, target: Path) -> None:
    """Refuse what cannot be written before a long file is read."""
    from backdesk.evidence.eventlog import FormatUnknown, format_of

    try:
        format_of(target)
    except FormatUnknown as error:
        raise BadOption(str(error)) from None
    check_place(target)
    if target.exists() and log.exists() and target.samefile(log):
        raise BadOption(f"{target} is the log itself; write to another file.")


def _tell(reading: Reading, target: Path, used: Mapping) -> None:
    from backdesk.evidence.sentences import counted

    cases = reading.events["case"].n_unique()
    written = f"{counted(reading.events.height, 'event')} of {counted(cases, 'case')} written to {target}"
    roles = ",".join(f"{role}={column}" for role, column in used.roles())
    lines = [
        *reading.notes,
        *([reading.truncated] if reading.truncated else []),
        f"{written}; {counted(reading.rows_rejected, 'row')} rejected. Zone {reading.zone}.",
        f"Its columns are {roles}.",
    ]
    print("\n".join(lines), file=sys.stderr)  # noqa: T201
