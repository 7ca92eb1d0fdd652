"""`backdesk conform` and `backdesk drift`: whether cases went as the process says, and when the process changed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backdesk.cli.asking import BadOption, Log, ObjectType, Zone, check_place
from backdesk.cli.telling import shown_progress, told_plainly

if TYPE_CHECKING:
    from rich.console import Console

    from backdesk.evidence.eventlog import StepLog
    from backdesk.evidence.process.bpmn import ProcessModel
    from backdesk.evidence.process.conformance import Conformance
    from backdesk.evidence.process.drift import Drift

_MOST_SHOWN = 30


def conform(
    log: Log,
    model: Annotated[Path, typer.Argument(help="The process: BPMN 2.0.", metavar="MODEL")],
    deviations: Annotated[
        Path | None, typer.Option("--csv", help="Write each deviation of each case to a CSV file.")
    ] = None,
    zone: Zone = None,
    object_type: ObjectType = None,
) -> None:
    """Say where the cases of a work history depart from a process: what was skipped, repeated, done too early."""
    from backdesk.evidence.process.conformance import NeverEnds, NothingToCompare
    from backdesk.evidence.process.conformance import conform as compare

    with told_plainly(log):
        if deviations:
            check_place(deviations)
        process = _process(model)
        steps = _steps(log, zone, object_type).steps
        try:
            with shown_progress() as progress:
                found = compare(steps, model=process, progress=progress)
        except (NeverEnds, NothingToCompare) as error:
            raise BadOption(str(error)) from None
        if deviations:
            _write(found, deviations)
        _show(found, _console())


def drift(
    log: Log,
    zone: Zone = None,
    object_type: ObjectType = None,
    seed: Annotated[int, typer.Option(help="Of the orders that are tried; the same gives the same.")] = 1,
) -> None:
    """Say when the process in a work history changed, and what changed: what follows what, waits and takes."""
    from backdesk.evidence.process.drift import TooShort
    from backdesk.evidence.process.drift import drift as find

    with told_plainly(log):
        import numpy as np

        read = _steps(log, zone, object_type)
        try:
            found = find(read.steps, rng=np.random.default_rng(seed), zone=read.zone)
        except TooShort as error:
            raise BadOption(str(error)) from None
        _show_changes(found, _console())


def _process(path: Path) -> ProcessModel:
    from backdesk.evidence.process.bpmn import BrokenProcess, problems, read_bpmn

    try:
        model = read_bpmn(path.read_bytes())
    except BrokenProcess as error:
        raise BadOption(f"{path.name} cannot be read as a process.\n{error}") from None
    stuck = [str(one) for one in problems(model) if one.element is None]
    if stuck:
        raise BadOption("\n".join([f"{path.name} is no process to compare with.", *stuck]))
    return model


def _steps(log: Path, zone: str | None, object_type: str | None) -> StepLog:
    from backdesk.evidence.eventlog import read, to_steps

    with shown_progress() as progress:
        return to_steps(read(log, zone=zone, object_type=object_type, progress=progress))


def _write(found: Conformance, path: Path) -> None:
    from backdesk.evidence.eventlog import safe_cell

    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("case", "kind", "activity", "step", "deviation"))
        for case, one in found.every_deviation():
            step = "" if one.step is None else one.step + 1
            table.writerow((safe_cell(case), one.kind, safe_cell(one.activity), step, safe_cell(str(one))))


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False, markup=False, soft_wrap=True)


def _show(found: Conformance, console: Console) -> None:
    from rich.table import Table

    for line in _told(found):
        console.print(line)
    table = Table("Deviation", "Activity", box=None, pad_edge=False, header_style="bold")
    for name in ("Cases", "Share", "Cycle", "Others"):
        table.add_column(name, justify="right")
    for row in found.by_kind.head(_MOST_SHOWN).iter_rows(named=True):
        table.add_row(*_cells(row))
    if found.by_kind.height:
        console.print()
        console.print(table)


def _told(found: Conformance) -> Iterator[str]:
    from backdesk.evidence.process.conformance import precision
    from backdesk.evidence.process.text import count, percent

    cases = found.cases.height
    yield f"{count(found.fitting_cases)} of {count(cases)} cases went as the process says."
    if found.fitness is not None:
        yield f"Fitness {found.fitness:.3f}, precision {precision(found) or 0:.3f}."
    if found.unsettled_cases:
        low, high = found.fitness_bounds
        yield (
            f"{count(found.unsettled_cases)} cases ({percent(found.unsettled_cases / cases)}) were not settled within "
            f"the limit; with them the fitness lies between {low:.3f} and {high:.3f}."
        )
    yield from found.notes


def _cells(row: dict[str, object]) -> Iterator[str]:
    from backdesk.evidence.process.text import count, duration, percent
    from backdesk.evidence.reports.terminal import clean

    yield str(row["kind"])
    yield clean(str(row["activity"]))
    yield count(float(str(row["cases"])))
    yield percent(float(str(row["share"])))
    for name in ("cycle_s", "other_cycle_s"):
        yield duration(None if row[name] is None else float(str(row[name])))


def _show_changes(found: Drift, console: Console) -> None:
    from backdesk.evidence.process.text import count
    from backdesk.evidence.reports.terminal import clean

    console.print(
        f"{count(found.cases)} cases over {found.periods} {found.period}s, {found.figures} figures watched; "
        f"{count(found.left_out)} cases left out that may not be over."
    )
    if not found.changes:
        console.print(
            f"No change was found. Where there is none, one is found in {1 - found.confidence:.0%} of logs."
        )
    for change in found.changes:
        console.print(f"\nFrom {change.at:%d %B %Y} (p = {change.p_value:.3f}):")
        for shift in change.strongest:
            console.print(clean(f"  {shift}"))
