"""PostgreSQL's own programs: the wheel's, or the system's where the server is newer than those."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import connections
from django.db.backends.postgresql.client import DatabaseClient

from backdesk.platform.database import cluster

OWNER = "owner"


class ProgramFailed(Exception):
    """One of PostgreSQL's programs ended with a fault; the message is its own."""


def dump(target: Path, *, snapshot: str) -> None:
    """The database as the snapshot has it. The owner's connection sees everybody's rows, so none is left out."""
    _run(
        [*_with_connection("pg_dump"), "--format=custom", "--no-owner", "--enable-row-security",
         f"--snapshot={snapshot}", f"--file={target}"],
    )  # fmt: skip


def load(source: Path, *, before: str) -> None:
    """Run `before`, then bring back the dump, all in one transaction. Policies and rights are left to `migrate`."""
    reading = [
        _program("pg_restore"),
        "--no-owner",
        "--no-privileges",
        "--no-policies",
        "--file=-",
        str(source),
    ]
    writing = [*_with_connection("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--output=/dev/null",
               "--set=ON_ERROR_STOP=1", f"--command={before}", "--file=-"]  # fmt: skip
    environment = _environment()
    with (
        subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as reader,
        subprocess.Popen(writing, stdin=reader.stdout, stderr=subprocess.PIPE, env=environment) as writer,
    ):
        assert reader.stdout is not None
        reader.stdout.close()  # so that the reader notices where the writer ends early
        _, said = writer.communicate()
        reader.wait()
        if writer.returncode:
            raise ProgramFailed(_last_words(said))
        if reader.returncode:
            assert reader.stderr is not None
            raise ProgramFailed(_last_words(reader.stderr.read()))


def _run(arguments: Sequence[str]) -> None:
    done = subprocess.run(arguments, capture_output=True, check=False, env=_environment())
    if done.returncode:
        raise ProgramFailed(_last_words(done.stderr))


def _last_words(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def _with_connection(name: str) -> list[str]:
    arguments, _ = DatabaseClient.settings_to_cmd_args_env(_settings(), [])
    return [_program(name), *arguments[1:]]


def _environment() -> dict[str, str]:
    settings = _settings()
    _, own = DatabaseClient.settings_to_cmd_args_env(settings, [])
    return {**cluster.environment(), **(own or {}), "PGOPTIONS": settings["OPTIONS"].get("options", "")}


def _settings() -> dict[str, Any]:
    settings: dict[str, Any] = connections[OWNER].settings_dict
    return settings


def _program(name: str) -> str:
    newest = int((cluster.programs().parent.name).removeprefix("pginstall"))
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0]) // 10_000
    found = str(cluster.programs() / name) if server <= newest else shutil.which(name)
    if found is None:
        raise ProgramFailed(
            f"The server is PostgreSQL {server}: install its programs, so that {name} can be found."
        )
    return found
