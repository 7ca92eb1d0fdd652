"""Rows as a file for a spreadsheet. Numbers stay numbers, times stay times, and no text becomes a formula."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO, Final, TextIO

_LONGEST: Final = 32_767
_DIGITS: Final = 15


def write_csv(target: TextIO, *, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """With a byte-order mark, without which spreadsheets misread names."""
    target.write("\ufeff")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([_plain(name) for name in columns])
    writer.writerows([_plain(value) for value in row] for row in rows)


def write_xlsx(
    target: BinaryIO, *, columns: Sequence[str], rows: Iterable[Sequence[Any]], sheet: str = ""
) -> None:
    """A row in memory at a time. Texts stay texts, whatever they look like; times stay as they are, without a zone."""
    import xlsxwriter  # half as long as all of Django, and seldom asked for

    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"}
    with xlsxwriter.Workbook(target, options) as book:
        page = book.add_worksheet(_sheet_name(sheet) or None)
        head, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        page.freeze_panes(1, 0)
        for place, name in enumerate(columns):
            page.write_string(0, place, name[:_LONGEST], head)
            page.set_column(place, place, min(max(len(name) + 2, 12), 40))
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                _write(page, number, place, value, day)


def _write(page: Any, row: int, place: int, value: Any, day: Any) -> None:
    match value:
        case None:
            pass
        case bool():
            page.write_boolean(row, place, value)
        case int() | float() | Decimal() if _is_exact(value):
            page.write_number(row, place, value)
        case datetime():
            page.write_datetime(row, place, value.replace(tzinfo=None))
        case date():
            page.write_datetime(row, place, value, day)
        case _:
            page.write_string(row, place, _fitting(str(value)))


def _is_exact(value: float | Decimal) -> bool:
    """What a spreadsheet would round stays text: it keeps fifteen digits."""
    if isinstance(value, float):
        return math.isfinite(value)
    return Decimal(value).is_finite() and len(Decimal(value).normalize().as_tuple().digits) <= _DIGITS


def _fitting(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _plain(value: Any) -> str:
    from backdesk.evidence.eventlog.exporting import safe_cell

    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else safe_cell(str(value))


def _sheet_name(name: str) -> str:
    """What Excel allows of it."""
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in name)[:31].strip()
