"""A table as a file for a spreadsheet: the rows as filtered and sorted, the columns as chosen.

Its values are for programs, whatever the reader's language: unrounded, with a point before decimals, times in ISO 8601.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from backdesk.platform.web import formats
from backdesk.platform.web.tables.columns import Column
from backdesk.platform.web.tables.table import Table

_UNITS = {"duration": "s", "hours": "h"}


def csv_response(*, table: Table, filename: str) -> HttpResponse:
    """`table` made with a state whose `export` is set, so that it holds all rows and not a page of them."""
    response = HttpResponse(csv_text(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename) or ""
    return response


def csv_text(table: Table) -> str:
    """With a byte-order mark, without which spreadsheets misread names; the last line says what was left out."""
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_title(column) for column in table.shown)
    for row in table.rows:
        writer.writerow(_cell(column, column.value_in(row)) for column in table.shown)
    if table.total > len(table.rows):
        left_out = _(
            "Only the first %(shown)s of %(total)s rows are in this file: filter the table to get fewer."
        )
        writer.writerow(
            [left_out % {"shown": formats.number(len(table.rows)), "total": formats.number(table.total)}]
        )
    return text.getvalue()


def _title(column: Column) -> str:
    unit = _UNITS.get(column.kind) or column.shown_unit
    return f"{column.title} ({unit})" if unit else str(column.title)


def _cell(column: Column, value: Any) -> str:
    """Words are made harmless (a spreadsheet would run them as formulas); a negative number stays a number."""
    from backdesk.evidence.eventlog.exporting import safe_cell

    return _plain(column, value) if column.is_numeric else safe_cell(_plain(column, value))


def _plain(column: Column, value: Any) -> str:
    if not formats.is_known(value):
        return ""
    if column.kind == "share":
        return f"{float(value) * 100:.10g}"
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    return str(value)
