"""What was not created of a file: the lines as they stand there, each with the reason."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from backdesk.evidence.eventlog import safe_cell
from backdesk.platform.spreadsheets import Row
from backdesk.work.models import ImportBatch, ImportLine
from backdesk.work.queries import looking_through
from backdesk.work.queries.looking_through import SHOWN

Shown = Mapping[str, Any]


def found(batch: ImportBatch) -> list[Shown]:
    """What looking through the file came upon, as far as it is kept."""
    return [_shown(line, field, says) for line, field, says in batch.found.get("problems", ())]


def shown(batch: ImportBatch) -> list[Shown]:
    """The first of the lines that were not created."""
    rows: list[Shown] = []
    for mark in _marks(batch).select_related("item")[:SHOWN]:
        if mark.outcome == ImportLine.Outcome.DUPLICATE:
            rows.append({"line": mark.line, "field": "", "says": _reason(mark)})
        rows += [{"line": mark.line, "field": field, "says": says} for field, says in mark.problems]
    return rows


def as_csv(batch: ImportBatch) -> Iterator[str]:
    """Line by line: the same columns, then the reason; what a spreadsheet would run is made harmless."""
    marks = iter(_marks(batch).select_related("item").iterator(chunk_size=2_000))
    sheet = looking_through.sheet_of(batch)
    names = looking_through.headings(sheet)
    yield "\ufeff" + _line([*names, _("line"), _("reason")])
    mark = next(marks, None)
    for row in sheet.rows():
        while mark is not None and mark.line < row.line:
            mark = next(marks, None)
        if mark is None:
            return
        if mark.line == row.line:
            cells = row.values if isinstance(row, Row) else {}
            yield _line([*(_text(cells.get(name)) for name in names), str(row.line), _reason(mark)])


def _marks(batch: ImportBatch) -> Any:
    return ImportLine.objects.filter(batch=batch).exclude(outcome=ImportLine.Outcome.CREATED).order_by("line")


def _reason(mark: ImportLine) -> str:
    if mark.outcome == ImportLine.Outcome.DUPLICATE:
        key = mark.item.business_key if mark.item else ""
        return _("an item “%(key)s” is there already") % {"key": key}
    return "; ".join(f"{field}: {says}" if field else says for field, says in mark.problems)


def _shown(line: int, field: str, says: str | int) -> Shown:
    """Of a duplicate the field is its key, and what is said the line that has it too."""
    if says == "there":
        return {"line": line, "field": "", "says": _("An item “%(key)s” is there already.") % {"key": field}}
    if isinstance(says, int):
        of = {"key": field, "line": says}
        return {"line": line, "field": "", "says": _("“%(key)s” stands in line %(line)s already.") % of}
    return {"line": line, "field": field, "says": says}


def _line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([safe_cell(cell) for cell in cells])
    return text.getvalue()


def _text(value: Any) -> str:
    return (
        json.dumps(value, default=str, ensure_ascii=False)
        if isinstance(value, dict | list)
        else str(value or "")
    )
