"""`backdesk discover`: a model of the work, from its history."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backdesk.cli.asking import BadOption, Columns, Log, ObjectType, Zone, check_place, mapping_of
from backdesk.cli.telling import shown_progress, told_plainly

if TYPE_CHECKING:
    import polars as pl

    from backdesk.evidence.process.discovery import Discovered


def discover(
    log: Log,
    noise: Annotated[
        float,
        typer.Option(
            min=0,
            max=1,
            help="Ways on rarer than this part of the most frequent are left aside; 0 keeps all.",
        ),
    ] = 0.2,
    bpmn: Annotated[
        Path | None,
        typer.Option(help="Write the model as BPMN 2.0, which other tools open.", show_default=False),
    ] = None,
    svg: Annotated[
        Path | None, typer.Option(help="Write a picture of the model.", show_default=False)
    ] = None,
    zone: Zone = None,
    mapping: Columns = None,
    object_type: ObjectType = None,
) -> None:
    """Find a sound model of the work in a history; print it as a process tree, and how many cases fit it."""
    with told_plainly(log):
        for target in filter(None, (bpmn, svg)):
            check_place(target)
        given = mapping_of(mapping)
        with shown_progress() as progress:
            from backdesk.evidence.eventlog import read, to_steps

            reading = read(log, mapping=given, object_type=object_type, zone=zone, progress=progress)
            progress(0.9, "looking for the model")
            found = _discovered(to_steps(reading).steps, noise, log.name)
        _write(found, bpmn, svg)
    print(found.tree)  # noqa: T201
    print(found.told, file=sys.stderr)  # noqa: T201


def _discovered(steps: pl.DataFrame, noise: float, name: str) -> Discovered:
    from backdesk.evidence.process.discovery import NothingToDiscover, TooManyActivities, discovered

    try:
        return discovered(steps, noise=noise, name=name)
    except (NothingToDiscover, TooManyActivities) as error:
        raise BadOption(f"{name}: {error}") from None


def _write(found: Discovered, bpmn: Path | None, svg: Path | None) -> None:
    from backdesk.evidence.process.bpmn import draw_process, write_bpmn

    if bpmn is not None:
        bpmn.write_bytes(write_bpmn(found.model))
    if svg is not None:
        svg.write_text(draw_process(found.model, theme="print"), encoding="utf-8")
