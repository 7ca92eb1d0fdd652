"""The `backdesk` command as a newcomer meets it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from email.message import Message as HTTPMessage
from http.client import HTTPConnection
from pathlib import Path

import psycopg
import pytest

from backdesk.platform import database
from tests.cli.companies import running
from tests.waiting import PATIENCE, until


def backdesk(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "PYTHONPATH", "HOME"}}
    return subprocess.run(
        [sys.executable, "-m", "backdesk", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**inherited, "COLUMNS": "200", **env},
    )


def test_help_says_what_one_can_do() -> None:
    done = backdesk("--help")
    assert done.returncode == 0
    for command in ("assess", "run", "serve", "worker", "migrate", "manage", "version"):
        assert f" {command} " in done.stdout
    assert "docs/settings.md" in done.stdout


def test_without_a_word_it_helps() -> None:
    assert "Commands" in backdesk().stdout


def test_help_is_quick() -> None:
    """By how much it loads, which no machine and no load of it changes."""
    told = [sys.executable, "-X", "importtime", "-m", "backdesk", "--help"]
    done = subprocess.run(told, capture_output=True, text=True, check=True)
    assert 100 < done.stderr.count("import time:") < 500, "Polars or Django alone would bring 400 more"


@pytest.mark.parametrize("arguments", [["--help"], ["assess", "--help"]], ids=" ".join)
def test_neither_help_nor_assess_reads_what_they_do_not_need(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom typer.testing import CliRunner\nfrom backdesk.cli.main import app\n"
        f"assert CliRunner().invoke(app, {arguments}).exit_code == 0\n"
        "print(sorted({'django', 'polars', 'scipy', 'altair', 'granian'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("loaded", "some"), [("backdesk.cli.main", True), ("typer", False)])
def test_what_is_loaded_is_not_looked_through_for_garbage_at_the_end(loaded: str, some: bool) -> None:
    program = f"import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count())); import {loaded}"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (int(run.stdout) > 0) == some


def test_an_unknown_command_is_named() -> None:
    done = backdesk("frobnicate")
    assert done.returncode == 2
    assert "No such command 'frobnicate'" in done.stderr


def test_it_knows_its_version() -> None:
    assert backdesk("version").stdout.startswith("Backdesk 0.")


def test_production_does_not_start_without_its_secrets() -> None:
    done = backdesk("serve")
    assert (done.returncode, "SECRET_KEY is not set" in done.stderr) == (2, True)
    done = backdesk("serve", SECRET_KEY="k" * 50)
    assert (done.returncode, "ALLOWED_HOSTS is not set" in done.stderr) == (2, True)


def test_what_is_wrong_with_a_setting_is_told_without_a_trace() -> None:
    done = backdesk("migrate", DATABASE_URL="mysql://here/there", SECRET_KEY="k" * 50)
    assert done.returncode == 2
    assert "Backdesk runs on PostgreSQL only" in done.stderr
    assert "Traceback" not in done.stderr


def test_any_server_will_do_through_its_url(postgres: database.Server) -> None:
    name = "of_another_server"
    where = postgres.address
    with psycopg.connect(where.conninfo(name="postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    owner = f"postgresql://{where.user}@/{name}?host={where.socket_directory}"
    url = f"postgresql://{database.APPLICATION_ROLE}@/{name}?host={where.socket_directory}"
    done = backdesk("migrate", DATABASE_URL=url, DATABASE_OWNER_URL=owner, SECRET_KEY="k" * 50)
    assert done.returncode == 0, done.stderr
    assert "statements for the role backdesk_app" in done.stdout
    with psycopg.connect(where.conninfo(name=name)) as connection:
        assert connection.execute("SELECT count(*) FROM parties_organisation").fetchone() == (0,)


def test_djangos_own_commands_are_at_hand(tmp_path: Path) -> None:
    """With the embedded server started for as long as it takes."""
    done = backdesk("manage", "showmigrations", "--plan", "parties", BACKDESK_VAR=str(tmp_path / "v"))
    assert done.returncode == 0, done.stderr
    assert "parties.0001_initial" in done.stdout


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
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response.status, response.headers, body
