"""Histories in and out: memory that does not grow with what is not kept, and formats that others read."""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from bench.measuring import (
    REPOSITORY,
    Failed,
    Process,
    Skipped,
    environment_of_peers,
    repeated,
    run,
    shared_data,
    spread,
    table,
    title,
    told_plainly,
)

RUNS = 3
CASES, EVENTS = 8_000, 20  # of each case
UNUSED = 1_500  # bytes of each of two attributes nobody asks for
READ = """
import sys
from pathlib import Path
from backdesk.evidence import eventlog
reading = eventlog.read(Path(sys.argv[1]), attributes=sys.argv[2].split())
print(reading.events.height, reading.events["case"].n_unique())
"""
FORMS = {
    "log.xes": "XES",
    "log.json": "OCEL 2.0 JSON",
    "log.xml": "OCEL 2.0 XML",
    "log.sqlite": "OCEL 2.0 SQLite",
}
OLD_FORMS = {"old.jsonocel": "OCEL 1.0 JSON", "old.xmlocel": "OCEL 1.0 XML", "old.sqlite": "OCEL 1.0 SQLite"}


def main() -> None:
    title("Read and write work histories")
    for measure in (memory, others_read):
        try:
            measure()
        except Skipped as absent:
            print(f"Skipped {measure.__name__}: {absent}.\n")


def memory() -> None:
    """The same log three times: as it is, with long attributes that are not kept, and with one of them kept."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        plain, long = Path(folder, "plain.xes"), Path(folder, "long.xes")
        _log(plain, "")
        _log(long, "".join(f'<string key="text-{n}" value="{"x" * UNUSED}"/>\n' for n in range(2)))
        empty = spread([one.peak for one in repeated(RUNS, _imported)]).median
        for name, path, kept in (
            ("as it is", plain, "cost"),
            ("with two long attributes more, not kept", long, "cost"),
            ("  ... one of them kept", long, "cost text-0"),
        ):
            done = repeated(RUNS, lambda path=path, kept=kept: _read(path, kept))  # type: ignore[misc]
            if any(one.printed.split() != [str(CASES * EVENTS), str(CASES)] for one in done):
                raise Failed(f"{path.name} was not read whole")
            peak = spread([one.peak for one in done])
            cpu = spread([one.cpu for one in done]).text()
            size = f"{path.stat().st_size / 1e6:,.0f}"
            rows.append([name, size, cpu, peak.text(0), f"{peak.median - empty:,.0f}"])
    table(
        [f"XES, {CASES * EVENTS:,} events", "MB", "cpu s", "peak MB", "beyond import"],
        rows,
        note=f"Median of {RUNS} (least-most).",
    )


def others_read() -> None:
    """What we write, read by pm4py: as many events, cases and values of attributes, with their types."""
    python = environment_of_peers()
    from backdesk.evidence import eventlog

    reading = eventlog.read(
        shared_data("eventlogs", "logs", "08_receipt.xes.gz"), attributes=["case:channel", "concept:instance"]
    )
    cost = reading.events["line"].cast(float) / 4
    events = reading.events.with_columns(cost.alias("event:cost"))
    reading = replace(reading, events=events)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, form in (FORMS | OLD_FORMS).items():
            path = Path(folder, name)
            eventlog.write(reading, path=path, form="ocel1-sqlite" if name == "old.sqlite" else None)
            found = json.loads(run([python, str(REPOSITORY / "bench" / "peer_reads.py"), str(path)]).printed)
            wanted = {
                "events": events.height,
                "cases": events["case"].n_unique(),
                "cost": round(float(events["event:cost"].sum()), 2),
                "channels": events["case:channel"].n_unique(),
            }
            if found != wanted:
                raise Failed(f"pm4py reads {form} as {found}, not as {wanted}")
            rows.append([form, *(f"{value:,}" for value in found.values())])
    table(["written by Backdesk, read by pm4py", "events", "cases", "sum of cost", "channels"], rows)


def _log(path: Path, more: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write('<log xes.version="1.0">\n')
        for case in range(CASES):
            file.write(f'<trace>\n<string key="concept:name" value="{case}"/>\n')
            for number in range(EVENTS):
                at = f"2024-01-{number + 1:02}T{case % 24:02}:{case % 60:02}:00Z"
                file.write(
                    f'<event>\n<string key="concept:name" value="Step {number}"/>\n<date key="time:timestamp" '
                    f'value="{at}"/>\n<float key="cost" value="{case / 4}"/>\n{more}</event>\n'
                )
            file.write("</trace>\n")
        file.write("</log>\n")


def _imported() -> Process:
    return run([sys.executable, "-c", "from backdesk.evidence.eventlog import xes_quick"])


def _read(path: Path, kept: str) -> Process:
    return run([sys.executable, "-c", READ, str(path), kept])


if __name__ == "__main__":
    sys.exit(told_plainly(main))
