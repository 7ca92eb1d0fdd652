"""`backdesk doctor`: each thing is broken for real, and its check turns; mended, it turns back."""

from __future__ import annotations

import io
import os
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.db import connection, connections
from psycopg.conninfo import make_conninfo

from backdesk.platform import files
from backdesk.platform.isolation import enforcing
from backdesk.platform.isolation.roles import OWNER, application_role
from backdesk.platform.jobs import enqueue
from backdesk.platform.models import Job, StoredFile
from backdesk.platform.operating.doctor import Circumstances, Finding, Limits, State, examine
from backdesk.platform.operating.doctor.checks import registry
from tests.cast import Cast
from tests.plain_sql import one
from tests.platform import handlers  # noqa: F401  the kinds of jobs these tests ask for

pytestmark = pytest.mark.django_db

Execute = Callable[..., Any]


def now() -> datetime:
    return datetime.now(UTC)


def look(name: str, **about: Any) -> Finding:
    return registry[name].look(Circumstances(clock=about.pop("clock", now), **about))


def is_ok(name: str, **about: Any) -> bool:
    return look(name, **about).state == State.OK


@contextmanager
def connected(user: str, **options: str) -> Iterator[Execute]:
    """Beside the test's own transaction, and committing at once."""
    where = connection.settings_dict
    conninfo = make_conninfo(
        host=where["HOST"], port=where["PORT"] or "5432", dbname=where["NAME"], user=user, **options
    )
    with psycopg.connect(conninfo, autocommit=True, options="-c lock_timeout=5s") as other:
        yield other.execute


@pytest.fixture
def superuser() -> Iterator[Execute]:
    if django_settings.DATABASE_URL:
        pytest.skip("not on a server of somebody else's")
    with connected("postgres") as execute:
        yield execute


@pytest.fixture
def owner() -> Iterator[Execute]:
    where = connections[OWNER].settings_dict
    with connected(where["USER"], password=where["PASSWORD"]) as execute:
        yield execute


def test_every_check_says_one_thing_to_do_where_something_is_wrong(cast: Cast) -> None:
    found = examine(Circumstances(clock=now))
    assert [one.name for one in found] == list(registry)
    assert all(bool(one.finding.remedy) == (one.finding.state != State.OK) for one in found)


def test_at_rest_no_worker_is_missed(cast: Cast) -> None:
    found = {one.name for one in examine(Circumstances(clock=now, at_rest=True))}
    assert set(registry) - found == {"workers", "stuck-jobs", "oldest-job", "ticks", "sealing", "alarms-told"}


def test_without_a_database_the_rest_is_still_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry, "database-reachable", _unreachable())
    found = {one.name: one.finding.state for one in examine(Circumstances(clock=now))}
    assert found["database-reachable"] == State.BROKEN
    assert {"secret-key", "disk"} <= set(found)
    assert "walls" not in found


def _unreachable() -> Any:
    """The real check, on a server that is not there."""
    from dataclasses import replace

    from backdesk.platform.operating.doctor import server

    def look_elsewhere(about: Circumstances) -> Finding:
        with pytest.MonkeyPatch.context() as patch:
            elsewhere = connection.copy()
            elsewhere.settings_dict["HOST"] = "/nowhere"
            patch.setattr(server, "connection", elsewhere)
            return server.reachable(about)

    return replace(registry["database-reachable"], look=look_elsewhere, asks_database=False)


# -- Settings ------------------------------------------------------------------------------------------------


def test_a_key_that_can_be_guessed(settings: Any) -> None:
    assert is_ok("secret-key")
    for key in ("short", "a" * 60):
        settings.SECRET_KEY = key
        assert look("secret-key").state == State.BROKEN


def test_hosts_that_are_not_named(settings: Any) -> None:
    assert is_ok("hosts")
    settings.ALLOWED_HOSTS = ["*"]
    assert look("hosts").state == State.WARNING
    settings.ALLOWED_HOSTS = []
    assert look("hosts").state == State.BROKEN


def test_plain_http_and_faults_shown_are_for_this_machine_alone(settings: Any) -> None:
    settings.ALLOWED_HOSTS, settings.DEBUG = ["localhost"], True
    assert is_ok("https")
    assert is_ok("debug")
    settings.ALLOWED_HOSTS = ["localhost", "backdesk.example"]
    assert look("https").state == look("debug").state == State.BROKEN
    settings.BACKDESK_HTTPS, settings.DEBUG = True, False
    assert is_ok("https")
    assert is_ok("debug")


# -- Server --------------------------------------------------------------------------------------------------


def test_a_server_that_forgets_at_a_power_cut() -> None:
    """Which that of the tests is; the one of `backdesk run` is not, see test_operating_backup."""
    assert "fsync" in look("durable").found


def test_clocks_that_disagree() -> None:
    assert is_ok("clock")
    assert look("clock", clock=lambda: now() + timedelta(minutes=1)).state == State.BROKEN


def test_old_zone_data() -> None:
    assert is_ok("zone-data")
    assert look("zone-data", clock=lambda: now() + timedelta(days=1000)).state == State.WARNING


