"""A table as a file for a spreadsheet: the rows as filtered and sorted, the columns as chosen.

Its values are for programs, whatever the reader's language: unrounded, with a point before decimals. Times are in
ISO 8601 with their offset; in a workbook, which knows none, on the reader's clock, whose zone stands in the head.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import PurePath
from typing import Any, Final

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from backdesk.platform import spreadsheets
from backdesk.platform.web import formats
from backdesk.platform.web.tables.columns import Column
from backdesk.platform.web.tables.table import Table

_UNITS: Final = {"duration": "s", "hours": "h"}
_CSV: Final = "text/csv; charset=utf-8"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = Callable[[Column, Any], Any]


def file_response(*, table: Table, filename: str) -> HttpResponse:
    """In the format the address asks for; `table` made with that state, so that it holds all rows and not a page."""
    is_workbook = table.state.export == "xlsx"
    content = xlsx_bytes(table) if is_workbook else csv_text(table).encode()
    response = HttpResponse(content, content_type=_XLSX if is_workbook else _CSV)
    name = str(PurePath(filename).with_suffix(".xlsx")) if is_workbook else filename
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


def csv_text(table: Table) -> str:
    text = io.StringIO()
    spreadsheets.write_csv(
        text, columns=[_title(column) for column in table.shown], rows=_rows(table, _text_of)
    )
    return text.getvalue()


def xlsx_bytes(table: Table) -> bytes:
    target = io.BytesIO()
    columns = [_title(column, zone=formats.zone_name()) for column in table.shown]
    spreadsheets.write_xlsx(target, columns=columns, rows=_rows(table, _value_of), sheet=table.name)
    return target.getvalue()


def _rows(table: Table, cell: Cell) -> Iterator[list[Any]]:
    """The last line says what was left out."""
    for row in table.rows:
        yield [cell(column, column.value_in(row)) for column in table.shown]
    if table.total > len(table.rows):
        left_out = _(
            "Only the first %(shown)s of %(total)s rows are in this file: filter the table to get fewer."
        )
        yield [left_out % {"shown": formats.number(len(table.rows)), "total": formats.number(table.total)}]


def _title(column: Column, *, zone: str = "") -> str:
    unit = _UNITS.get(column.kind) or column.shown_unit or (zone if column.kind == "time" else "")
    return f"{column.title} ({unit})" if unit else str(column.title)


def _text_of(column: Column, value: Any) -> Any:
    value = _value_of(column, value)
    return value.isoformat() if isinstance(value, datetime) else value


def _value_of(column: Column, value: Any) -> Any:
    if not formats.is_known(value):
        return None
    if column.kind == "share":
        return Decimal(f"{float(value) * 100:.10g}")
    return timezone.localtime(value) if isinstance(value, datetime) else value
