"""A folder somebody puts files into: a sub-folder for each service, named by its key (or its key and number,
`invoices.12`, where several companies have one of that key).

A table brings its lines as items; any other file is the document of one item. A file is taken in once nobody has
written to it for a while, and then moved to `done` or `rejected`, with a report beside it. What was taken in is
remembered before the file is moved: where that is cut short, the next tick moves it and takes nothing in twice.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from backdesk.platform import uploads
from backdesk.platform.actor import Actor, system
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation, within
from backdesk.platform.jobs import JobFailed
from backdesk.work.models import Arrival, ImportBatch, Service
from backdesk.work.operations import imports, intake
from backdesk.work.operations.intake import Paper
from backdesk.work.operations.items import InvalidItem
from backdesk.work.queries import columns, looking_through, rejects
from backdesk.work.queries.compiled import compiled

log = logging.getLogger(__name__)

SETTLED: Final = timedelta(seconds=30)
TABLES: Final = frozenset({".csv", ".tsv", ".xlsx", ".jsonl"})
DONE, REJECTED = "done", "rejected"
_UNFINISHED: Final = frozenset({".part", ".tmp", ".crdownload", ".filepart"})


def take_in_folder(*, folder: Path, now: datetime) -> int:
    """Whatever has settled in it; how many files were moved."""
    moved = 0
    for place in sorted(one for one in folder.iterdir() if one.is_dir() and not one.name.startswith(".")):
        service = _service(place.name)
        if service is None:
            log.warning(
                "The watched folder has “%s”, which is the key of no service in use, or of several.",
                place.name,
            )
            continue
        actor = system(name="watched folder", organisation_id=service.client_id, interface="job")
        for file in _settled(place, now):
            with within(actor):
                _take_in(actor, now, service, file)
            moved += 1
    return moved


def _service(name: str) -> Service | None:
    key, _dot, number = name.partition(".")
    found = Service.objects.filter(key=key, state=Service.State.ACTIVE)
    if number:
        found = found.filter(pk=int(number)) if number.isdecimal() and len(number) < 19 else found.none()
    rows = list(found[:2])
    return rows[0] if len(rows) == 1 else None


def _settled(place: Path, now: datetime) -> Iterator[Path]:
    """Files alone: what a link leads to may be anything."""
    for file in sorted(place.iterdir()):
        if file.is_symlink() or not file.is_file() or file.name.startswith(".") or file.suffix in _UNFINISHED:
            continue
        if now - datetime.fromtimestamp(file.stat().st_mtime, UTC) >= SETTLED:
            yield file


def _take_in(actor: Actor, now: datetime, service: Service, file: Path) -> None:
    try:
        if file.stat().st_size > uploads.limit_bytes():
            report = f"The file is larger than the {uploads.limit_bytes() // 1_000_000} MB that are taken in."
            _put_aside(file, now, REJECTED, report)
        elif file.suffix.lower() in TABLES:
            _put_aside(file, now, DONE, *_bring_in(actor, now, service, file))
        else:
            item = _receive(actor, now, service, file)
            _put_aside(file, now, DONE, f"Item {item}.")
    except InvalidItem as invalid:
        _put_aside(file, now, REJECTED, "\n".join(f"{one.path}: {one.says}" for one in invalid.problems))
    except (Refused, JobFailed) as refusal:
        _put_aside(file, now, REJECTED, str(refusal))


def _receive(actor: Actor, now: datetime, service: Service, file: Path) -> int:
    told = {"name": file.name, "subject": file.stem}
    item = intake.receive(
        actor=actor,
        now=now,
        service=service,
        source="folder",
        mark=_mark(file),
        title=file.stem[:200],
        told=told,
        papers=[Paper(name=file.name, content=file.read_bytes())],
    )
    return item.pk


def _bring_in(actor: Actor, now: datetime, service: Service, file: Path) -> tuple[str, str]:
    """What became of the lines, and those that were not created as a file. Goes on with what was cut short."""
    batch = _batch(actor=actor, now=now, service=service, file=file)
    if batch.state != ImportBatch.State.DONE:
        imports.bring_in(actor=actor, now=lambda: now, batch_id=batch.pk, progress=lambda share, phase: None)
        batch.refresh_from_db()
    report = f"{batch.read} lines: {batch.created} created, {batch.duplicate} there already, {batch.rejected} rejected."
    left_out = "".join(rejects.as_csv(batch)) if batch.duplicate or batch.rejected else ""
    return report, left_out


@operation
def _batch(*, actor: Actor, now: datetime, service: Service, file: Path) -> ImportBatch:
    """The import of this file: the one that was begun, or a new one, remembered with it."""
    known = Arrival.objects.filter(service=service, source="folder", mark=_mark(file)).first()
    if known is not None and known.batch is not None:
        return known.batch
    with file.open("rb") as stream:
        batch = imports.receive_import(
            actor=actor, now=now, service=service, stream=stream, filename=file.name,
            limit=uploads.limit_bytes(), source="folder",
        )  # fmt: skip
    _require_columns(actor, batch)
    batch.state = ImportBatch.State.RUNNING
    batch.save(update_fields=("state",))
    Arrival.objects.create(
        organisation_id=service.client_id, service=service, source="folder", mark=_mark(file),
        name=file.name, batch=batch, at=now,
    )  # fmt: skip
    return batch


def _require_columns(actor: Actor, batch: ImportBatch) -> None:
    assert batch.service.current_id is not None
    service = compiled(actor=actor, version_id=batch.service.current_id).service
    known = looking_through.targets_of(looking_through.sheet_of(batch), service)
    missing = ", ".join(str(one.title) for one in columns.missing(known, batch.columns))
    if missing:
        raise imports.ColumnsMissing(f"No column is called like these fields: {missing}.")


def _mark(file: Path) -> str:
    """The same while nobody has written to it."""
    digest = hashlib.sha256(f"{file.name}\0{file.stat().st_mtime_ns}\0".encode())
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _put_aside(file: Path, now: datetime, where: str, report: str, left_out: str = "") -> None:
    """Once it is certain what became of it. Never over another file."""
    place = file.parent / where
    place.mkdir(exist_ok=True)
    target = place / file.name
    if target.exists():
        target = place / f"{now:%Y%m%dT%H%M%S%f}-{file.name}"
    target.with_name(f"{target.name}.report.txt").write_text(
        f"{now.isoformat()}\n{report}\n", encoding="utf-8"
    )
    if left_out:
        target.with_name(f"{target.name}.rejected.csv").write_text(left_out, encoding="utf-8")
    file.replace(target)
