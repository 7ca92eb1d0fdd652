"""What pm4py makes of a history that Backdesk wrote, in an environment and a process of its own.

pm4py is AGPL: it is measured against and never imported by Backdesk. Called as `peer_reads.py LOG`.
"""

import json
import sys

import pm4py  # type: ignore[import-not-found]

path = sys.argv[1]
if path.endswith(".xes"):
    log = pm4py.read_xes(path)
    events, cases, costs = log, log["case:concept:name"], log["cost"]
    channels = log["case:channel"]
else:
    name = path.rpartition("/")[2]
    ocel = pm4py.read_ocel(path) if name.startswith("old.") else pm4py.read_ocel2(path)
    events, costs = ocel.events, ocel.events["cost"]
    cases, channels = ocel.objects["ocel:oid"], ocel.objects["channel"]
found = {
    "events": len(events),
    "cases": int(cases.nunique()),
    "cost": round(float(costs.sum()), 2),
    "channels": int(channels.nunique()),
}
print(json.dumps(found))
