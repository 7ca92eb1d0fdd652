"""Optimal alignments of a log with a process, against pm4py's: the same events and the same BPMN file, costs compared.

Called as `bench.conformance LOG MODEL` it does our part in a process of its own, with `discover` before these it writes
the model: what this process keeps, those it starts would seem to take.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from bench.assess import versions
from bench.discovery import _steps as steps_of
from bench.measuring import (
    REPOSITORY,
    VAR,
    Failed,
    environment_of_peers,
    run,
    shared_data,
    table,
    title,
    told_plainly,
)

LOGS = (
    ("logs", "running-example.xes"),
    ("logs", "02_teleclaims.xes.gz"),
    ("bpic2020", "DomesticDeclarations.xes.gz"),
    ("logs", "08_receipt.xes.gz"),
)
NOISE = 0.2  # of the model that is discovered and then compared with: with it cases depart


def main() -> None:
    """Align each log once by either."""
    python = environment_of_peers()
    title("Optimal alignments with a model discovered with a noise threshold of 0.2")
    rows = [row for place in LOGS for row in _compared(place, python)]
    head = ["log", "by", "align s", "x", "precision s", "peak MB", "cost of all", "mean fitness", "precision"]
    note = (
        "One run each, every sequence of activities aligned once by both, peak with reading and imports. The costs of "
        "all cases are the same, checked. pm4py's precision aligns prefixes, so it differs where cases depart. "
        f"{versions(python)}."
    )
    table(head, rows, note=note)


def _compared(place: tuple[str, str], python: str) -> list[list[str]]:
    VAR.mkdir(exist_ok=True)
    log = str(shared_data("eventlogs", *place))
    model = str(VAR / f"{Path(log).name}.bpmn")
    run([sys.executable, "-m", "bench.conformance", "discover", log, model])
    ours = run([sys.executable, "-m", "bench.conformance", log, model])
    theirs = run([python, str(REPOSITORY / "bench" / "peer_conformance.py"), log, model])
    printed: list[dict[str, Any]] = [json.loads(done.printed.splitlines()[-1]) for done in (ours, theirs)]
    if printed[0]["costs"] != printed[1]["costs"]:
        raise Failed(
            f"{place[1]}: the costs of cases differ: {printed[0]['costs']} and {printed[1]['costs']}."
        )
    rows = []
    for who, done, found in zip(("Backdesk", "pm4py"), (ours, theirs), printed, strict=True):
        cost = sum(int(cost) * cases for cost, cases in found["costs"].items())
        times = found["align"], found["align"] / printed[0]["align"], found["precision_s"]
        figures = [f"{times[0]:.3f}", f"{times[1]:.0f}", f"{times[2]:.3f}", f"{done.peak:.0f}", f"{cost:,}"]
        rows.append(
            [
                place[1].partition(".")[0],
                who,
                *figures,
                f"{found['fitness']:.4f}",
                f"{found['precision']:.4f}",
            ]
        )
    return rows


def _discover(log: str, model: str) -> None:
    from backdesk.evidence.process.bpmn import write_bpmn
    from backdesk.evidence.process.discovery import as_model, discover

    Path(model).write_bytes(write_bpmn(as_model(discover(steps_of(log), noise=NOISE))))


def _ours(log: str, model: str) -> None:
    from collections import Counter

    from backdesk.evidence.process.bpmn import read_bpmn
    from backdesk.evidence.process.conformance import conform, precision

    steps, process = steps_of(log), read_bpmn(Path(model).read_bytes())
    began = time.perf_counter()
    # In the order of the file, as pm4py takes events.
    found = conform(steps, model=process, order=("line",))
    aligned = time.perf_counter()
    precise = precision(found)
    done = time.perf_counter()
    costs = {str(cost): cases for cost, cases in sorted(Counter(found.cases["cost"]).items())}
    told = {
        "costs": costs,
        "fitness": found.cases["fitness"].mean(),
        "precision": precise,
        "align": aligned - began,
        "precision_s": done - aligned,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    if len(sys.argv) > 3:
        _discover(sys.argv[2], sys.argv[3])
    elif len(sys.argv) > 1:
        _ours(sys.argv[1], sys.argv[2])
    else:
        sys.exit(told_plainly(main))
