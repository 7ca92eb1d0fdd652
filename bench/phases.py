"""`backdesk assess` phase by phase, in one process: seconds of the clock and of all cores. Called with LOG."""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

PHASES: list[tuple[str, float, float]] = []
_last = [time.perf_counter(), time.process_time()]


def phase(name: str) -> None:
    """End a phase; a name that was there before has its seconds added up."""
    now = [time.perf_counter(), time.process_time()]
    PHASES.append((name, now[0] - _last[0], now[1] - _last[1]))
    _last[:] = now


from backdesk.evidence import reports  # noqa: E402  (imports are a phase)
from backdesk.evidence.assessment import assess  # noqa: E402
from backdesk.evidence.calendars import parse  # noqa: E402
from backdesk.evidence.eventlog import read, to_steps  # noqa: E402

TOLD = {
    "figures of cases": "measure the steps",
    "figures of activities": "figures of cases",
    "ranking": "figures of activities",
    "done": "rank, bundle, choose the pilot",
}


def told(fraction: float, name: str) -> None:
    """The assessment says what it begins; that ends what went before."""
    if name in TOLD:
        phase(TOLD[name])


phase("import")
now = datetime.now(UTC)
reading = read(Path(sys.argv[1]), now=now)
phase("read XES")
log = to_steps(reading)
phase("pair starts and ends")
found = assess(log, calendar=parse("Mon-Fri 09:00-17:00", zone=reading.zone), reading=reading, progress=told)
phase("questions, notes")
for kind in reports.KINDS:
    reports.render(found, kind=kind, title="bpic2012", now=now)
    phase(f"report as {kind.upper()}")
reports.render(found, kind="pdf", title="bpic2012", now=now)
phase("report as PDF, once more")
print(json.dumps(PHASES))
