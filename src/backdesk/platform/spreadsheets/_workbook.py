"""Write the first sheet of a workbook as lines of JSON: the row's number, and its cells as text. Run by `contained`."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum


def main() -> None:
    path, most = sys.argv[1], int(sys.argv[2])
    try:
        workbook = CalamineWorkbook.from_path(path)
        seen = [one.name for one in workbook.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
        sheet = workbook.get_sheet_by_name(seen[0])
    except (CalamineError, IndexError) as error:
        sys.stderr.write(str(error))
        raise SystemExit(3) from error
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number > most:
            return
        sys.stdout.write(json.dumps([number, [text_of(cell) for cell in row]]) + "\n")


def text_of(cell: Any) -> str:
    """As one would type it: whole numbers without a point, dates and times by ISO 8601."""
    match cell:
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case float():
            return format(cell, ".15g")
        case timedelta():
            return hours_of(cell)
        case datetime() | date() | time():
            return cell.isoformat()
    return str(cell).strip()


def hours_of(length: timedelta) -> str:
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


if __name__ == "__main__":
    main()
