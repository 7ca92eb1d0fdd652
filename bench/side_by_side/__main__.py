"""The evidence floor beside the best-known libraries, each in a process of its own, the answers held equal first."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.measuring import (
    REPOSITORY,
    VAR,
    Failed,
    Process,
    environment_of_peers,
    run,
    shared_data,
    spread,
    table,
    title,
    told_plainly,
)

FILES = [sys.executable, "-m", "bench.side_by_side.files"]
PEERS = str(REPOSITORY / "bench" / "side_by_side" / "peers.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`ours` and `peers` are what is asked of each; `part` is what is compared: the whole process, or the rest of it
    after the reading; `goal` how many times faster ours is to be than the peer.
    """

    name: str
    file: Path
    ours: str
    peers: dict[str, float]
    part: str = "whole"
    runs: int = 3


def main() -> None:
    log = shared_data("eventlogs", "logs", "bpic2012.xes.gz")
    waits = shared_data("eventlogs", "eed", "BPIC_2012_W.csv.gz")
    xes, csv, steps = VAR / "bpic2012x6.xes", VAR / "bpic2012x6.csv", VAR / "BPIC_2012_W.csv"
    VAR.mkdir(parents=True, exist_ok=True)
    if not xes.exists():
        run([*FILES, "replicated", str(log), str(xes), str(csv)])
    run([*FILES, "unpacked", str(waits), str(steps)])
    title("Beside the best-known libraries: BPI Challenge 2012 six times over, 1,573,200 events")
    questions = (
        Question(name="CSV to all base figures", file=csv, ours="figures", peers={"pm4py_figures": 10}),
        Question(name="XES to a table, what a reading keeps", file=xes, ours="reading",
                 peers={"r4pm_reading": 3, "rustxes_reading": 3, "pm4py_reading": 30}),
        Question(name="XES to a table, every attribute kept", file=xes, ours="reading_whole",
                 peers={"r4pm_reading": 0, "rustxes_reading": 0}),
        Question(name="Durations in business hours, log in memory", file=log, ours="business_hours",
                 peers={"pm4py_business_hours": 50}, part="rest"),
        Question(name="Enabled and waiting times, log in memory", file=steps, ours="enabled",
                 peers={"pix_enabled": 1000}, part="rest"),
    )  # fmt: skip
    head = ["wall s", "cpu s", "peak MB", "compared s", "ours x faster", "goal", "of its memory"]
    for question in questions:
        table([question.name, *head], measured(question), note=" ")
    print("Medians (least-most); peers that take over a minute run once.")
    print(run([*FILES, "compared", str(steps)]).printed)


def measured(question: Question) -> list[list[str]]:
    """A row for us and one for each peer. Raises `Failed` where they do not find the same."""
    ours = [run([sys.executable, "-m", "bench.side_by_side.ours", question.ours, str(question.file)])
            for _ in range(question.runs)]  # fmt: skip
    rows = [["  ours", *_figures(ours, question), "", "", ""]]
    for asked, goal in question.peers.items():
        try:
            theirs = _asked(asked, question)
        except Failed as reason:
            rows.append([f"  {asked}: {reason}", *[""] * 7])
            continue
        if question.part == "whole" or "hours" in asked:
            _hold_equal(question, asked, ours, theirs)
        times = _compared(theirs, question) / _compared(ours, question)
        memory = f"{_peak(ours) / _peak(theirs):.2f}"
        rows.append([f"  {asked}", *_figures(theirs, question), f"{times:,.1f}", f"{goal or ''}", memory])
    return rows


def _asked(asked: str, question: Question) -> list[Process]:
    first = run([environment_of_peers(), PEERS, asked, str(question.file)])
    if first.wall > 60:
        return [first]
    return [
        first,
        *(run([environment_of_peers(), PEERS, asked, str(question.file)]) for _ in range(question.runs - 1)),
    ]


def _hold_equal(question: Question, asked: str, ours: Sequence[Process], theirs: Sequence[Process]) -> None:
    here, there = (_told(done[-1])["found"] for done in (ours, theirs))
    if here != there:
        raise Failed(
            f"{question.name}: {asked} finds {there}, ours {here}; times of different results say nothing."
        )


def _told(process: Process) -> dict[str, float]:
    told: dict[str, float] = json.loads(process.printed.splitlines()[-1])
    return told


def _compared(done: Sequence[Process], question: Question) -> float:
    if question.part == "whole":
        return spread([one.wall for one in done]).median
    return spread([_told(one)[question.part] for one in done]).median


def _peak(done: Sequence[Process]) -> float:
    return spread([one.peak for one in done]).median


def _figures(done: Sequence[Process], question: Question) -> list[str]:
    wall, cpu = (spread([getattr(one, name) for one in done]).text() for name in ("wall", "cpu"))
    return [wall, cpu, f"{_peak(done):,.0f}", f"{_compared(done, question):,.3f}"]


if __name__ == "__main__":
    sys.exit(told_plainly(main))
