"""Alignments by pm4py, in an environment and a process of its own.

pm4py is AGPL: it is measured against and never imported by Backdesk. Called as `peer_conformance.py LOG MODEL`.
"""

import json
import sys
import time
from collections import Counter

import pm4py  # type: ignore[import-not-found]  # (stands in the environment of the peers)

MOVE = 10_000  # what pm4py counts a move of one side alone; silent ones cost 1

log = pm4py.read_xes(sys.argv[1])
net, begin, end = pm4py.convert_to_petri_net(pm4py.read_bpmn(sys.argv[2]))
began = time.perf_counter()
aligned = pm4py.conformance_diagnostics_alignments(log, net, begin, end)
done = time.perf_counter()
precision = pm4py.precision_alignments(log, net, begin, end)
precise = time.perf_counter()
costs = sorted(Counter(one["cost"] // MOVE for one in aligned).items())
print(
    json.dumps(
        {
            "costs": {str(cost): cases for cost, cases in costs},
            "fitness": sum(one["fitness"] for one in aligned) / len(aligned),
            "precision": precision,
            "align": done - began,
            "precision_s": precise - done,
        }
    )
)
