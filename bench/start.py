"""`make run` from nothing, in a fresh clone with an environment of its own; again; and its stop."""

from __future__ import annotations

import http.client
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from bench.browser import Browser
from bench.measuring import REPOSITORY, Failed, Skipped, spread, table, title, told_plainly
from bench.pages import lead
from bench.serving import Served, free_port, served

AGAIN = 5
MARKS = (
    ("environment", "Installing the packages"),
    ("packages installed, database, tables", "The database is empty"),
    ("demonstration company, web server", "Backdesk is at"),
)


def main() -> None:
    title("Start: `make run` in a fresh clone, until its address answers")
    with tempfile.TemporaryDirectory(prefix="backdesk-bench-") as place:
        home = Path(place) / "backdesk"
        _clone(home)
        first, stopped = _from_nothing(home)
        again = [_again(home) for _ in range(AGAIN)]
        _print(home, first, stopped, again)


def _clone(home: Path) -> None:
    if not (REPOSITORY / ".git").exists():
        raise Skipped("no git repository to clone")
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(REPOSITORY), str(home)], check=True)


def _from_nothing(home: Path) -> tuple[list[tuple[str, float]], float]:
    """Phases by what it prints, with their seconds; then the seconds of the stop. pip keeps nothing from before."""
    port = free_port()
    with served(
        ["make", "run", f"ARGS=--port {port}"], directory=home, environment={"PIP_NO_CACHE_DIR": "1"}
    ) as run:
        total = _await(run, port)
        _sign_in(home, port)
        stopped = run.stop()
    phases, before = [], 0.0
    for name, words in MARKS:
        at = run.seconds_until(words) or before
        phases.append((name, at - before))
        before = at
    return [*phases, ("all of it", total)], stopped


def _again(home: Path) -> tuple[float, float]:
    """Seconds of a later start and of its stop; what the first one made is there."""
    port = free_port()
    with served(["make", "run", f"ARGS=--port {port}"], directory=home) as run:
        started = _await(run, port)
        if run.seconds_until("The database is empty") is not None:
            raise Failed("The second start found an empty database.")
        _sign_in(home, port)
        return started, run.stop()


def _await(run: Served, port: int) -> float:
    """Until a page comes, asked for every 20 ms from the moment it says that it is there."""
    run.await_start()
    for _ in range(500):
        with suppress(OSError, http.client.HTTPException):
            Browser(port).get("/sign-in/")
            return time.perf_counter() - run.began
        time.sleep(0.02)
    raise Failed("The address does not answer.")


def _sign_in(home: Path, port: int) -> None:
    browser = Browser(port)
    browser.sign_in(*lead((home / "var" / "demonstration-sign-in.txt").read_text()))
    browser.get("/plan/candidates/")


def _print(
    home: Path, first: list[tuple[str, float]], stopped: float, again: list[tuple[float, float]]
) -> None:
    rows = [[f"from nothing: {name}", f"{seconds:.1f}"] for name, seconds in first]
    rows.append(["its stop by Ctrl-C, until every process is gone", f"{stopped:.2f}"])
    rows.append([f"again, median of {AGAIN}", spread([one for one, _ in again]).text()])
    rows.append(["its stop", spread([one for _, one in again]).text()])
    sizes = f".venv is {_size(home / '.venv'):,.0f} MB, var {_size(home / 'var'):,.0f} MB."
    table(
        ["make run", "s"],
        rows,
        note=f"From nothing it also fetches the packages: that is the network. {sizes}",
    )


def _size(place: Path) -> float:
    return sum(one.lstat().st_size for one in place.rglob("*") if one.is_file()) / 1e6


if __name__ == "__main__":
    sys.exit(told_plainly(main))
