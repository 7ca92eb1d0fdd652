"""Tables that people bring and take along: CSV, Excel workbooks and JSON lines.

Read row by row with the line each stands in, broken rows told beside the good ones::

    sheet = spreadsheets.read(path, name="orders.xlsx", limit=100_000)
    for row in sheet.rows():
        if isinstance(row, Fault): ...

and written so that a spreadsheet takes no text for a formula.
"""

from backdesk.platform.spreadsheets.reading import (
    Fault,
    Kind,
    Row,
    Sheet,
    TooManyRows,
    UnreadableSheet,
    read,
)
from backdesk.platform.spreadsheets.writing import write_csv, write_xlsx

__all__ = [
    "Fault",
    "Kind",
    "Row",
    "Sheet",
    "TooManyRows",
    "UnreadableSheet",
    "read",
    "write_csv",
    "write_xlsx",
]
