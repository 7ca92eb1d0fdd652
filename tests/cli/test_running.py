"""`backdesk run`, whole: up, used, stopped, up again with what was there, and gone with a parent that was killed."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import Message as HTTPMessage
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest

PATIENCE = 120.0


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """Kept from test to test, as it is from run to run; short, since it holds a socket."""
    directory = Path(tempfile.mkdtemp(prefix="backdesk-run-"))
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


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
    inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "PYTHONPATH", "HOME"}}
    with log.open("w") as printed:
        process = subprocess.Popen(
            [sys.executable, "-m", "backdesk", command, "--port", str(port)],
            cwd=home, env={**inherited, "BACKDESK_VAR": str(home / "var"), **env},
            stdout=printed, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
    try:
        yield Running(process, log)
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(PATIENCE)


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.1)


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


def test_the_first_run_makes_a_company_one_can_sign_in_to_and_ctrl_c_ends_all_of_it(
    home: Path, port: int
) -> None:
    with running(home, port) as run:
        until(lambda: is_up(run), "the first start")
        assert f"http://localhost:{port}" in run.printed
        assert "demonstration" in sign_in(port, run.printed)
        family = run.family()
        assert {"postgres"} < {process.name() for process in family}
        run.process.send_signal(signal.SIGINT)
        run.process.wait(PATIENCE)
        assert run.process.returncode == 0
        assert gone(family)
    kept = [path for path in (home / "var").rglob("*") if path.is_file() and path.stat().st_mode & 0o077]
    assert kept == [], "what is kept is for nobody else to read"


def test_the_second_run_keeps_the_data_and_makes_nothing_anew(home: Path, port: int) -> None:
    with running(home, port) as run:
        until(lambda: is_up(run), "the second start")
        assert "making a demonstration" not in run.printed
        assert "demonstration" in sign_in(port, run.printed)


def test_a_second_backdesk_on_the_same_data_is_refused(home: Path, port: int) -> None:
    with running(home, port) as first:
        until(lambda: is_up(first), "the first")
        with running(home, port + 1) as second:
            second.process.wait(PATIENCE)
            assert second.process.returncode == 2
            assert "already run by another Backdesk" in second.printed
        with running(home, port) as third:
            third.process.wait(PATIENCE)
            assert f"listens on 127.0.0.1:{port}" in third.printed


@pytest.mark.parametrize("part", ["backdesk.cli.web", "backdesk.cli.work", "bin/postgres"])
def test_when_one_part_dies_all_end_and_it_is_said_which(home: Path, port: int, part: str) -> None:
    with running(home, port) as run:
        until(lambda: is_up(run), "the start")
        family = run.family()
        parts = psutil.Process(run.process.pid).children()
        next(process for process in parts if part in " ".join(process.cmdline())).kill()
        assert run.process.wait(PATIENCE) == 1
        assert "ended by itself (signal 9)" in run.printed
        until(lambda: gone(family), "everything to end")


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


def test_production_serves_https_alone_and_hashed_files_and_no_company_of_its_own(
    tmp_path: Path, port: int
) -> None:
    secrets = {"SECRET_KEY": "k" * 50, "ALLOWED_HOSTS": "backdesk.example"}
    with running(tmp_path, port, "serve", **secrets) as run:
        until(lambda: "Backdesk serves on" in run.printed or run.process.poll() is not None, "the start")
        assert "using the embedded PostgreSQL" in run.printed
        there = {"Host": "backdesk.example", "X-Forwarded-Proto": "https"}
        status, headers, page = _get(port, "/sign-in/", there)
        assert (status, headers["Strict-Transport-Security"]) == (200, "max-age=31536000")
        (style, *_) = re.findall(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', page)
        assert "immutable" in _get(port, style, there)[1]["Cache-Control"]
        assert _get(port, "/sign-in/", {"Host": "backdesk.example"})[0] == 301
        assert _get(port, "/sign-in/", {**there, "Host": "evil.example"})[0] == 400
    assert not (tmp_path / "var" / "demonstration-sign-in.txt").exists()


def _get(port: int, path: str, headers: dict[str, str]) -> tuple[int, HTTPMessage, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response.status, response.headers, body
