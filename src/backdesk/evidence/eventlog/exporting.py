"""Write tables that people open in a spreadsheet, without handing it a formula."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final, TextIO

import polars as pl

# What a spreadsheet takes for the start of a formula, also in full width, or skips before looking for one.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """Make a text harmless as a cell of a CSV file: one that a spreadsheet would run gets an apostrophe.

    Source: OWASP, "CSV Injection". Numbers are to be written as numbers, not through this.

    >>> safe_cell("=HYPERLINK(A1)"), safe_cell("Zoë"), safe_cell("")
    ("'=HYPERLINK(A1)", 'Zoë', '')
    """
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def write_rejects_csv(rejects: pl.DataFrame, *, target: Path | TextIO) -> None:
    """Write rejects (schema `REJECTS`) as CSV, every cell safe for spreadsheets.

    A path gets UTF-8 with its mark, so that a spreadsheet shows names of any script; an open text file
    gets the text alone.

    >>> import io
    >>> from backdesk.evidence.eventlog import REJECTS
    >>> rows = pl.DataFrame([(3, "Done", "=1+1", "No time.")], schema=REJECTS, orient="row")
    >>> stream = io.StringIO()
    >>> write_rejects_csv(rows, target=stream)
    >>> stream.getvalue().splitlines()
    ['line,field,value,reason', "3,Done,'=1+1,No time."]
    """
    if isinstance(target, Path):
        with target.open("w", encoding="utf-8-sig", newline="") as stream:
            write_rejects_csv(rejects, target=stream)
        return
    writer = csv.writer(target)
    writer.writerow(rejects.columns)
    for line, *texts in rejects.iter_rows():
        writer.writerow([line, *(safe_cell(text or "") for text in texts)])
