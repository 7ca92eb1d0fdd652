"""`backdesk record`: live work as a history, for whoever analyses it, and its months as they are kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from backdesk.cli import starting
from backdesk.cli.starting import out, refuse, told_plainly

app = starting.commands(
    "The record of live work: read it anew, keep its months, take it along. docs/live-log.md says how."
)
Number = Annotated[
    int, typer.Argument(help="The service, by its number; `backdesk record services` lists them.")
]


@app.command()
@told_plainly
def services() -> None:
    """List the services there are, with their numbers."""
    with starting.all_in_sight("listing services"):
        from backdesk.work.queries.record import every_service

        for one in every_service():
            out.print(f"{one.pk:>6}  {one.name} ({one.provider} for {one.client})", markup=False)


@app.command()
@told_plainly
def export(
    service: Number,
    target: Annotated[
        Path,
        typer.Argument(
            help="The file to write: .csv, .xes, .parquet, .json or .sqlite (OCEL 2.0).", dir_okay=False
        ),
    ],
) -> None:
    """Write the work on a service as a history, which `backdesk assess` and others read."""
    with starting.all_in_sight("exporting the record"):
        from backdesk.evidence.eventlog import FormatUnknown, write
        from backdesk.platform.actor import system
        from backdesk.work.operations import recording
        from backdesk.work.queries.record import OBJECTS, record_of, step_log

        found = _service(service)
        recording.refresh_current(now=datetime.now(UTC))
        actor = system(name="record export", organisation_id=found.client_id)
        log = step_log(actor=actor, record=record_of(actor=actor, service_id=service))
        try:
            write(log, path=target, objects=OBJECTS)
        except FormatUnknown as error:
            refuse(str(error))
    out.print(
        f"{target} holds {log.steps.height + log.open_steps.height} steps of {found.name}.", markup=False
    )
    out.print(f"Assess it: backdesk assess {target} --zone {log.zone}", markup=False)


@app.command()
@told_plainly
def keep() -> None:
    """Keep the months that are over, now instead of in the night."""
    with starting.all_in_sight("keeping months"):
        from backdesk.work.operations import recording

        made = recording.keep_months(now=datetime.now(UTC))
    out.print(f"{len(made)} files were written." if made else "Every month that is over is kept already.")


def _service(pk: int) -> Any:
    from backdesk.work.queries.record import every_service

    found = next((one for one in every_service() if one.pk == pk), None)
    if found is None:
        refuse(f"There is no service {pk}; `backdesk record services` lists those there are.")
    return found
