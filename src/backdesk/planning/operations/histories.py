"""Work histories: brought, read, read again, removed."""

from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from backdesk.evidence import calendars, eventlog
from backdesk.evidence.eventlog import Mapping
from backdesk.planning import policies, records
from backdesk.planning.models import WorkHistory
from backdesk.planning.operations.errors import HistoryBusy, NoOtherWorkingTime
from backdesk.planning.queries.working_times import working_time_of
from backdesk.platform import audit, files, jobs
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import operation
from backdesk.platform.models import StoredFile
from backdesk.platform.web.formats import in_language

READ = "planning.read_history"
ASSUMED_CALENDAR = "Mon-Fri 09:00-17:00"
_SUFFIXES = (
    ".gz",
    ".csv",
    ".tsv",
    ".txt",
    ".xes",
    ".xml",
    ".json",
    ".jsonocel",
    ".xmlocel",
    ".sqlite",
    ".parquet",
)


@operation
def receive_history(
    *, actor: Actor, now: datetime, name: str = "", stream: BinaryIO, filename: str, limit: int
) -> WorkHistory:
    """Keep a file that somebody brought; without a name it is called like it. Read once its columns are confirmed."""
    policies.require(policies.may_edit(actor))
    company, name = policies.company(actor), name or _called_like(filename)
    history = WorkHistory.objects.create(
        organisation_id=company,
        name=name,
        file=(file := files.save(stream=stream, name=filename, organisation_id=company, limit=limit)),
        calendar=ASSUMED_CALENDAR,
        received_at=now,
    )
    history.problem = _problem_of(file)
    history.save(update_fields=("problem",))
    audit.record(
        actor=actor,
        now=now,
        verb="history received",
        subject=history,
        after={"name": name, "file": filename, "sha256": file.sha256, "bytes": file.size},
    )
    return history


@operation
def settle_columns(
    *, actor: Actor, now: datetime, history: WorkHistory, mapping: Mapping, zone: str, calendar: str
) -> WorkHistory:
    """Say which column plays which role, in which zone, and when the company works."""
    policies.require(policies.may_edit(actor))
    calendars.parse(calendar, zone=zone or "UTC")  # one that cannot be read fails here, not in the job
    uploaded = WorkHistory.objects.visible_to(actor).filter(file__isnull=False)
    history = uploaded.select_for_update(of=("self",)).get(pk=history.pk)
    require_not_being_read(history)
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


@operation
def confirm_columns(
    *, actor: Actor, now: datetime, history: WorkHistory, mapping: Mapping, zone: str, calendar: str
) -> WorkHistory:
    """Settle the columns and have the log read with them, in the background."""
    history = settle_columns(
        actor=actor, now=now, history=history, mapping=mapping, zone=zone, calendar=calendar
    )
    return have_read(actor=actor, now=now, history=history)


@operation
def reckon_with_found(*, actor: Actor, now: datetime, history: WorkHistory) -> WorkHistory:
    """Have a work history read anew, with the working time its record shows and the holidays said before."""
    policies.require(policies.may_edit(actor))
    history = WorkHistory.objects.visible_to(actor).read().get(pk=history.pk)
    require_not_being_read(history)
    calendar = working_time_of(history).proposed
    if calendar is None:
        raise NoOtherWorkingTime(
            _("The record of “%(name)s” shows no working time other than what is reckoned with.")
            % {"name": history.name}
        )
    mapping = Mapping.from_dict(history.mapping or {})
    return confirm_columns(
        actor=actor, now=now, history=history, mapping=mapping, zone=history.zone, calendar=calendar
    )


def have_read(*, actor: Actor, now: datetime, history: WorkHistory) -> WorkHistory:
    """Part of the verbs that have a history read in the background."""
    history.job = jobs.enqueue(
        actor=actor, now=now, kind=READ, subject=history, arguments={"history": history.pk}
    )
    history.save(update_fields=("job", "zone", "calendar"))
    return history


def require_not_being_read(history: WorkHistory) -> None:
    if history.job is not None and not history.job.is_over:
        raise HistoryBusy(
            _("“%(name)s” is being read; cancel that first, or wait until it is done.")
            % {"name": history.name}
        )


@operation
def remove_history(*, actor: Actor, now: datetime, history: WorkHistory) -> None:
    """Remove a work history with its file, the activities measured in it and the answers about them."""
    policies.require(policies.may_edit(actor))
    history = WorkHistory.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=history.pk)
    require_not_being_read(history)
    audit.record(actor=actor, now=now, verb="history removed", subject=history, before={"name": history.name})
    gone, kept = WorkHistory(pk=history.pk), [history.file, history.process]
    history.delete()
    for file in filter(None, kept):
        files.remove(file=file)
    transaction.on_commit(lambda: records.drop(gone))


def _called_like(filename: str) -> str:
    """`invoices-2025.csv.gz` as a person would call it."""
    stem = files.plain_name(filename)
    for suffix in _SUFFIXES:
        stem = stem.removesuffix(suffix)
    return stem.replace("_", " ").strip()[:200] or "Work history"


def _problem_of(file: StoredFile) -> str:
    """Seen once, as it comes: home and lists need not open every file to say which of them is no log."""
    try:
        eventlog.propose(files.path_of(file))
    except eventlog.LogError as error:
        return files.in_words(in_language(error.message), file=file)
    return ""
