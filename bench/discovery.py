"""A model of a log by the inductive miner, against pm4py's: the same events, one run, the models compared first.

Called as `bench.discovery LOG NOISE` it does our part in a process of its own.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from bench.assess import versions
from bench.measuring import (
    REPOSITORY,
    Failed,
    Process,
    environment_of_peers,
    run,
    shared_data,
    table,
    title,
    told_plainly,
)

LOGS = ("running-example.xes", "08_receipt.xes.gz", "bpic2012.xes.gz")
NOISES = (0.0, 0.2)


def main() -> None:
    """Measure each log with and without noise."""
    python = environment_of_peers()
    title("A model of a log: the inductive miner - infrequent, on the events as they stand")
    rows = [row for name in LOGS for noise in NOISES for row in _compared(name, noise, python)]
    head = ["log, noise", "by", "find model s", "x", "peak MB", "activities", "nodes", "cases that fit"]
    note = (
        "One run each, peak with reading and imports. Cases that fit: gone just as the model says, both models "
        f"replayed by us; without noise all, checked. {versions(python)}."
    )
    table(head, rows, note=note)


def _compared(name: str, noise: float, python: str) -> list[list[str]]:
    log = str(shared_data("eventlogs", "logs", name))
    ours = run([sys.executable, "-m", "bench.discovery", log, str(noise)])
    theirs = run([python, str(REPOSITORY / "bench" / "peer_discovery.py"), log, str(noise)])
    shares = _shares(log, [_printed(done)["tree"] for done in (ours, theirs)])
    if noise == 0 and min(shares) < 1:
        raise Failed(f"{name}: without noise {shares} of the cases fit, and all should.")
    seconds = [_printed(done)["discover"] for done in (ours, theirs)]
    told = zip(("Backdesk", "pm4py"), (ours, theirs), seconds, shares, strict=True)
    return [
        [
            f"{name.partition('.')[0]}, {noise}",
            who,
            f"{took:.3f}",
            f"{took / seconds[0]:.0f}",
            *_size(done, fit),
        ]
        for who, done, took, fit in told
    ]


def _size(done: Process, fit: float) -> list[str]:
    tree = _printed(done)["tree"]
    nodes = sum(tree.count(sign) for sign in ("->(", "X(", "+(", "*("))
    return [f"{done.peak:.0f}", str(tree.count("'") // 2), str(nodes), f"{fit:.1%}"]


def _printed(done: Process) -> dict[str, Any]:
    printed: dict[str, Any] = json.loads(done.printed.splitlines()[-1])
    return printed


def _shares(log: str, trees: list[str]) -> list[float]:
    from backdesk.evidence.process.discovery import parse, share_fitting, variants_of

    variants = variants_of(_steps(log))
    return [share_fitting(parse(tree), variants=variants) for tree in trees]


def _ours(log: str, noise: float) -> None:
    began = time.perf_counter()
    from backdesk.evidence.process.discovery import discover

    steps = _steps(log)
    read = time.perf_counter()
    tree = discover(steps, noise=noise)
    done = time.perf_counter()
    print(json.dumps({"tree": str(tree), "read": read - began, "discover": done - read}))


def _steps(log: str) -> Any:
    """Take each event for a step without duration, as pm4py does."""
    import polars as pl

    from backdesk.evidence.eventlog import read

    at = pl.col("at")
    columns = ("case", "activity", "line")
    return read(Path(log)).events.select(
        *columns, started_at=at, ended_at=at, start_estimated=pl.lit(value=False)
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _ours(sys.argv[1], float(sys.argv[2]))
    else:
        sys.exit(told_plainly(main))
