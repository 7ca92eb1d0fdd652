"""Doing background jobs in the test's own process and transaction."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connections

from backdesk.platform.jobs.run import Clock, execute_on
from backdesk.platform.models import Job


def do_waiting_jobs(*, now: Clock = lambda: datetime.now(UTC)) -> list[Job]:
    """Run what waits, and what that enqueues, in order; the jobs as they ended."""
    done = []
    while (job := Job.objects.filter(state=Job.State.WAITING).order_by("id").first()) is not None:
        execute_on(connections["default"], job_id=job.pk, now=now)
        job.refresh_from_db()
        done.append(job)
    return done
