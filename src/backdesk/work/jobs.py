"""Background work of work."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings

from backdesk.platform.actor import system
from backdesk.platform.jobs import JobRun, handler
from backdesk.platform.jobs.schedule import periodic
from backdesk.work.operations import (
    acceptance,
    alarms,
    documents,
    gold,
    imports,
    pushing,
    qualification,
    queues,
    reclocking,
    recording,
    steps,
    watching,
)

_BACKDESK = system(name="work", interface="job")


@periodic(cron="* * * * *")
def return_expired(now: datetime) -> None:
    steps.return_expired(actor=_BACKDESK, now=now)


@periodic(cron="* * * * *")
def wake_timers(now: datetime) -> None:
    steps.wake_timers(actor=_BACKDESK, now=now)


@periodic(cron="* * * * *")
def push_work(now: datetime) -> None:
    pushing.push(now=now)


@periodic(cron="* * * * *")
def apply_terms(now: datetime) -> None:
    reclocking.apply_terms(actor=_BACKDESK, now=now)


@periodic(cron="* * * * *")
def sound_alarms(now: datetime) -> None:
    alarms.raise_alarms(actor=_BACKDESK, now=now)
    alarms.tell_alarms(actor=_BACKDESK, now=now)


@periodic(cron="*/15 * * * *")
def accept_silently(now: datetime) -> None:
    acceptance.accept_silently(actor=_BACKDESK, now=now)


@periodic(cron="*/5 * * * *")
def compare_gold(now: datetime) -> None:
    gold.compare_all(actor=_BACKDESK, now=now)


@periodic(cron="* * * * *")
def count_queues(now: datetime) -> None:
    queues.count_queues(actor=_BACKDESK, now=now)


@periodic(cron="17 * * * *")
def forget_documents(now: datetime) -> None:
    documents.forget_what_nobody_attached(actor=_BACKDESK, now=now)


@periodic(cron="*/5 * * * *")
def refresh_record(now: datetime) -> None:
    recording.refresh_current(now=now)


@periodic(cron="17 2 * * *")
def keep_record_by_month(now: datetime) -> None:
    recording.keep_months(now=now)


@periodic(cron="* * * * *")
def take_in_folder(now: datetime) -> None:
    if settings.BACKDESK_WATCHED_FOLDER:
        watching.take_in_folder(folder=Path(settings.BACKDESK_WATCHED_FOLDER), now=now)


@handler(imports.LOOK)
def look_through_import(run: JobRun) -> None:
    imports.look_through(
        actor=run.actor, now=run.now(), batch_id=run.arguments["batch"], progress=run.progress
    )


@handler(imports.BRING)
def bring_in_import(run: JobRun) -> None:
    imports.bring_in(actor=run.actor, now=run.now, batch_id=run.arguments["batch"], progress=run.progress)


@periodic(cron="*/5 * * * *")
def refresh_entitlements(now: datetime) -> None:
    """Absences begin and end by themselves."""
    qualification.refresh(now=now)
