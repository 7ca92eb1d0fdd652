"""What the peers do, by Backdesk: read XES, pairs, durations of cases. Called as `same_work.py LOG`."""

import json
import sys
import time
from pathlib import Path

began = time.perf_counter()
import polars as pl  # noqa: E402  (its import is measured, as that of the peers is)

from backdesk.evidence.eventlog import read  # noqa: E402
from backdesk.evidence.process import directly_follows  # noqa: E402

imported = time.perf_counter()
reading = read(Path(sys.argv[1]))
was_read = time.perf_counter()
pairs = directly_follows(reading.events)
hours = (
    reading.events.group_by("case")
    .agg(hours=(pl.col("at").max() - pl.col("at").min()).dt.total_microseconds() / 3.6e9)
    .get_column("hours")
)
done = time.perf_counter()
found = {
    "cases": hours.len(),
    "events": reading.rows_accepted,
    "pairs": int(pairs["count"].sum()),
    "edges": pairs.height,
    "mean_hours": round(float(hours.mean()), 4),  # type: ignore[arg-type]
}
print(
    json.dumps(
        {"found": found, "import": imported - began, "read": was_read - imported, "rest": done - was_read}
    )
)
