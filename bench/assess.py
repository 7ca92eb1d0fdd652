"""`backdesk assess` on a bank's log of 262,200 events, end to end; by phase; against pm4py; its cold start."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bench.measuring import (
    REPOSITORY,
    VAR,
    Failed,
    Process,
    Skipped,
    environment_of_peers,
    repeated,
    run,
    shared_data,
    spread,
    table,
    title,
    told_plainly,
)

BACKDESK = str(Path(sys.executable).with_name("backdesk"))
RUNS = 7
RUNS_OF_PEERS = 3
LIMIT_SECONDS = 4.0
KNOWN = {"cases": 13_087, "events": 262_200, "pairs": 249_113, "edges": 125, "mean_hours": 206.9722}
PEERS = {
    "pm4py": "iterparse",
    "pm4py, its reader by lines": "line_by_line",
    "pm4py with r4pm (Rust)": "r4pm",
}


def main() -> None:
    title(
        "Assess a work history: BPI Challenge 2012, 13,087 cases, 262,200 events, 3.3 MB packed, 74 MB unpacked"
    )
    for measure in (whole, cold_start, phases, peers):
        try:
            measure()
        except Skipped as absent:
            print(f"Skipped {measure.__name__}: {absent}.\n")


def whole() -> None:
    """The command as a person runs it, with each kind of outcome."""
    log = str(shared_data("eventlogs", "logs", "bpic2012.xes.gz"))
    rows = []
    for name, options in (
        ("backdesk assess LOG", []),
        ("  ... --json", ["--json"]),
        ("  ... --report out.html", ["--report", str(_out("report.html"))]),
        ("  ... --report out.pdf", ["--report", str(_out("report.pdf"))]),
    ):
        done = repeated(RUNS, lambda options=options: run([BACKDESK, "assess", log, *options]))  # type: ignore[misc]
        rows.append([name, *_figures(done), f"{_median(done) / LIMIT_SECONDS:.2f}"])
    table(
        ["whole process", "wall s", "cpu s", "peak MB", f"of the limit {LIMIT_SECONDS:.0f} s"],
        rows,
        note=f"Median of {RUNS} (least-most).",
    )


def cold_start() -> None:
    """What one waits for before any work is done."""
    running = str(shared_data("eventlogs", "logs", "running-example.xes"))
    bare = repeated(RUNS, lambda: run([sys.executable, "-c", "pass"]))
    helped = repeated(RUNS, lambda: run([BACKDESK, "--help"]))
    small = repeated(RUNS, lambda: run([BACKDESK, "assess", running]))
    rows = [
        [name, *_figures(done), f"{_median(done) / _median(bare):.1f}"]
        for name, done in (
            ("python -c pass", bare),
            ("backdesk --help", helped),
            ("backdesk assess, 42 events", small),
        )
    ]
    table(
        ["from process start", "wall s", "cpu s", "peak MB", "of bare Python"],
        rows,
        note=f"Median of {RUNS}.",
    )


def phases() -> None:
    """Where the time goes."""
    log = str(shared_data("eventlogs", "logs", "bpic2012.xes.gz"))
    told = [json.loads(run([sys.executable, "-m", "bench.phases", log]).printed) for _ in range(RUNS)]
    rows = []
    for place, (name, _, _) in enumerate(told[0]):
        wall, cpu = (spread([one[place][column] for one in told]) for column in (1, 2))
        rows.append([name, wall.text(), cpu.text()])
    table(["phase, in one process", "wall s", "cpu s"], rows, note=f"Median of {RUNS} (least-most).")


def peers() -> None:
    """The same work, the results checked equal first: read, pairs that directly follow, durations of cases."""
    log = str(shared_data("eventlogs", "logs", "bpic2012.xes.gz"))
    python = environment_of_peers()
    script = str(REPOSITORY / "bench" / "peer_pm4py.py")
    ours = repeated(RUNS, lambda: run([sys.executable, "-m", "bench.same_work", log]))
    measured = {"Backdesk": ours}
    for name, variant in PEERS.items():
        try:
            measured[name] = [run([python, script, log, variant]) for _ in range(RUNS_OF_PEERS)]
        except Failed as reason:
            print(f"Skipped {name}: {reason}.\n")
    for name, done in measured.items():
        _check(name, done)
    parts = ("import", "read", "rest")
    rows = [
        [name, *_figures(done), *(_part(done, part) for part in parts), *_ratios(done, ours)]
        for name, done in measured.items()
    ]
    head = ["read, pairs, durations", "wall s", "cpu s", "peak MB", *(f"{part} s" for part in parts)]
    same = ", ".join(f"{value:,} {name.replace('_', ' ')}" for name, value in KNOWN.items())
    note = (
        f"Medians of {RUNS} and {RUNS_OF_PEERS}; times ours. All found the same: {same}. {versions(python)}."
    )
    table([*head, "wall x", "cpu x", "peak x"], rows, note=note)


def _check(name: str, done: list[Process]) -> None:
    for one in done:
        found = json.loads(one.printed.splitlines()[-1])["found"]
        if found != KNOWN:
            raise Failed(f"{name} found {found}, known is {KNOWN}: times of different results say nothing.")


def versions(python: str) -> str:
    ask = "from importlib.metadata import version; print(*(f'{n} {version(n)}' for n in ('pm4py', 'r4pm')), sep=', ')"
    return run([python, "-c", ask]).printed.strip()


def _figures(done: list[Process]) -> list[str]:
    return [
        spread([one.wall for one in done]).text(),
        spread([one.cpu for one in done]).text(),
        spread([one.peak for one in done]).text(0),
    ]


def _part(done: list[Process], name: str) -> str:
    return f"{spread([json.loads(one.printed.splitlines()[-1])[name] for one in done]).median:.2f}"


def _ratios(done: list[Process], ours: list[Process]) -> list[str]:
    """How many times ours it takes: of the clock, of all cores, of memory."""

    def median(of: list[Process], name: str) -> float:
        return spread([getattr(one, name) for one in of]).median

    return [f"{median(done, name) / median(ours, name):.1f}" for name in ("wall", "cpu", "peak")]


def _median(done: list[Process]) -> float:
    return spread([one.wall for one in done]).median


def _out(name: str) -> Path:
    VAR.mkdir(parents=True, exist_ok=True)
    return VAR / name


if __name__ == "__main__":
    sys.exit(told_plainly(main))
