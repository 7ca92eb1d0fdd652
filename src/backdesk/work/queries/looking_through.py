"""A file of items looked through before any is created: what would be, what is there already, what is wrong where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any, Final

from backdesk.desks.services import Service
from backdesk.platform import files, spreadsheets
from backdesk.platform.spreadsheets import Fault, Row, Sheet
from backdesk.platform.spreadsheets import UnreadableSheet as UnreadableSheet
from backdesk.work.models import ImportBatch, Item
from backdesk.work.queries import columns, receipts
from backdesk.work.queries.columns import Problem, Read
from backdesk.work.queries.keys import key_for

#: Lines with problems that are shown at once; all of them are in the file of rejects afterwards.
SHOWN: Final = 200
AT_ONCE: Final = 1_000

Progress = Callable[[float, str], None]


def sheet_of(batch: ImportBatch) -> Sheet:
    """Raises `UnreadableSheet`."""
    return spreadsheets.read(files.path_of(batch.file), name=batch.file.name)


def headings(sheet: Sheet) -> tuple[str, ...]:
    """Lines of JSON have no head; what their first ones name stands for it."""
    if sheet.kind != "jsonl":
        return sheet.columns
    rows = (row for row in islice(sheet.rows(), SHOWN) if isinstance(row, Row))
    return tuple(dict.fromkeys(name for row in rows for name in row.values))


def targets_of(sheet: Sheet, service: Service) -> tuple[columns.Target, ...]:
    return columns.targets(service, whole=sheet.kind == "jsonl")


def lines_of(batch: ImportBatch, service: Service, *, after: int = 0) -> Iterator[Read]:
    """The lines behind one, read with the columns confirmed. Raises `UnreadableSheet`, `TooManyRows`."""
    sheet = sheet_of(batch)
    for row in sheet.rows():
        if row.line <= after:
            continue
        if isinstance(row, Fault):
            yield Read(line=row.line, values={}, problems=(Problem(field="", says=row.says),))
            continue
        yield columns.read(
            service, line=row.line, cells=row.values, columns=batch.columns, whole=sheet.kind == "jsonl"
        )


def look_through(
    *, batch: ImportBatch, service: Service, now: datetime, progress: Progress
) -> dict[str, Any]:
    """Counts that add up (`read` is `good`, `duplicate` and `rejected` together), and the first problems."""
    counts: Counter[str] = Counter(read=0, good=0, duplicate=0, rejected=0)
    problems: list[list[Any]] = []
    seen: dict[str, int] = {}
    lines = (_as_received(one, service, now) for one in lines_of(batch, service))
    while chunk := list(islice(lines, AT_ONCE)):
        keys = [key_in(service, one) for one in chunk]
        there = _there(batch, keys)
        for line, key in zip(chunk, keys, strict=True):
            outcome, told = _outcome(line, key, seen, there)
            counts[outcome] += 1
            problems += told[: max(SHOWN - len(problems), 0)]
        counts["read"] += len(chunk)
        progress(0.5, "")
    return {**counts, "problems": problems}


def key_in(service: Service, line: Read) -> str:
    return key_for(service, line.values, given=str(line.about.get("business_key", "")))


def _as_received(line: Read, service: Service, now: datetime) -> Read:
    early = receipts.too_early(line.about.get("received_at"), now=now)
    return replace(line, problems=(*line.problems, *columns.named(service, early))) if early else line


def _outcome(line: Read, key: str, seen: dict[str, int], there: set[str]) -> tuple[str, list[list[Any]]]:
    """And each problem as line, field, what would be right; of a duplicate also where the other one is."""
    if line.problems:
        return "rejected", [[line.line, one.field, one.says] for one in line.problems]
    if not key:
        return "good", []
    if key in there:
        return "duplicate", [[line.line, key, "there"]]
    first = seen.setdefault(key, line.line)
    return ("good", []) if first == line.line else ("duplicate", [[line.line, key, first]])


def _there(batch: ImportBatch, keys: Iterable[str]) -> set[str]:
    """Those of these business keys the service has an item of already."""
    asked = {key for key in keys if key}
    known = Item.objects.filter(service_id=batch.service_id, business_key__in=asked)
    return set(known.exclude(state=Item.State.CANCELLED).values_list("business_key", flat=True))
