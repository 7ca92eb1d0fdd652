"""Doing one job: from its row to its handler, and back to the row how it went."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from backdesk.platform.actor import Actor
from backdesk.platform.isolation import as_system, within
from backdesk.platform.jobs.registry import handler_for
from backdesk.platform.jobs.standing import StandingLost, require_standing
from backdesk.platform.models import Job
from backdesk.platform.requests import current_request_id, request_id

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

_SECONDS_BETWEEN_REPORTS = 0.25
_UNFORESEEN = gettext_noop(
    "Backdesk failed at this in a way nobody foresaw. What was there before is unchanged. "
    "Try again; if it fails again, tell whoever runs Backdesk the reference {reference}."
)


class JobFailed(Exception):
    """An anticipated failure; its text is shown to the person."""


class JobStopped(Exception):
    """The handler is asked to end now. Raised by `JobRun.progress`; handlers let it pass."""


class Cancelled(JobStopped):
    """A person called the job off."""


class Interrupted(JobStopped):
    """This worker is stopping; the job will be done again from the start."""


class Superseded(JobStopped):
    """Another worker took the job over, because this one seemed dead."""


@dataclass(slots=True, kw_only=True)
class JobRun:
    """What a handler is given: who asked, for what, the time, and a way to say how far it is."""

    job_id: int
    actor: Actor
    arguments: Mapping[str, Any]
    now: Clock
    attempt: int
    _connection: BaseDatabaseWrapper
    _interrupted: Callable[[], bool] = lambda: False
    _reported: float = field(default=float("-inf"))
    _phase: str = ""

    def progress(self, fraction: float, phase: str = "") -> None:
        """Say how far it is, 0 to 1, and with what. Written at most four times a second, and on a new phase."""
        phase = phase or self._phase
        due = time.monotonic() - self._reported >= _SECONDS_BETWEEN_REPORTS
        if due or phase != self._phase:
            self._reported, self._phase = time.monotonic(), phase
            self._report(min(max(fraction, 0.0), 1.0), phase)

    def _report(self, fraction: float, phase: str) -> None:
        if self._interrupted():
            raise Interrupted("The worker is stopping.")
        row = _returning(
            self._connection,
            "UPDATE platform_job SET progress = %s, phase = %s WHERE id = %s AND attempt = %s AND state = 'running' "
            "RETURNING cancel_requested_at",
            [fraction, phase[:200], self.job_id, self.attempt],
        )
        if row is None:
            raise Superseded("Another worker has taken this job over.")
        if row[0] is not None:
            raise Cancelled("Cancelled.")


def execute(*, job_id: int, now: Clock, interrupted: Callable[[], bool] = lambda: False) -> None:
    """Run the job's handler, reporting through a connection of its own, so that progress shows before it commits.

    Raises `Interrupted` when the worker stops; whoever called puts the job back in the queue.
    """
    connection = connections["default"].copy()
    with closing(connection):
        execute_on(connection, job_id=job_id, now=now, interrupted=interrupted)


def execute_on(
    connection: BaseDatabaseWrapper,
    *,
    job_id: int,
    now: Clock,
    interrupted: Callable[[], bool] = lambda: False,
) -> None:
    with as_system("beginning a job"):
        attempt = _begin(connection, job_id=job_id, now=now())
        if attempt is None:
            log.info("Job %s is over already.", job_id)
            return
        job = Job.objects.get(pk=job_id)
    run = JobRun(
        job_id=job_id,
        actor=job.actor,
        arguments=job.arguments,
        now=now,
        attempt=attempt,
        _connection=connection,
        _interrupted=interrupted,
    )
    asked_in = current_request_id() or "-"
    with request_id(f"job-{job_id}-{attempt}"), within(job.actor), translation.override(job.language):
        log.info("%s begins, asked for in %s.", job.kind, asked_in)
        _handle(job.kind, run)


def _handle(kind: str, run: JobRun) -> None:
    try:
        run.progress(
            0.0, "starting"
        )  # also the moment to notice that it was cancelled while its worker was dead
        require_standing(run.actor)
        handler_for(kind)(run)
    except Cancelled:
        _finish(run, state=Job.State.CANCELLED, message=_("Cancelled."))
    except Superseded:
        log.warning("%s was taken over by another worker.", kind)
    except Interrupted:
        _wait_again(run)
        raise
    except (JobFailed, StandingLost) as failure:
        _finish(run, state=Job.State.FAILED, message=str(failure))
    except Exception:
        log.exception("%s failed.", kind)
        _finish(
            run,
            state=Job.State.FAILED,
            message=_(_UNFORESEEN).format(reference=f"job-{run.job_id}-{run.attempt}"),
        )
    else:
        _finish(run, state=Job.State.DONE, message="")


def _begin(connection: BaseDatabaseWrapper, *, job_id: int, now: datetime) -> int | None:
    """Claim the job under a new attempt number, which puts any earlier attempt out of office."""
    row = _returning(
        connection,
        "UPDATE platform_job SET state = 'running', attempt = attempt + 1, started_at = %s, progress = 0, phase = '' "
        "WHERE id = %s AND state IN ('waiting', 'running') RETURNING attempt",
        [now, job_id],
    )
    return None if row is None else int(row[0])


def _wait_again(run: JobRun) -> None:
    _returning(
        run._connection,
        "UPDATE platform_job SET state = 'waiting', progress = 0, phase = '' "
        "WHERE id = %s AND attempt = %s AND state = 'running' RETURNING id",
        [run.job_id, run.attempt],
    )


def _finish(run: JobRun, *, state: Job.State, message: str) -> None:
    row = _returning(
        run._connection,
        "UPDATE platform_job SET state = %s, message = %s, finished_at = %s, "
        "progress = CASE WHEN %s = 'done' THEN 1 ELSE progress END "
        "WHERE id = %s AND attempt = %s AND state = 'running' RETURNING kind",
        [state.value, message, run.now(), state.value, run.job_id, run.attempt],
    )
    if row is not None:
        log.info("%s is %s.", row[0], state.value)


def _returning(connection: BaseDatabaseWrapper, sql: str, values: list[Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row
