"""The thread between our `Job` and procrastinate, which owns the queue: it carries the job's number, no more."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import InterfaceError, OperationalError
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job as QueuedJob
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from backdesk.platform.jobs.run import Interrupted, execute
from backdesk.platform.requests import current_request_id, request_id

TASK = "backdesk.run_job"
QUEUE = "jobs"

_SECONDS_FOR_A_DATABASE_TO_RETURN = 5


class RetryWhatWasCutShort(BaseRetryStrategy):
    """A job whose worker stopped, or lost its database, is done again. All else has had its say in the row."""

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        if isinstance(exception, Interrupted):
            return RetryDecision(retry_in={"seconds": 0})
        if isinstance(exception, (OperationalError, InterfaceError)):
            return RetryDecision(retry_in={"seconds": _SECONDS_FOR_A_DATABASE_TO_RETURN})
        return None


def defer(*, job_id: int) -> None:
    """Through Django's own connection, so in its transaction, also where a worker's handler asks for more work."""
    manager = JobManager(DjangoConnector(alias="default"))
    configure_task(name=TASK, job_manager=manager, queue=QUEUE).defer(
        job_id=job_id, asked_in=current_request_id()
    )


@app.task(name=TASK, queue=QUEUE, pass_context=True, retry=RetryWhatWasCutShort())
def run_job(context: JobContext, *, job_id: int, asked_in: str = "") -> None:
    """`asked_in` is the id of the request, or of the job, that asked for this one."""
    with request_id(asked_in):
        execute(job_id=job_id, now=lambda: datetime.now(UTC), interrupted=context.should_abort)
