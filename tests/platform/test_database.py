"""The embedded PostgreSQL: one owner, nothing lost, whoever starts it."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import psutil
import psycopg
import pytest

import backdesk
from backdesk.platform import database
from backdesk.platform.database import leftovers, users
from tests.cli.companies import gone
from tests.waiting import PATIENCE, until

OWNER = """
import sys, time
from pathlib import Path
from backdesk.platform import database
server = database.start(Path(sys.argv[1]))
print(server.process.pid, flush=True)
time.sleep(600)
"""

SOURCE = Path(backdesk.__file__).parent.parent

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def data() -> Iterator[Path]:
    """A short path, since it holds the socket."""
    directory = Path(tempfile.mkdtemp(prefix="backdesk-db-"))
    yield directory / "postgres"
    leftovers.clear(directory / "postgres")
    shutil.rmtree(directory)


@pytest.fixture(scope="module")
def begun() -> Iterator[Path]:
    """A database as its first start leaves it: to make one takes longer than most of these tests."""
    directory = Path(tempfile.mkdtemp(prefix="backdesk-db-"))
    with database.start(directory / "postgres"):
        pass
    yield directory / "postgres"
    shutil.rmtree(directory)


@pytest.fixture
def used(data: Path, begun: Path) -> Path:
    """A copy of it."""
    subprocess.run(["cp", "-a", begun, data], check=True)
    return data


@pytest.fixture(scope="module")
def running(begun: Path) -> Iterator[database.Server]:
    """One server for the tests that only look, on a copy."""
    directory = Path(tempfile.mkdtemp(prefix="backdesk-db-"))
    subprocess.run(["cp", "-a", begun, directory], check=True)
    with database.start(directory / "postgres") as server:
        yield server
    shutil.rmtree(directory)


def query(where: database.Address, sql: str, *, user: str = "backdesk") -> object:
    with psycopg.connect(where.conninfo(user=user), autocommit=True) as connection:
        cursor = connection.execute(sql.encode())
        return cursor.fetchall()[0][0] if cursor.description else None


@contextmanager
def another_backdesk(data: Path) -> Iterator[psutil.Process]:
    """A Backdesk of its own on this directory: its server. Killed in the end, and the server left alone."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(data)], stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        try:
            yield psutil.Process(int(owner.stdout.readline()))
        finally:
            owner.kill()


def test_what_was_written_is_there_at_the_next_start(data: Path) -> None:
    with database.start(data) as server:
        query(server.address, "CREATE TABLE kept AS SELECT 42 AS answer")
    with database.start(data) as server:
        assert query(server.address, "SELECT answer FROM kept") == 42


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes", "synchronous_commit", "data_checksums"])
def test_it_writes_to_disk_before_it_says_so(running: database.Server, setting: str) -> None:
    assert query(running.address, f"SHOW {setting}") == "on"


def test_it_listens_on_no_port(running: database.Server) -> None:
    assert query(running.address, "SHOW listen_addresses") == ""
    connections = psutil.Process(running.process.pid).net_connections(kind="inet")
    assert [c for c in connections if c.status == psutil.CONN_LISTEN] == []


