"""The same work by pm4py, in an environment and a process of its own: read XES, pairs, durations of cases.

pm4py is AGPL: it is measured against and never imported by Backdesk. Called as `peer_pm4py.py LOG VARIANT`.
"""

import json
import sys
import time

began = time.perf_counter()
import pm4py  # type: ignore[import-not-found]  # noqa: E402  (stands in the environment of the peers)

imported = time.perf_counter()
log = pm4py.read_xes(sys.argv[1], variant=sys.argv[2])
read = time.perf_counter()
pairs, _, _ = pm4py.discover_dfg(log)
durations = pm4py.get_all_case_durations(log)
done = time.perf_counter()
found = {
    "cases": len(durations),
    "events": len(log),
    "pairs": sum(pairs.values()),
    "edges": len(pairs),
    "mean_hours": round(sum(durations) / len(durations) / 3600, 4),
}
print(json.dumps({"found": found, "import": imported - began, "read": read - imported, "rest": done - read}))
