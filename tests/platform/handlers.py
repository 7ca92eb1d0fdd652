"""Kinds of jobs that only the tests know."""

from __future__ import annotations

import os
import time
from datetime import datetime
from pathlib import Path

from backdesk.platform.isolation import scopes
from backdesk.platform.jobs import JobFailed, JobRun, handler
from backdesk.platform.jobs.schedule import periodic


@handler("tests.write_number")
def write_number(run: JobRun) -> None:
    for step in range(4):
        run.progress(step / 4, f"step {step}")
    Path(run.arguments["file"]).write_text(str(run.arguments["number"]))


@handler("tests.fail_foreseen")
def fail_foreseen(run: JobRun) -> None:
    raise JobFailed("The file holds no case column; name the one that says which order a row belongs to.")


@handler("tests.fail_unforeseen")
def fail_unforeseen(run: JobRun) -> None:
    raise ZeroDivisionError("secret detail")


@handler("tests.go_on_until_stopped")
def go_on_until_stopped(run: JobRun) -> None:
    """The first attempt never ends by itself; a later one does."""
    log = Path(run.arguments["file"])
    with log.open("a") as lines:
        lines.write(f"attempt {run.attempt} in process {os.getpid()}\n")
    while run.attempt == 1:
        run.progress(0.5, "going on")
        time.sleep(0.02)
    with log.open("a") as lines:
        lines.write("done\n")


@periodic(cron="* * * * *")
def write_the_tick(now: datetime) -> None:
    """Where a test asks for it."""
    if "TESTS_TICKS" in os.environ:
        with Path(os.environ["TESTS_TICKS"]).open("a") as lines:
            lines.write(f"{now.utcoffset()} {scopes.current().kind} {os.getpid()}\n")