def test_the_products_role_owns_its_database_and_is_no_superuser(running: database.Server) -> None:
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'backdesk'"
    assert query(running.address, owner) == "backdesk"
    assert query(running.address, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


def test_stopping_leaves_no_process(used: Path) -> None:
    with database.start(used) as server:
        family = psutil.Process(server.process.pid).children(recursive=True)
        assert family
    assert not server.is_running
    assert gone(family)


def test_a_second_owner_is_refused_and_told_who_the_first_is(running: database.Server) -> None:
    with pytest.raises(database.DirectoryInUse, match=rf"process {os.getpid()}\).*BACKDESK_VAR"):
        database.start(running.data)
    assert query(running.address, "SELECT 1") == 1


def test_two_starting_at_once_end_as_one_owner(data: Path) -> None:
    code = [sys.executable, "-c", OWNER, str(data)]
    contenders = [
        subprocess.Popen(code, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    try:
        until(lambda: any(c.poll() is not None for c in contenders), "one of them to give way")
        database.wait_for(database.address(data), patience=PATIENCE)
        (loser,) = [c for c in contenders if c.poll() is not None]
        assert "already run by another Backdesk" in loser.communicate()[1]
    finally:
        for contender in contenders:
            contender.kill()
            contender.communicate()


def test_a_guest_uses_the_running_server_and_leaves_it_running(running: database.Server) -> None:
    with database.available(running.data) as guest:
        assert query(guest, "SELECT 1") == 1
    assert running.is_running


def test_a_guest_where_nobody_is_home_has_a_server_for_as_long_as_it_stays(used: Path) -> None:
    with database.available(used) as guest:
        assert query(guest, "SELECT 1") == 1
    with pytest.raises(psycopg.OperationalError):
        query(guest, "SELECT 1")


def test_a_killed_owner_loses_nothing_and_its_server_makes_way(used: Path) -> None:
    with another_backdesk(used) as orphan:
        query(database.address(used), "CREATE TABLE kept AS SELECT 42 AS answer")
    assert not gone([orphan]), "this test is about a server that outlives its owner"
    with database.start(used) as server:
        assert gone([orphan])
        assert query(server.address, "SELECT answer FROM kept") == 42


def test_a_killed_server_recovers_what_was_committed(used: Path) -> None:
    with database.start(used) as server:
        query(server.address, "CREATE TABLE kept AS SELECT 42 AS answer")
        _kill_all_at_once(server.process.pid)
    assert (used / "postmaster.pid").exists()
    with database.start(used) as server:
        assert query(server.address, "SELECT answer FROM kept") == 42


def test_an_old_pid_file_with_the_number_of_another_living_process_does_no_harm(used: Path) -> None:
    with database.start(used) as server:
        query(server.address, "CREATE TABLE kept AS SELECT 42 AS answer")
        pid_file = (used / "postmaster.pid").read_text().splitlines()
    user = users.for_directory(used)
    bystander = subprocess.Popen(["sleep", str(PATIENCE)], **user.as_arguments())
    try:
        (used / "postmaster.pid").write_text("\n".join([str(bystander.pid), *pid_file[1:]]))
        with database.start(used) as server:
            assert query(server.address, "SELECT answer FROM kept") == 42
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_start_killed_while_making_the_directory_is_begun_again(data: Path) -> None:
    half_made = data.with_name("postgres.new")
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    with database.start(data) as server:
        assert query(server.address, "SELECT 1") == 1
    assert not half_made.exists()


def test_somebody_elses_files_are_not_touched(data: Path) -> None:
    data.mkdir(parents=True)
    (data / "thesis.txt").write_text("ten years of work")
    with pytest.raises(database.DatabaseUnavailable, match="not empty"):
        database.start(data)
    assert (data / "thesis.txt").read_text() == "ten years of work"


def test_data_of_another_version_is_refused_before_it_is_touched(data: Path) -> None:
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("16\n")
    with pytest.raises(database.DatabaseUnavailable, match=r"PostgreSQL 16.*Dump it"):
        database.start(data)


def test_a_server_that_cannot_start_says_what_its_log_says(used: Path) -> None:
    (used / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(database.DatabaseUnavailable, match="no_such_setting"):
        database.start(used)


def test_a_path_too_long_for_a_socket_moves_the_socket_alone(tmp_path: Path) -> None:
    data = tmp_path / ("long" * 20) / "postgres"
    data.parent.mkdir()
    with database.start(data, durable=False) as server:
        assert query(server.address, "SELECT 1") == 1
        assert (data / "PG_VERSION").exists()
        assert stat.S_IMODE(server.address.socket_directory.stat().st_mode) == 0o700
    shutil.rmtree(server.address.socket_directory)


@as_root
def test_root_gets_a_server_that_is_not_root(running: database.Server) -> None:
    assert psutil.Process(running.process.pid).uids().real == pwd.getpwnam(users.OWN_USER).pw_uid
    assert stat.S_IMODE(running.data.stat().st_mode) == 0o700


@as_root
def test_root_passes_through_closed_directories_without_opening_them_to_view(used: Path) -> None:
    used.parent.mkdir(exist_ok=True)
    used.parent.chmod(0o700)
    with database.start(used) as server:
        assert query(server.address, "SELECT 1") == 1
    assert stat.S_IMODE(used.parent.stat().st_mode) == 0o701


@as_root
def test_another_user_may_not_connect_even_through_an_open_door(used: Path) -> None:
    with database.start(used) as server:
        connect = f"import psycopg; psycopg.connect({server.address.conninfo(user='postgres')!r})"
        assert "Permission denied" in _as_nobody(connect).stderr
        used.chmod(0o711)
        assert "authentication failed" in _as_nobody(connect).stderr


@as_root
def test_a_normal_user_has_a_server_of_its_own(data: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    os.chown(data.parent, nobody.pw_uid, nobody.pw_gid)
    done = _as_nobody(
        "from pathlib import Path; from backdesk.platform import database\n"
        f"with database.start(Path({str(data)!r})) as server: print('up')"
    )
    assert done.stdout.strip() == "up", done.stderr
    assert data.stat().st_uid == nobody.pw_uid


@as_root
def test_what_a_person_started_stays_that_persons_when_root_starts_it(data: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    os.chown(data.parent, nobody.pw_uid, nobody.pw_gid)
    begin = (
        "from pathlib import Path; from backdesk.platform import database\n"
        f"with database.start(Path({str(data)!r})): pass"
    )
    assert _as_nobody(begin).returncode == 0
    with database.start(data) as server:
        assert psutil.Process(server.process.pid).uids().real == nobody.pw_uid
    assert _as_nobody(begin).returncode == 0


@as_root
def test_a_normal_user_on_the_data_of_another_is_told_whose_it_is(used: Path) -> None:
    done = _as_nobody(
        "from pathlib import Path; from backdesk.platform import database\n"
        f"database.start(Path({str(used)!r}))"
    )
    assert "Start it as that user again" in done.stderr


def _as_nobody(code: str) -> subprocess.CompletedProcess[str]:
    nobody = pwd.getpwnam("nobody")
    return subprocess.run(
        [_python_for_anybody(), "-c", code],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        cwd="/",
        env=_our_packages(),
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
    )


@cache
def _python_for_anybody() -> str:
    """Root's own Python often lies in a home that is closed to others."""
    nobody = pwd.getpwnam("nobody")
    for candidate in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        try:
            done = subprocess.run(
                [candidate, "-c", "import psycopg, psutil, backdesk"],
                capture_output=True, check=False, cwd="/", env=_our_packages(),
                user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[],
            )  # fmt: skip
        except OSError:
            continue
        if done.returncode == 0:
            return candidate
    pytest.skip("no Python here that every user may run with our packages")


def _our_packages() -> dict[str, str]:
    return {
        "PYTHONPATH": os.pathsep.join([str(SOURCE), *(p for p in sys.path if p.endswith("site-packages"))])
    }


def _kill_all_at_once(server: int) -> None:
    """As a power cut would: nobody gets to tidy up."""
    family = [*psutil.Process(server).children(recursive=True), psutil.Process(server)]
    for sent in (signal.SIGSTOP, signal.SIGKILL):
        for process in family:
            with suppress(psutil.NoSuchProcess):  # a helper of the server's that had just done its work
                process.send_signal(sent)
