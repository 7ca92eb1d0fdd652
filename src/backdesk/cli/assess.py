"""`backdesk assess`: from a work history to what to hand over, in one command."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backdesk.cli.asking import BadOption, Columns, Log, ObjectType, Zone, check_place, mapping_of
from backdesk.cli.telling import Progress, shown_progress, told_plainly

if TYPE_CHECKING:
    from backdesk.evidence.assessment import Assessment, Rates
    from backdesk.evidence.calendars import Calendar
    from backdesk.evidence.eventlog import Mapping, Reading

ASSUMED_CALENDAR = "Mon-Fri 09:00-17:00"
_REPORTS = (".html", ".pdf")


def assess(
    log: Log,
    zone: Zone = None,
    calendar: Annotated[
        str | None,
        typer.Option(
            help=f'Working time, for example "Mon-Fri 08:00-12:00,13:00-17:00; holidays NL". '
            f"Assumed: {ASSUMED_CALENDAR}.",
            show_default=False,
        ),
    ] = None,
    mapping: Columns = None,
    object_type: ObjectType = None,
    rates: Annotated[
        Path | None,
        typer.Option(help="Costs of an hour: a CSV file kind,name,rate,currency.", show_default=False),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(help="Write a report to hand on: .html or .pdf.", show_default=False),
    ] = None,
    rejects: Annotated[
        Path | None,
        typer.Option(help="Write the rows that could not be read, with the reasons, to a CSV file."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Say what to hand over, from a real work history: candidates with reasons, bundles, the pilot."""
    now = datetime.now(UTC)
    with told_plainly(log):
        _check_report(report)
        if rejects:
            check_place(rejects)
        hours, given_rates, given_mapping = _options(calendar, rates, mapping)
        with shown_progress() as progress:
            reading = _read(log, given_mapping, object_type, zone, now, progress)
            if rejects:
                _write_rejects(reading, rejects)
            found = _assess(reading, hours, calendar is None, given_rates, progress)
            if report:
                _write_report(found, report, log.name, now, progress)
        _print(found, log, as_json=as_json)
        if report:
            print(f"Report written to {report}.", file=sys.stderr)  # noqa: T201


def _options(
    calendar: str | None, rates: Path | None, mapping: str | None
) -> tuple[Calendar, Rates | None, Mapping | None]:
    """Read what was typed before the log: a slip of the pen should not wait for a long file."""
    from backdesk.evidence.calendars import parse

    hours = parse(calendar or ASSUMED_CALENDAR, zone="UTC")
    given_rates = None
    if rates:
        from backdesk.evidence.assessment import read_rates

        given_rates = read_rates(rates)
    return hours, given_rates, mapping_of(mapping)


def _read(
    log: Path,
    mapping: Mapping | None,
    object_type: str | None,
    zone: str | None,
    now: datetime,
    progress: Progress,
) -> Reading:
    from backdesk.evidence.eventlog import read

    done = _part(progress, 0.0, 0.5)
    return read(log, mapping=mapping, object_type=object_type, zone=zone, now=now, progress=done)


def _assess(
    reading: Reading, hours: Calendar, assumed: bool, rates: Rates | None, progress: Progress
) -> Assessment:
    from backdesk.evidence.assessment import assess
    from backdesk.evidence.eventlog import to_steps

    progress(0.5, "pairing starts and ends")
    return assess(
        to_steps(reading),
        calendar=replace(hours, zone=reading.zone),
        calendar_assumed=assumed,
        rates=rates,
        reading=reading,
        progress=_part(progress, 0.6, 0.9),
    )


def _print(found: Assessment, log: Path, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(found.to_dict(), ensure_ascii=False, indent=1, allow_nan=False) + "\n")
        return
    from rich.console import Console

    from backdesk.evidence.reports.terminal import show

    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # names in any script, terminals in some
    plain = bool(os.environ.get("NO_COLOR"))
    console = Console(file=sys.stdout, highlight=False, color_system=None if plain else "auto")
    show(found, console=console, name=log.name)


def _check_report(report: Path | None) -> None:
    if report is None:
        return
    if report.suffix.lower() not in _REPORTS:
        raise BadOption(f"--report {report}: write to a file that ends in {' or '.join(_REPORTS)}.")
    if not report.parent.is_dir():
        raise BadOption(f"--report {report}: there is no folder {report.parent}.")


def _write_report(found: Assessment, report: Path, title: str, now: datetime, progress: Progress) -> None:
    from backdesk.evidence import reports

    progress(0.9, "writing the report")
    reports.write(found, path=report, title=title, now=now)


def _write_rejects(reading: Reading, path: Path) -> None:
    from backdesk.evidence.eventlog.exporting import write_rejects_csv

    write_rejects_csv(reading.rejects, target=path)


def _part(progress: Progress, start: float, end: float) -> Progress:
    """Make one phase's 0 to 1 a part of the whole."""
    return lambda fraction, phase: progress(start + (end - start) * fraction, phase)
