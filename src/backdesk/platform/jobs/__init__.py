"""Background work on PostgreSQL, with progress one can watch and cancel.

An app writes a handler in its `jobs.py`::

    @handler("planning.read_history")
    def read_history(run: JobRun) -> None:
        operations.read_history(
            actor=run.actor, now=run.now(), history_id=run.arguments["history"], progress=run.progress
        )

and an operation asks for it, inside its own transaction::

    job = enqueue(actor=actor, now=now, kind="planning.read_history", subject=history,
                  arguments={"history": history.pk})

What a handler can count on, and what it owes:

- It starts only when the transaction that enqueued it has committed, and then at least once.
- It may run again from the start, after a killed worker or a stopped server: it must be idempotent. Write results
  under the job's subject so that a second run replaces what a first left half done, and commit them in one
  transaction at the end.
- `run.progress(fraction, phase)` is cheap to call often; it raises `Cancelled` when a person cancelled,
  `Interrupted` when this worker is stopping (the job waits again), `Superseded` when another worker has taken the
  job over. Clean up, let them pass.
- It runs on behalf of who asked, whose roles are looked up when it begins: who left, or lost a role they asked
  with, does not act through an old job. The database shows it what that person would see.
- An anticipated failure is raised as `JobFailed("plain sentence: what happened, what would be right")`. Any other
  exception is logged with its trace and shown as a fault of ours.
"""

from backdesk.platform.jobs import requests as requests  # its hour is registered by being read
from backdesk.platform.jobs import sealing as sealing  # and its minute
from backdesk.platform.jobs.operations import enqueue, request_cancel
from backdesk.platform.jobs.policies import may_cancel
from backdesk.platform.jobs.registry import UnknownKind, handler
from backdesk.platform.jobs.run import Cancelled, Interrupted, JobFailed, JobRun, JobStopped, Superseded
from backdesk.platform.jobs.standing import register_roles

__all__ = [
    "Cancelled",
    "Interrupted",
    "JobFailed",
    "JobRun",
    "JobStopped",
    "Superseded",
    "UnknownKind",
    "enqueue",
    "handler",
    "may_cancel",
    "register_roles",
    "request_cancel",
]
