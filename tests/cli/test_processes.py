"""Child processes that live and end together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Timer

import psutil
import pytest

from backdesk.cli import processes
from backdesk.cli.processes import ChildEnded, Family, ToldToStop, stop_signals
from tests.cli.companies import gone
from tests.waiting import until

STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(600)
"""


def test_a_child_that_ends_by_itself_ends_the_watch_and_is_named() -> None:
    with Family() as family:
        family.start("web server", "this_module_does_not_exist")
        with pytest.raises(ChildEnded, match=r"The web server ended by itself \(exit code 1\)"):
            family.watch()


def test_a_signal_to_end_ends_the_watch_and_the_children() -> None:
    soon = Timer(0.5, os.kill, [os.getpid(), signal.SIGTERM])
    with pytest.raises(ToldToStop), stop_signals(), Family() as family:  # noqa: PT012
        for title in ("one", "another"):
            family.start(title, "http.server", 0)
        soon.start()
        family.watch()
    assert [child.process.returncode for child in family.children] == [-signal.SIGTERM] * 2


def test_a_child_that_will_not_end_is_ended() -> None:
    process = subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, process_group=0)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == b"up\n"
        processes.end([process], patience=0.5)
    assert process.returncode == -signal.SIGKILL


def test_a_child_whose_parent_was_killed_ends_too(tmp_path: Path) -> None:
    child = f"""
import time
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from backdesk.cli.processes import follow_parent
follow_parent()
Path({str(tmp_path / "pid")!r}).write_text(str(__import__("os").getpid()))
time.sleep(600)
"""
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen([sys.executable, "-c", parent]) as process:
        until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text() != "", "the child")
        orphan = psutil.Process(int((tmp_path / "pid").read_text()))
        process.kill()
    until(lambda: gone([orphan]), "the child to end")
