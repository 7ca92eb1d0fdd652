"""`backdesk discover`: a model of the work, from its history."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backdesk.cli.assess import BadOption, shown_progress, told_plainly

if TYPE_CHECKING:
    import polars as pl

    from backdesk.evidence.eventlog import Mapping
    from backdesk.evidence.process.discovery import Discovered


def discover(
    log: Annotated[Path, typer.Argument(help="The work history: CSV, XES, OCEL or Parquet.", metavar="LOG")],
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
    zone: Annotated[
        str | None,
        typer.Option(help="Zone of times without one, for example Europe/Amsterdam.", show_default=False),
    ] = None,
    mapping: Annotated[
        str | None,
        typer.Option(
            help='Which column is what, for example "case=Order,activity=Task,ended_at=Done".',
            show_default=False,
        ),
    ] = None,
    object_type: Annotated[
        str | None,
        typer.Option(help="Of an object-centric log: the objects that are the cases.", show_default=False),
    ] = None,
) -> None:
    """Find a sound model of the work in a history; print it as a process tree, and how many cases fit it."""
    with told_plainly(log):
        for target in (bpmn, svg):
            _check_target(target)
        given = _mapping(mapping)
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


def _mapping(text: str | None) -> Mapping | None:
    from backdesk.evidence.eventlog import Mapping

    return Mapping.from_text(text) if text else None


def _check_target(target: Path | None) -> None:
    """Refuse what cannot be written before a long file is read."""
    if target is not None and not target.absolute().parent.is_dir():
        raise BadOption(f"{target}: there is no folder {target.parent}.")
    if target is not None and target.is_dir():
        raise BadOption(f"{target} is a folder; name a file within it.")


def _write(found: Discovered, bpmn: Path | None, svg: Path | None) -> None:
    from backdesk.evidence.process.bpmn import draw_process, write_bpmn

    if bpmn is not None:
        bpmn.write_bytes(write_bpmn(found.model))
    if svg is not None:
        svg.write_text(draw_process(found.model, theme="print"), encoding="utf-8")
