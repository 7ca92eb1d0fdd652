"""A model by pm4py's inductive miner, in an environment and a process of its own.

pm4py is AGPL: it is measured against and never imported by Backdesk. Called as `peer_discovery.py LOG NOISE`.
"""

import json
import sys
import time

began = time.perf_counter()
import pm4py  # type: ignore[import-not-found]  # noqa: E402  (stands in the environment of the peers)

imported = time.perf_counter()
log = pm4py.read_xes(sys.argv[1])
read = time.perf_counter()
tree = pm4py.discover_process_tree_inductive(log, noise_threshold=float(sys.argv[2]))
done = time.perf_counter()
print(
    json.dumps(
        {"tree": str(tree), "import": imported - began, "read": read - imported, "discover": done - read}
    )
)
