"""The thread between our `Job` and procrastinate, which owns the queue: it carries the job's number and no more."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job as QueuedJob

from backdesk.platform.jobs.run import Interrupted, execute

log = logging.getLogger(__name__)

TASK = "backdesk.run_job"
QUEUE = "jobs"


class RetryInterrupted(BaseRetryStrategy):
    """A job whose worker was told to stop is for the next worker, at once. Everything else has its say in the row."""

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        return RetryDecision(retry_in={"seconds": 0}) if isinstance(exception, Interrupted) else None


def defer(*, job_id: int) -> None:
    """Through Django's own connection, so in its transaction."""
    app.configure_task(TASK).defer(job_id=job_id)


@app.task(name=TASK, queue=QUEUE, pass_context=True, retry=RetryInterrupted())
def run_job(context: JobContext, *, job_id: int) -> None:
    execute(job_id=job_id, now=lambda: datetime.now(UTC), interrupted=context.should_abort)
