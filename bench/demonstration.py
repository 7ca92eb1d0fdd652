"""The demonstration company: generated, written as the export its record is, and loaded into a new database."""

from __future__ import annotations

import json
import sys

from bench.measuring import run, spread, table, title, told_plainly

RUNS = 5


def main() -> None:
    title("Demonstration company: a year of its back office")
    told = [
        json.loads(run([sys.executable, "-m", "bench.demonstration_phases"]).printed) for _ in range(RUNS)
    ]
    rows = []
    for place, (name, _, _) in enumerate(told[0]["phases"]):
        wall, cpu = (spread([one["phases"][place][column] for one in told]) for column in (1, 2))
        rows.append([name, wall.text(), cpu.text()])
    facts = ", ".join(f"{value:,} {name}" for name, value in told[0]["facts"].items())
    table(["phase, in one process", "wall s", "cpu s"], rows, note=f"Median of {RUNS} (least-most). {facts}.")


if __name__ == "__main__":
    sys.exit(told_plainly(main))