def test_no_room_for_more_connections() -> None:
    where, owner = connection.settings_dict, connections[OWNER].settings_dict["USER"]
    with connected(owner, password=where["PASSWORD"]):
        others = one("SELECT count(*) FROM pg_stat_activity WHERE usename <> %s", owner)
        most = one(
            f"SELECT {_SET.format('max_connections')} - {_SET.format('superuser_reserved_connections')}"
        )
        assert _free_connections() < most - others, "those of other roles count as well"
    assert look("connections", limits=Limits(connections_left=1000)).state == State.WARNING


_SET = "current_setting('{}')::int"


def _free_connections() -> int:
    return int(look("connections").found.split()[0])


def test_a_transaction_that_stays_open(db: None) -> None:
    assert is_ok("transactions")
    where = connection.settings_dict
    with connected(where["USER"], password=where["PASSWORD"]) as execute:
        execute("BEGIN")
        execute("SELECT 1")
        with connection.cursor() as cursor:  # within one transaction the server says what it said before
            cursor.execute("SELECT pg_stat_clear_snapshot()")
        at_once = Limits(transaction_idle=timedelta())
        assert "open and idle" in look("transactions", limits=at_once).found
        longer = Limits(transaction_open=timedelta())
        assert "at work" in look("transactions", limits=longer).found


# -- Privileges ----------------------------------------------------------------------------------------------


@contextmanager
def done_and_undone(execute: Execute, do: str, undo: str) -> Iterator[None]:
    execute(do)
    try:
        yield
    finally:
        execute(undo)


def test_a_role_that_walls_do_not_bind(superuser: Execute) -> None:
    assert is_ok("role")
    role = application_role()
    with done_and_undone(superuser, f"ALTER ROLE {role} BYPASSRLS", f"ALTER ROLE {role} NOBYPASSRLS"):
        assert "BYPASSRLS" in look("role").found
    assert is_ok("role")


def test_one_role_for_both(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_ok("owner")
    as_application = {**settings.DATABASES["owner"], "USER": application_role()}
    monkeypatch.setitem(settings.DATABASES, "owner", as_application)  # put back: Django shares it
    assert "DATABASE_OWNER_URL" in look("owner").remedy


def test_a_table_whose_wall_is_down(owner: Execute) -> None:
    assert is_ok("walls")
    down = "ALTER TABLE planning_rate DISABLE ROW LEVEL SECURITY"
    with done_and_undone(owner, down, "ALTER TABLE planning_rate ENABLE ROW LEVEL SECURITY"):
        assert "planning_rate" in look("walls").found
    down = "ALTER TABLE planning_rate NO FORCE ROW LEVEL SECURITY"
    with done_and_undone(owner, down, "ALTER TABLE planning_rate FORCE ROW LEVEL SECURITY"):
        assert "planning_rate" in look("walls").found
    assert is_ok("walls")


@pytest.mark.parametrize("privilege", ["UPDATE", "DELETE", "TRUNCATE"])
def test_a_trail_that_could_be_rewritten(owner: Execute, privilege: str) -> None:
    assert is_ok("for-good")
    on = f"{privilege} ON platform_auditentry"
    role = application_role()
    with done_and_undone(owner, f"GRANT {on} TO {role}", f"REVOKE {on} FROM {role}"):
        assert "platform_auditentry" in look("for-good").found
        assert look("policies").state == State.BROKEN
    assert is_ok("for-good")


def test_a_policy_that_is_gone(owner: Execute) -> None:
    assert is_ok("policies")
    owner("DROP POLICY backdesk_rows ON planning_rate")
    try:
        assert "planning_rate" in look("policies").found
    finally:
        for statement in list(enforcing.missing(connection, application=application_role())):
            owner(statement)
    assert is_ok("policies")


def test_a_migration_that_is_not_applied(owner: Execute) -> None:
    assert is_ok("migrations")
    taken = owner(
        "DELETE FROM django_migrations WHERE app = 'planning' RETURNING app, name, applied"
    ).fetchall()
    try:
        assert "planning.0001_initial" in look("migrations").found
    finally:
        for row in taken:
            owner("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", row)
    assert is_ok("migrations")


# -- Background work -----------------------------------------------------------------------------------------


def a_worker(*, silent: timedelta = timedelta()) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id", [now() - silent]
        )
        return int(cursor.fetchone()[0])


def a_job(cast: Cast) -> Job:
    return enqueue(actor=cast.lead, now=now(), kind="tests.fail_foreseen")


def test_jobs_that_nobody_does(cast: Cast) -> None:
    a_worker(silent=timedelta(minutes=1))
    assert look("workers").state == State.WARNING
    a_job(cast)
    assert look("workers").state == State.BROKEN
    a_worker()
    assert is_ok("workers")


def test_a_job_in_dead_hands(cast: Cast) -> None:
    a_job(cast)
    assert is_ok("stuck-jobs")
    dead = a_worker(silent=timedelta(minutes=1))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [dead])
    assert look("stuck-jobs").state == State.WARNING
    a_worker()
    assert look("stuck-jobs").state == State.BROKEN


