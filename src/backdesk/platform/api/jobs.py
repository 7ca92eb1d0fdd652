"""Background work: watched, and called off."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from backdesk.platform.api import Area, Call, Id, Schema
from backdesk.platform.jobs.operations import request_cancel
from backdesk.platform.jobs.queries import job_of
from backdesk.platform.models import Job

jobs = Area("jobs", title="Background work")


class JobOut(Schema):
    id: int
    kind: str
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    is_cancelling: bool
    progress: float = Field(description="From 0 to 1.")
    phase: str
    message: str = Field(description="Why it failed, in words; empty otherwise.")
    enqueued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@jobs.read("/jobs/{pk}", JobOut)
def get_job(call: Call, pk: Id) -> Any:
    """How far a job is."""
    return job_of(call.actor, pk)


@jobs.create("/jobs/{pk}/cancellation", JobOut, status=202)
def cancel_job(call: Call, pk: Id) -> Any:
    """Call a job off: one that waits is over at once, one that runs ends at its next word of progress."""
    return request_cancel(actor=call.actor, now=call.now, job=Job(pk=pk))
