"""Background work: somebody does it, in time, and it goes well."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Min

from backdesk.platform.models import AuditEntry, AuditPending, Job
from backdesk.platform.operating import workers
from backdesk.platform.operating.doctor.checks import (
    Circumstances,
    Finding,
    ask_one,
    broken,
    check,
    ok,
    warning,
)


@check("workers", "Somebody does background jobs", while_running=True)
def somebody_works(about: Circumstances) -> Finding:
    alive = workers.alive(now=about.now, silent_after=about.limits.worker_silent)
    waiting = Job.objects.filter(state=Job.State.WAITING).count()
    if alive:
        return ok(f"{alive} at work, {waiting} jobs waiting")
    start = "Start one: backdesk worker, or backdesk serve with its own."
    if waiting:
        return broken(f"No job worker is alive, and {waiting} jobs wait.", start)
    return warning("No job worker is alive. Nothing waits for one yet.", start)


@check("stuck-jobs", "No job is held by a dead worker", while_running=True)
def stuck_jobs(about: Circumstances) -> Finding:
    silent_after = about.limits.worker_silent
    held = workers.held_by_the_dead(now=about.now, silent_after=silent_after)
    if not held:
        return ok("none is")
    said = f"{held} jobs are held by workers that have been silent for {silent_after.total_seconds():,.0f} s"
    if workers.alive(now=about.now, silent_after=silent_after):
        return broken(f"{said}, and no other puts them back.", "Stop the workers and start them again.")
    return warning(f"{said}.", "Start a worker: it puts such jobs back in the queue.")


@check("oldest-job", "Jobs do not wait long", while_running=True)
def oldest_job(about: Circumstances) -> Finding:
    since: datetime | None = Job.objects.filter(state=Job.State.WAITING).aggregate(oldest=Min("enqueued_at"))[
        "oldest"
    ]
    waited = about.now - since if since else timedelta()
    if waited > about.limits.job_waiting:
        return warning(
            f"The oldest has waited for {waited.total_seconds() / 60:,.0f} minutes.",
            "Start more workers (backdesk worker --concurrency 4), or see what the running jobs do.",
        )
    return ok(f"the oldest has waited for {waited.total_seconds():,.0f} s" if since else "none waits")


@check("failed-jobs", "Jobs go well")
def failed_jobs(about: Circumstances) -> Finding:
    lately = Job.objects.filter(
        state=Job.State.FAILED, finished_at__gt=about.now - about.limits.failures_within
    )
    kinds = lately.values_list("kind").annotate(times=Count("id")).order_by("-times", "kind")
    if kinds:
        return warning(
            f"Failed lately: {', '.join(f'{kind} ({times})' for kind, times in kinds[:5])}.",
            "Look for 'job-' and 'failed' in the worker's log, or open the job's page.",
        )
    return ok("none failed lately")


@check("ticks", "Work of the clock comes round", while_running=True)
def ticks(about: Circumstances) -> Finding:
    """The most frequent of it comes every minute."""
    last = ask_one("SELECT to_timestamp(max(defer_timestamp)) FROM procrastinate_periodic_defers")
    if last is None:
        return warning("It has not come round yet.", "Start a worker: backdesk worker, or backdesk serve.")
    ago = about.now - last
    if ago > about.limits.tick_missing:
        return broken(
            f"It came round {ago.total_seconds() / 60:,.0f} minutes ago for the last time: nothing is sealed or sent.",
            "Start a worker: backdesk worker, or backdesk serve.",
        )
    return ok(f"{ago.total_seconds():,.0f} s ago")


@check("sealing", "The audit trail is sealed", while_running=True)
def sealing(about: Circumstances) -> Finding:
    waiting = AuditPending.objects.count()
    oldest = AuditPending.objects.order_by("entry_id").values("entry_id")[:1]
    since = AuditEntry.objects.filter(pk__in=oldest).values_list("at", flat=True).first()
    waited = about.now - since if since else timedelta()
    if waited > about.limits.unsealed:
        return broken(
            f"{waiting} entries are not sealed, the oldest for {waited.total_seconds() / 60:,.0f} minutes: "
            "until they are, who owns the database could rewrite them.",
            "Start a worker; if one is at work, look for 'seal_the_trail' in its log.",
        )
    return ok(f"{waiting} entries wait for the next minute" if waiting else "to the last entry")
