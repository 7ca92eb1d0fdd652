"""Work histories: brought, read, read again, removed."""

from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from backdesk.evidence import calendars
from backdesk.evidence.eventlog import Mapping
from backdesk.planning import policies, records
from backdesk.planning.models import WorkHistory
from backdesk.planning.operations.errors import HistoryBusy
from backdesk.platform import audit, files, jobs
from backdesk.platform.actor import Actor

READ = "planning.read_history"
ASSUMED_CALENDAR = "Mon-Fri 09:00-17:00"


@transaction.atomic
def receive_history(
    *, actor: Actor, now: datetime, name: str, stream: BinaryIO, filename: str, limit: int
) -> WorkHistory:
    """Keep a file that somebody brought; it is read once its columns are confirmed."""
    policies.require(policies.may_edit(actor))
    company = policies.company(actor)
    history = WorkHistory.objects.create(
        organisation_id=company,
        name=name,
        file=files.save(stream=stream, name=filename, organisation_id=company, limit=limit),
        calendar=ASSUMED_CALENDAR,
        received_at=now,
    )
    audit.record(
        actor=actor,
        now=now,
        verb="history received",
        subject=history,
        after={"name": name, "file": filename, "sha256": history.file.sha256, "bytes": history.file.size},
    )
    return history


@transaction.atomic
def settle_columns(
    *, actor: Actor, now: datetime, history: WorkHistory, mapping: Mapping, zone: str, calendar: str
) -> WorkHistory:
    """Say which column plays which role, in which zone, and when the company works."""
    policies.require(policies.may_edit(actor))
    calendars.parse(calendar, zone=zone or "UTC")  # one that cannot be read fails here, not in the job
    history = WorkHistory.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=history.pk)
    if _is_being_read(history):
        raise HistoryBusy(f"“{history.name}” is being read; cancel that first, or wait until it is done.")
    history.mapping = mapping.to_dict()
    history.zone, history.calendar = zone, calendar
    history.save(update_fields=("mapping", "zone", "calendar"))
    audit.record(
        actor=actor,
        now=now,
        verb="history columns settled",
        subject=history,
        after={"mapping": history.mapping, "zone": zone, "calendar": calendar},
    )
    return history


@transaction.atomic
def confirm_columns(
    *, actor: Actor, now: datetime, history: WorkHistory, mapping: Mapping, zone: str, calendar: str
) -> WorkHistory:
    """Settle the columns and have the log read with them, in the background."""
    history = settle_columns(
        actor=actor, now=now, history=history, mapping=mapping, zone=zone, calendar=calendar
    )
    history.job = jobs.enqueue(
        actor=actor, now=now, kind=READ, subject=history, arguments={"history": history.pk}
    )
    history.save(update_fields=("job",))
    return history


@transaction.atomic
def remove_history(*, actor: Actor, now: datetime, history: WorkHistory) -> None:
    """Remove a work history with its file, the activities measured in it and the answers about them."""
    policies.require(policies.may_edit(actor))
    history = WorkHistory.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=history.pk)
    if _is_being_read(history):
        raise HistoryBusy(f"“{history.name}” is being read; cancel that first.")
    audit.record(actor=actor, now=now, verb="history removed", subject=history, before={"name": history.name})
    gone, file = WorkHistory(pk=history.pk), history.file
    history.delete()
    files.remove(file=file)
    transaction.on_commit(lambda: records.drop(gone))


def _is_being_read(history: WorkHistory) -> bool:
    return history.job is not None and not history.job.is_over
