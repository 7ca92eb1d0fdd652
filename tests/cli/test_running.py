"""`backdesk run`, whole: up, used, stopped, up again with what was there, and gone with a parent that was killed.

A start costs as much as ten other tests: each is looked at from more than one side.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.cli.companies import FirstRun, Running, gone, is_up, running, sign_in
from tests.waiting import PATIENCE, until

TITLES = {
    "backdesk.cli.web": "web server",
    "backdesk.cli.work": "job worker",
    "bin/postgres": "database server",
}


@pytest.fixture(scope="module")
def home(first_run: FirstRun) -> Iterator[Path]:
    """After a first run; kept from test to test, as it is from run to run. Short, since it holds a socket."""
    directory = Path(tempfile.mkdtemp(prefix="backdesk-run-"))
    first_run.copied_to(directory)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


def test_the_first_run_makes_a_company_one_can_sign_in_to_and_ctrl_c_ends_all_of_it(
    first_run: FirstRun,
) -> None:
    assert "making a demonstration" in first_run.printed
    assert "demonstration" in first_run.page
    kept = [path for path in first_run.var.rglob("*") if path.is_file() and path.stat().st_mode & 0o077]
    assert kept == [], "what is kept is for nobody else to read"


def test_a_second_run_keeps_the_data_and_nobody_else_runs_on_it(home: Path, port: int) -> None:
    with running(home, port) as first:
        until(lambda: is_up(first), "the second start")
        assert "making a demonstration" not in first.printed
        assert "demonstration" in sign_in(port, first.printed)
        with running(home, port + 1) as second:
            second.process.wait(PATIENCE)
            assert second.process.returncode == 2
            assert "already run by another Backdesk" in second.printed
        with running(home, port) as third:
            third.process.wait(PATIENCE)
            assert f"listens on 127.0.0.1:{port}" in third.printed
        all_end_with("bin/postgres", of=first)


def test_a_killed_run_takes_its_parts_along_and_the_next_one_starts(home: Path, port: int) -> None:
    with running(home, port) as run:
        until(lambda: is_up(run), "the start")
        family = [process for process in run.family() if process.name() != "postgres"]
        run.process.kill()
        run.process.wait()
        until(lambda: gone(family), "web server and worker to notice")
    with running(home, port) as run:
        until(lambda: is_up(run), "the next start, over what the killed one left")
        assert "demonstration" in sign_in(port, run.printed)
        all_end_with("backdesk.cli.web", of=run)


def test_when_its_worker_dies_all_end_and_it_is_said(home: Path, port: int) -> None:
    with running(home, port) as run:
        until(lambda: is_up(run), "the start")
        all_end_with("backdesk.cli.work", of=run)


def all_end_with(part: str, *, of: Running) -> None:
    """When one part dies all end, and it is said which."""
    family = of.family()
    parts = psutil.Process(of.process.pid).children()
    next(process for process in parts if part in " ".join(process.cmdline())).kill()
    assert of.process.wait(PATIENCE) == 1
    assert f"The {TITLES[part]} ended by itself (signal 9)" in of.printed
    until(lambda: gone(family), "everything to end")
