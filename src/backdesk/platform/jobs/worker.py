"""The worker process: takes jobs from the queue, and takes over those whose worker died.

A worker says every `heartbeat` seconds that it lives. One that has not for `stalled_after` seconds is taken for dead,
and its jobs go back to the queue; every worker looks for such jobs as it starts and from then on. A worker that only
seemed dead does no harm: its next word of progress raises `Superseded`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import psycopg
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import DeleteJobCondition, Status

from backdesk.platform.jobs.queue import QUEUE

log = logging.getLogger(__name__)

HEARTBEAT = 5.0
STALLED_AFTER = 30.0
_PATIENCE_WITH_RUNNING_JOBS = 2.0
_PATIENCE_WITH_DATABASE = 1.0
_PAUSE_WITHOUT_DATABASE = 3.0


def work(
    *,
    concurrency: int = 2,
    sole: bool = False,
    heartbeat: float = HEARTBEAT,
    stalled_after: float = STALLED_AFTER,
) -> None:
    """Work until SIGINT or SIGTERM; running jobs then have a few seconds to end before they go back to the queue.

    `sole` says that no other worker can be alive, so what seems in work is left over from a dead one. A database
    that goes away is waited for.
    """
    while not asyncio.run(_work(concurrency, 0.0 if sole else stalled_after, heartbeat, stalled_after)):
        sole = False
        asyncio.run(asyncio.sleep(_PAUSE_WITHOUT_DATABASE))


async def _work(concurrency: int, stalled_at_start: float, heartbeat: float, stalled_after: float) -> bool:
    """True when told to stop, False when the database went away."""
    stop = _on_signal()
    try:
        await _unless(stop, _with_database(stop, concurrency, stalled_at_start, heartbeat, stalled_after))
    except (ConnectorException, psycopg.Error) as error:
        log.warning("The database is away (%s); trying again.", error)
    return stop.is_set()


async def _with_database(
    stop: asyncio.Event, concurrency: int, stalled_at_start: float, heartbeat: float, stalled_after: float
) -> None:
    """Until it is lost."""
    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        async with app.open_async():
            await _put_back_stalled(stalled_at_start)
            beside = [
                asyncio.create_task(_keep_putting_back(stalled_after)),
                asyncio.create_task(_take_no_leave_of_the_dead(stop)),
            ]
            try:
                await app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=concurrency,
                    delete_jobs=DeleteJobCondition.ALWAYS.value,
                    update_heartbeat_interval=heartbeat,
                    stalled_worker_timeout=stalled_after,
                    shutdown_graceful_timeout=_PATIENCE_WITH_RUNNING_JOBS,
                    install_signal_handlers=False,
                )
            finally:
                for task in beside:
                    task.cancel()


def _on_signal() -> asyncio.Event:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Work until told to stop, also while the database is still waited for, or until the work ends by itself."""
    working, told = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait([working, told], return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working


async def _take_no_leave_of_the_dead(stop: asyncio.Event) -> None:
    """Where the database ended first, nothing can be given back, each word of farewell would wait half a minute for a
    connection, and a job at its sums hears nothing. So it ends as if killed, which harms no job."""
    await stop.wait()
    try:
        async with app.connector.pool.connection(timeout=_PATIENCE_WITH_DATABASE):  # type: ignore[attr-defined]
            pass
    except psycopg.Error:
        log.warning("Stopped without giving jobs back: the database is away.")
        os._exit(1)


async def _keep_putting_back(stalled_after: float) -> None:
    while True:
        await asyncio.sleep(stalled_after / 2)
        try:
            await _put_back_stalled(stalled_after)
        except ConnectorException:
            log.warning("Could not look for stalled jobs: the database is away.")


async def _put_back_stalled(stalled_after: float) -> None:
    """Not a job in the queue itself: there it would wait behind the very jobs it is to rescue."""
    for job in await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=stalled_after):
        log.warning("Job %s lost its worker and is done again.", job.task_kwargs.get("job_id", job.task_name))
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:  # a tick whose next one waits already, and takes up whatever this one left
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