def test_a_job_that_waits_too_long(cast: Cast) -> None:
    job = a_job(cast)
    assert is_ok("oldest-job")
    Job.objects.filter(pk=job.pk).update(enqueued_at=now() - timedelta(hours=1))
    assert "60 minutes" in look("oldest-job").found


def test_jobs_that_failed_lately(cast: Cast) -> None:
    job = a_job(cast)
    failed = Job.objects.filter(pk=job.pk)
    failed.update(state=Job.State.FAILED, finished_at=now() - timedelta(days=2))
    assert is_ok("failed-jobs")
    failed.update(finished_at=now())
    assert "tests.fail_foreseen (1)" in look("failed-jobs").found


def test_a_clock_that_has_stopped(cast: Cast) -> None:
    assert look("ticks").state == State.WARNING
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_periodic_defers (task_name, defer_timestamp) VALUES ('t', %s)",
            [int(now().timestamp())],
        )
    assert is_ok("ticks")
    assert look("ticks", clock=lambda: now() + timedelta(hours=1)).state == State.BROKEN


def test_a_trail_that_is_not_sealed(cast: Cast) -> None:
    from backdesk.parties.operations import found_organisation
    from backdesk.platform import audit
    from backdesk.platform.actor import system

    found_organisation(
        actor=system(name="a test"), now=now() - timedelta(hours=1), name="Old", is_client=True
    )
    assert "not sealed" in look("sealing").found
    audit.seal(now=now())
    assert is_ok("sealing")


# -- Mail ----------------------------------------------------------------------------------------------------


class _Smtp(socketserver.StreamRequestHandler):
    """As much of a mail server as taking one message needs."""

    taken: list[bytes] = []

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            if line.upper().startswith(b"DATA"):
                self.wfile.write(b"354 go on\r\n")
                message = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    message += part
                self.taken.append(message)
            self.wfile.write(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 yes\r\n")


@pytest.fixture
def smtp(settings: Any) -> Iterator[list[bytes]]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socketserver.TCPServer(("127.0.0.1", 0), _Smtp) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        _Smtp.taken.clear()
        yield _Smtp.taken
        server.shutdown()
        thread.join()


def test_a_mail_server_that_is_there_and_one_that_is_not(smtp: list[bytes], settings: Any) -> None:
    assert is_ok("mail")
    assert smtp == []
    settings.EMAIL_PORT = 1
    assert look("mail").state == State.BROKEN


def test_a_mail_is_sent_only_where_it_is_asked_for(smtp: list[bytes]) -> None:
    assert is_ok("mail", send_mail_to="operator@example.org")
    (message,) = smtp
    assert b"To: operator@example.org" in message


def test_mail_that_reaches_nobody() -> None:
    assert look("mail").state == State.WARNING
    assert mail.outbox == []


# -- Disk ----------------------------------------------------------------------------------------------------


def test_a_disk_that_fills_up(var: Path) -> None:
    assert is_ok("disk", limits=Limits(disk_free_share=0.0, disk_free_bytes=0))
    assert look("disk", limits=Limits(disk_free_share=1.0)).state == State.WARNING
    assert look("disk", limits=Limits(disk_free_bytes=10**18)).state == State.WARNING


@pytest.fixture
def stored(cast: Cast) -> StoredFile:
    return files.save(
        stream=io.BytesIO(b"what somebody brought"), name="log.csv", organisation_id=cast.client.pk, limit=100
    )


def test_a_stored_file_that_is_missing(stored: StoredFile) -> None:
    assert is_ok("files")
    files.path_of(stored).unlink()
    assert "missing" in look("files").found


def test_a_stored_file_that_was_cut_short(stored: StoredFile) -> None:
    os.truncate(files.path_of(stored), 3)
    assert "3 bytes instead of 21" in look("files").found


def test_a_damaged_byte_shows_where_one_looks_deep(stored: StoredFile) -> None:
    assert is_ok("files", deep=True)
    with files.path_of(stored).open("r+b") as content:
        content.write(b"W")
    assert is_ok("files")
    assert "damaged" in look("files", deep=True).found


def test_a_file_that_belongs_to_nothing(stored: StoredFile) -> None:
    assert is_ok("orphans")
    StoredFile.objects.filter(pk=stored.pk).delete()
    assert "1 files" in look("orphans").found


def test_what_others_can_read(var: Path) -> None:
    var.mkdir()
    var.chmod(0o711)
    key = var / "secret-key"
    key.write_text("secret")
    key.chmod(0o600)
    assert is_ok("closed")
    key.chmod(0o644)
    assert look("closed").remedy == f"chmod go= {key}"
    key.chmod(0o600)
    var.chmod(0o755)
    assert look("closed").remedy == f"chmod 711 {var}"


def test_styles_that_were_not_collected(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_ROOT = tmp_path
    assert look("static").state == State.WARNING
    (tmp_path / "staticfiles.json").write_text("{}")
    assert is_ok("static")


def test_a_restore_that_was_cut_short(var: Path) -> None:
    assert is_ok("restore")
    (var / "restoring").mkdir(parents=True)
    (var / "restoring" / "half").touch()
    assert look("restore").state == State.BROKEN
