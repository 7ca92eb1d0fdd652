"""A `backdesk run` in processes of its own, and what its first run leaves: made once for all tests that need one."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest

from tests.ports import free_port
from tests.waiting import PATIENCE, until


@dataclass(frozen=True, slots=True)
class FirstRun:
    """What it left in `var` and printed, the first page one signed in to, and backups made while it ran and after."""

    directory: Path

    @property
    def var(self) -> Path:
        return self.directory / "var"

    def copied_to(self, home: Path) -> None:
        """With its owners: started by root, the database belongs to another."""
        subprocess.run(["cp", "-a", self.var, home], check=True)

    @property
    def printed(self) -> str:
        return (self.directory / "printed").read_text()

    @property
    def page(self) -> str:
        return (self.directory / "page").read_text()

    @property
    def backup(self) -> Path:
        return self.directory / "backup.tar"

    @property
    def backup_at_rest(self) -> Path:
        return self.directory / "at-rest.tar"

    @property
    def restore_refused(self) -> Done:
        """What `backdesk restore` said to bring this backup back meanwhile."""
        return Done(**json.loads((self.directory / "restore-refused.json").read_text()))


@dataclass(frozen=True, kw_only=True)
class Done:
    """A `backdesk` command that has ended."""

    code: int
    said: str


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> FirstRun:
    """Made by the test process that comes first; the others wait for it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = FirstRun(shared / "first-run")
    with (shared / "first-run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.directory.exists():
            _run_first(made)
    return made


@pytest.fixture
def port() -> int:
    return free_port()


def backdesk(*arguments: object, var: Path, **settings: str) -> Done:
    process = start(*arguments, var=var, **settings)
    said, _ = process.communicate(timeout=PATIENCE)
    return Done(code=process.returncode, said=said)


def start(*arguments: object, var: Path, **settings: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "backdesk", *map(str, arguments)],
        env={**_inherited(), "BACKDESK_VAR": str(var), **settings},
        cwd=var.parent, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


class Running:
    """A `backdesk run` and what it printed."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process, self.log = process, log

    @property
    def printed(self) -> str:
        return self.log.read_text()

    def family(self) -> list[psutil.Process]:
        return list(psutil.Process(self.process.pid).children(recursive=True))


@contextmanager
def running(home: Path, port: int, command: str = "run", **env: str) -> Iterator[Running]:
    log = home / f"printed-{time.monotonic_ns()}"
    with log.open("w") as printed:
        process = subprocess.Popen(
            [sys.executable, "-m", "backdesk", command, "--port", str(port)],
            cwd=home, env={**_inherited(), "BACKDESK_VAR": str(home / "var"), **env},
            stdout=printed, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
    try:
        yield Running(process, log)
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(PATIENCE)


def _inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name in {"PATH", "PYTHONPATH", "HOME"}}


def is_up(run: Running) -> bool:
    assert run.process.poll() is None, run.printed
    return "Ctrl-C stops it" in run.printed


def gone(family: list[psutil.Process]) -> bool:
    return not any(_is_alive(process) for process in family)


def _is_alive(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


def sign_in(port: int, printed: str) -> str:
    """As the first of the people the start names, in a browser of sorts; the page one lands on."""
    email, password, *_ = next(line for line in printed.splitlines() if "@" in line).split()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar := CookieJar()))
    address = f"http://127.0.0.1:{port}/sign-in/"
    browser.open(address).read()
    token = next(cookie.value for cookie in jar if cookie.name == "csrftoken") or ""
    form = {"login": email, "password": password, "csrfmiddlewaretoken": token}
    with browser.open(address, urlencode(form).encode()) as response:
        assert response.url == f"http://127.0.0.1:{port}/"
        return str(response.read().decode())


def _run_first(made: FirstRun) -> None:
    home, port = Path(tempfile.mkdtemp(prefix="backdesk-run-")), free_port()
    with running(home, port) as run:
        until(lambda: is_up(run), "the first start")
        assert f"http://localhost:{port}" in run.printed
        (home / "page").write_text(sign_in(port, run.printed))
        _save(home)
        family = run.family()
        assert {"postgres"} < {process.name() for process in family}
        run.process.send_signal(signal.SIGINT)
        run.process.wait(PATIENCE)
        assert run.process.returncode == 0
        until(lambda: gone(family), "all of it to end")
    assert backdesk("backup", home / "at-rest.tar", var=home / "var").code == 0
    shutil.copy(run.log, home / "printed")
    shutil.move(home, made.directory)


def _save(home: Path) -> None:
    """A backup of what runs, and what is said to bringing it back there and then."""
    backup, var = home / "backup.tar", home / "var"
    assert backdesk("backup", backup, var=var).code == 0
    refused = backdesk("restore", backup, "--replace", "backdesk", var=var)
    (home / "restore-refused.json").write_text(json.dumps(asdict(refused)))
