"""The worker process, for real: killed in the middle of a job, told to stop, left without its database."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from django.db import connection, connections

from backdesk.platform.isolation.roles import OWNER
from backdesk.platform.jobs import enqueue, request_cancel, worker
from backdesk.platform.models import Job
from tests.cast import NOW, Cast, assemble
from tests.platform.a_worker import started
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.django_db(transaction=True)

#: What its connections call themselves, so that a test can end them and nobody else's.
WORKER = "worker under test"


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble()


@pytest.fixture
def endless(cast: Cast, tmp_path: Path) -> Job:
    """A job whose first attempt only ends when it is stopped."""
    arguments = {"file": str(tmp_path / "log")}
    return enqueue(actor=cast.lead, now=NOW, kind="tests.go_on_until_stopped", arguments=arguments)


@contextmanager
def a_worker(*options: str) -> Iterator[BaseProcess]:
    process = started(*options, PGAPPNAME=WORKER)
    try:
        yield process
    finally:
        process.kill()
        process.join()


def tell(process: BaseProcess, number: signal.Signals) -> None:
    assert process.pid is not None
    os.kill(process.pid, number)


def end_of(process: BaseProcess) -> int | None:
    process.join(PATIENCE)
    return process.exitcode


def is_in(job: Job, state: Job.State) -> Callable[[], bool]:
    return lambda: Job.objects.filter(pk=job.pk, state=state).exists()


def has_begun(tmp_path: Path) -> Callable[[], bool]:
    """Once the whole line is there: the file is so a moment before, and a killed process writes no more."""
    log = tmp_path / "log"
    return lambda: log.exists() and log.read_text().endswith("\n")


def lines(tmp_path: Path) -> list[str]:
    return (tmp_path / "log").read_text().splitlines()


def end_connections_of_workers() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = %s",
            [WORKER],
        )
        assert cursor.fetchone()[0] > 0


def heard_of_lately() -> int:
    """How many workers said that they live in less time than one that is dead is given."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '40 seconds'"
        )
        return int(cursor.fetchone()[0])


@contextmanager
def no_more_connections() -> Iterator[None]:
    """As where the database has ended, but for those who have one already."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC")
        try:
            yield
        finally:
            cursor.execute(f"GRANT CONNECT ON DATABASE {name} TO PUBLIC")


@pytest.mark.parametrize("options", [(), ("sole",)], ids=["by its missing heartbeat", "at once, where alone"])
def test_a_job_whose_worker_was_killed_is_done_by_the_next(
    endless: Job, tmp_path: Path, options: tuple[str, ...]
) -> None:
    with a_worker() as first:
        until(has_begun(tmp_path), "the job to begin")
        first.kill()
        first.join()
        assert is_in(endless, Job.State.RUNNING)(), "nobody was left to say otherwise"
        with a_worker(*options) as second:
            until(is_in(endless, Job.State.DONE), "the next worker to finish it")
    assert lines(tmp_path) == [
        f"attempt 1 in process {first.pid}",
        f"attempt 2 in process {second.pid}",
        "done",
    ]


def test_a_living_workers_job_is_left_to_it(endless: Job, tmp_path: Path) -> None:
    with a_worker("patient"):
        until(has_begun(tmp_path), "the job to begin")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '50 seconds'")
        until(lambda: heard_of_lately() == 1, "the worker to say amid its job that it lives")
        with a_worker("patient"):
            until(lambda: heard_of_lately() == 2, "another one, which begins by looking for jobs of the dead")
    assert len(lines(tmp_path)) == 1


def test_a_running_job_can_be_called_off(cast: Cast, endless: Job, tmp_path: Path) -> None:
    with a_worker():
        until(has_begun(tmp_path), "the job to begin")
        until(lambda: Job.objects.get(pk=endless.pk).progress == 0.5, "progress to show while it runs")
        assert request_cancel(actor=cast.lead, now=NOW, job=endless).is_cancelling
        until(is_in(endless, Job.State.CANCELLED), "the job to notice")
    assert "done" not in lines(tmp_path)


def test_a_worker_told_to_stop_gives_its_job_back(endless: Job, tmp_path: Path) -> None:
    with a_worker() as first:
        until(has_begun(tmp_path), "the job to begin")
        tell(first, signal.SIGTERM)
        assert end_of(first) == 0
    assert is_in(endless, Job.State.WAITING)()
    with a_worker():
        until(is_in(endless, Job.State.DONE), "the next worker to finish it")


def test_who_waits_for_a_database_can_be_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    async def waiting(*given: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(10)
        raise AssertionError("waited on")

    monkeypatch.setattr(worker, "_with_database", waiting)
    worker.work()


@pytest.mark.django_db(transaction=True, databases=["default", OWNER])
def test_a_worker_told_to_stop_takes_no_leave_of_a_database_that_is_gone(
    endless: Job, tmp_path: Path
) -> None:
    with a_worker() as first:
        until(has_begun(tmp_path), "the job to begin")
        with no_more_connections():
            tell(first, signal.SIGSTOP)  # so that it learns of both at once
            end_connections_of_workers()
            tell(first, signal.SIGTERM)
            tell(first, signal.SIGCONT)
            assert end_of(first) == 1, "with leave taken it would be 0, or end of another signal"


def test_a_worker_that_loses_its_connections_goes_on(endless: Job, tmp_path: Path) -> None:
    with a_worker() as process:
        until(has_begun(tmp_path), "the job to begin")
        end_connections_of_workers()
        until(is_in(endless, Job.State.DONE), "the job to be done after all")
        assert process.is_alive()
