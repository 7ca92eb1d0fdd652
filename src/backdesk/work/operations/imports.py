"""Items from a file: received, looked through, and brought in line by line, good ones beside bad.

The file is the company's that brought it. Looking through it and bringing it in are jobs. A chunk of lines is brought
in whole, with what became of each line and the counts, or not at all: a worker that is killed loses no line and doubles
none, since whoever goes on does so behind the last line that is done with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO, Final, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from backdesk.parties.policies import company, require
from backdesk.platform import audit, files, jobs
from backdesk.platform.actor import Actor
from backdesk.platform.audit import canonical
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation
from backdesk.platform.jobs import JobFailed
from backdesk.work import policies
from backdesk.work.models import ImportBatch, ImportLine, Service
from backdesk.work.operations.items import NewItem, Outcome, ServiceNotOpen, create_items
from backdesk.work.queries import columns, looking_through
from backdesk.work.queries.columns import Read
from backdesk.work.queries.compiled import Compiled, compiled

LOOK: Final = "work.look_through_import"
BRING: Final = "work.bring_in_import"
#: Lines of one transaction: what else there is to it then weighs little beside them.
_AT_ONCE: Final = 2_000

#: In one statement, past the models: there are as many as lines.
_KEEP: Final = """
INSERT INTO work_importline (batch_id, organisation_id, line, outcome, item_id, problems)
SELECT %s, %s, mark.line, mark.outcome, mark.item, mark.problems
FROM json_to_recordset(%s::json) AS mark (line integer, outcome text, item bigint, problems jsonb)
"""
Progress = Callable[[float, str], None]


class ColumnsMissing(Refused):
    """Fields without which no item can be created have no column yet; the message names them."""


class ImportBusy(Refused):
    """A job is at it; nothing was changed."""

    status = 409


@operation
def receive_import(
    *,
    actor: Actor,
    now: datetime,
    service: Service,
    stream: BinaryIO,
    filename: str,
    limit: int,
    source: str = "import",
) -> ImportBatch:
    """Keep the file and offer its columns. Raises `UnreadableSheet` for what is no table."""
    require(policies.may_create(actor))
    service = Service.objects.visible_to(actor).get(pk=service.pk)
    if service.current_id is None:
        raise ServiceNotOpen(_("“%(name)s” has not been published yet.") % {"name": service.name})
    kept = files.save(stream=stream, name=filename, organisation_id=company(actor), limit=limit)
    batch = ImportBatch(
        organisation_id=company(actor),
        person_id=actor.person_id,
        service=service,
        file=kept,
        source=source,
        received_at=now,
    )
    with files.while_accepted(kept):
        sheet = looking_through.sheet_of(batch)
        known = looking_through.targets_of(sheet, _version(actor, batch).service)
        batch.columns = columns.offered(looking_through.headings(sheet), known)
    batch.save()
    told = {"service": service.pk, "file": kept.name, "sha256": kept.sha256, "bytes": kept.size}
    audit.record(actor=actor, now=now, verb="import received", subject=batch, after=told)
    return batch


@operation
def settle_columns(
    *, actor: Actor, now: datetime, batch: ImportBatch, chosen: Mapping[str, str]
) -> ImportBatch:
    """Say which column is which field, and have the file looked through with that."""
    batch = _held(actor, batch)
    _require_idle(batch, ImportBatch.State.RECEIVED, ImportBatch.State.CHECKED)
    version = _version(actor, batch)
    known = looking_through.targets_of(looking_through.sheet_of(batch), version.service)
    missing = columns.missing(known, chosen)
    if missing:
        raise ColumnsMissing(
            _("Say which column holds: %(fields)s.")
            % {"fields": ", ".join(str(one.title) for one in missing)}
        )
    batch.columns, batch.found, batch.state = dict(chosen), {}, ImportBatch.State.CHECKING
    _enqueue(actor, now, batch, LOOK)
    audit.record(
        actor=actor, now=now, verb="import columns settled", subject=batch, after={"columns": batch.columns}
    )
    return batch


@operation
def begin_import(*, actor: Actor, now: datetime, batch: ImportBatch) -> ImportBatch:
    """Bring it in, or go on with it where a job was called off."""
    batch = _held(actor, batch)
    _require_idle(batch, ImportBatch.State.CHECKED, ImportBatch.State.RUNNING)
    batch.state = ImportBatch.State.RUNNING
    _enqueue(actor, now, batch, BRING)
    audit.record(actor=actor, now=now, verb="import begun", subject=batch, after={"behind line": batch.line})
    return batch


@operation
def keep_findings(
    *, actor: Actor, now: datetime, batch: ImportBatch, found: Mapping[str, Any]
) -> ImportBatch:
    """What looking through it came to."""
    batch = _held(actor, batch)
    batch.found, batch.state = dict(found), ImportBatch.State.CHECKED
    batch.save(update_fields=("found", "state"))
    return batch


@operation
def bring_in_chunk(
    *, actor: Actor, now: datetime, batch: ImportBatch, version: Compiled, lines: Sequence[Read]
) -> ImportBatch:
    """These lines become items, or it is noted why not. Lines that are done with already are passed over."""
    batch = _held(actor, batch)
    lines = [one for one in lines if one.line > batch.line]
    good = [one for one in lines if not one.problems]
    rows = (NewItem(values=one.values, **one.about) for one in good)
    made = create_items(actor=actor, now=now, service=batch.service, rows=rows, source=batch.source)
    outcomes = {one.line: outcome for one, outcome in zip(good, made, strict=True)}
    marks = [_mark(one, outcomes.get(one.line), version) for one in lines]
    with connection.cursor() as cursor:
        told = canonical.text_of([mark._asdict() for mark in marks])
        cursor.execute(_KEEP, [batch.pk, batch.organisation_id, told])
    for outcome in ImportLine.Outcome.values:
        count = sum(mark.outcome == outcome for mark in marks)
        setattr(batch, outcome, getattr(batch, outcome) + count)
    batch.read += len(marks)
    batch.line = lines[-1].line if lines else batch.line
    batch.save(update_fields=("read", "created", "duplicate", "rejected", "line"))
    return batch


@operation
def finish_import(*, actor: Actor, now: datetime, batch: ImportBatch) -> ImportBatch:
    batch = _held(actor, batch)
    batch.state, batch.done_at = ImportBatch.State.DONE, now
    batch.save(update_fields=("state", "done_at"))
    counts = {name: getattr(batch, name) for name in ("read", "created", "duplicate", "rejected")}
    audit.record(actor=actor, now=now, verb="import done", subject=batch, after=counts)
    return batch


def look_through(*, actor: Actor, now: datetime, batch_id: int, progress: Progress) -> None:
    """The job of a dry run: nothing is created."""
    batch = _batch(actor, batch_id)
    version = _version(actor, batch)
    with _told_plainly():
        found = looking_through.look_through(batch=batch, service=version.service, now=now, progress=progress)
    keep_findings(actor=actor, now=now, batch=batch, found=found)


def bring_in(*, actor: Actor, now: Callable[[], datetime], batch_id: int, progress: Progress) -> None:
    """The job that creates the items; begun again, it goes on behind the last line that is done with."""
    batch = _batch(actor, batch_id)
    version, total = _version(actor, batch), max(batch.found.get("read", 0), 1)
    with _told_plainly():
        for chunk in _chunks(looking_through.lines_of(batch, version.service, after=batch.line)):
            batch = bring_in_chunk(actor=actor, now=now(), batch=batch, version=version, lines=chunk)
            progress(min(batch.read / total, 0.99), _("%(count)s lines brought in") % {"count": batch.read})
    finish_import(actor=actor, now=now(), batch=batch)


class _Mark(NamedTuple):
    """A row of `ImportLine`."""

    line: int
    outcome: str
    item: int | None = None
    problems: list[list[str]] = []


def _mark(line: Read, outcome: Outcome | None, version: Compiled) -> _Mark:
    problems = line.problems or columns.named(version.service, outcome.problems if outcome else ())
    there = outcome.item or outcome.existing if outcome else None
    if problems or there is None:
        said = [[str(one.field), str(one.says)] for one in problems]
        return _Mark(line.line, ImportLine.Outcome.REJECTED, problems=said)
    is_new = outcome is not None and outcome.item is not None
    return _Mark(line.line, ImportLine.Outcome.CREATED if is_new else ImportLine.Outcome.DUPLICATE, there.pk)


def _held(actor: Actor, batch: ImportBatch) -> ImportBatch:
    """Locked until the verb is done."""
    require(policies.may_create(actor))
    rows = ImportBatch.objects.visible_to(actor).select_related("service", "file", "job")
    return rows.select_for_update(of=("self",)).get(pk=batch.pk)


def _batch(actor: Actor, batch_id: int) -> ImportBatch:
    return ImportBatch.objects.visible_to(actor).select_related("service", "file").get(pk=batch_id)


def _version(actor: Actor, batch: ImportBatch) -> Compiled:
    """The one items begin with now."""
    assert batch.service.current_id is not None
    return compiled(actor=actor, version_id=batch.service.current_id)


def _require_idle(batch: ImportBatch, *states: ImportBatch.State) -> None:
    if batch.job is not None and not batch.job.is_over:
        raise ImportBusy(
            _("“%(file)s” is being worked on; wait until that is done, or cancel it.") % {"file": batch.file}
        )
    if batch.state not in {*states, ImportBatch.State.CHECKING}:
        raise ImportBusy(
            _("“%(file)s” is %(state)s; this is not to be done now.")
            % {"file": batch.file, "state": batch.get_state_display()}
        )


def _enqueue(actor: Actor, now: datetime, batch: ImportBatch, kind: str) -> None:
    batch.job = jobs.enqueue(actor=actor, now=now, kind=kind, subject=batch, arguments={"batch": batch.pk})
    batch.save(update_fields=("columns", "found", "state", "job"))


def _chunks(lines: Iterator[Read]) -> Iterator[list[Read]]:
    while chunk := list(islice(lines, _AT_ONCE)):
        yield chunk


@contextmanager
def _told_plainly() -> Iterator[None]:
    """What is wrong with the file or the service is for whoever asked to read."""
    try:
        yield
    except Refused as refused:
        raise JobFailed(str(refused)) from refused
