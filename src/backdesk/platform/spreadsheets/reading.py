"""Rows of a file, whatever its kind, as they come: a row in memory at a time."""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal, NoReturn

from django.utils.translation import gettext as _

from backdesk.platform import contained
from backdesk.platform.contained import Bounds
from backdesk.platform.errors import Refused

Kind = Literal["csv", "xlsx", "jsonl"]
LIMIT: Final = 100_000
_WORKBOOK: Final = Path(__file__).with_name("_workbook.py")
_BOUNDS: Final = Bounds(memory=1_500_000_000, seconds=120)
_DELIMITERS: Final = (",", ";", "\t", "|")
_HEAD: Final = 1 << 16
_LONGEST_LINE: Final = 2_000_000
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class UnreadableSheet(Refused):
    """The file is no table, or not one that can be read."""


class TooManyRows(Refused):
    """A file has more rows than are read at once."""

    status = 413


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`values` by the names of the columns: text as it stands, a date as 2026-03-02, a number with a point.

    Of JSON lines what they say: numbers with decimals as `Decimal`, objects and lists as such.
    """

    line: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A row that cannot be read, and why."""

    line: int
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """`columns` in the order of the file; JSON lines have none of their own."""

    kind: Kind
    columns: tuple[str, ...]
    rows: Callable[[], Iterator[Row | Fault]]


_Cells = tuple[int, Sequence[str]]


def read(path: Path, *, name: str, limit: int = LIMIT) -> Sheet:
    """What kind of file it is, is seen from what it holds; `name` is only what messages call it."""
    with path.open("rb") as file:
        start = file.read(_HEAD)
    if start.startswith(b"PK\x03\x04"):
        return _sheet("xlsx", name, limit, lambda: _of_workbook(path, name, limit))
    if start.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise UnreadableSheet(
            _("%(name)s is no table that can be read. Save it as .xlsx or as CSV.") % {"name": name}
        )
    encoding = _encoding(path, start, name)
    if start.lstrip(codecs.BOM_UTF8 + b" \t\r\n").startswith(b"{"):
        return Sheet(kind="jsonl", columns=(), rows=lambda: _of_lines(path, encoding, name, limit))
    return _sheet("csv", name, limit, lambda: _of_csv(path, encoding, start))


def _sheet(kind: Kind, name: str, limit: int, cells: Callable[[], Iterator[_Cells | Fault]]) -> Sheet:
    """Read to the head, for the columns; the rows are read anew when they are asked for."""
    found = cells()
    head = _header(found, name)
    return Sheet(kind=kind, columns=head, rows=lambda: _rows(cells(), name, limit))


def _header(found: Iterator[_Cells | Fault], name: str) -> tuple[str, ...]:
    for one in found:
        if isinstance(one, Fault):
            raise UnreadableSheet(
                _("%(name)s, line %(line)s: %(says)s") % {"name": name, "line": one.line, "says": one.says}
            )
        line, cells = one
        if any(cell.strip() for cell in cells):
            return _names(line, cells, name)
    raise UnreadableSheet(
        _("%(name)s is empty. Its first row names the columns, the rows beneath it hold them.")
        % {"name": name}
    )


def _names(line: int, cells: Sequence[str], name: str) -> tuple[str, ...]:
    width = max(place for place, cell in enumerate(cells, start=1) if cell.strip())
    names = [cell.strip() or f"column {place}" for place, cell in enumerate(cells[:width], start=1)]
    for place, one in enumerate(names):
        if one in names[:place]:
            raise UnreadableSheet(
                _(
                    "%(name)s, line %(line)s: two columns are called “%(column)s” (%(one)s and %(other)s). "
                    "Give each a name of its own."
                )
                % {"name": name, "line": line, "column": one, "one": names.index(one) + 1, "other": place + 1}
            )
    return tuple(names)


def _rows(found: Iterator[_Cells | Fault], name: str, limit: int) -> Iterator[Row | Fault]:
    names, count = _header(found, name), 0
    for one in found:
        if not isinstance(one, Fault) and not any(one[1]):
            continue
        count += 1
        _require_within(count, limit, name)
        yield one if isinstance(one, Fault) else _row(*one, names)


def _row(line: int, cells: Sequence[str], names: tuple[str, ...]) -> Row | Fault:
    if len(cells) < len(names):
        cells = [*cells, *[""] * (len(names) - len(cells))]
    if any(cells[len(names) :]):
        return Fault(
            line=line,
            says=f"The row has {len(cells)} cells, the head {len(names)}. "
            "Perhaps a text with a comma is not in quotes.",
        )
    return Row(line=line, values=dict(zip(names, cells, strict=False)))


def _require_within(count: int, limit: int, name: str) -> None:
    if count > limit:
        raise TooManyRows(
            _("%(name)s has more than %(limit)s rows. Cut it in several files.")
            % {"name": name, "limit": f"{limit:,}"}
        )


def _of_csv(path: Path, encoding: str, start: bytes) -> Iterator[_Cells | Fault]:
    delimiter = _delimiter(start.decode(encoding, errors="replace"))
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        rows, line = csv.reader(file, delimiter=delimiter), 1
        while True:
            try:
                cells = next(rows, None)
            except csv.Error as error:
                yield Fault(line=line, says=_broken(error))
                cells = []
            if cells is None:
                return
            if cells and not (line == 1 and _names_delimiter(cells)):
                yield line, [cell.strip() for cell in cells]
            line = rows.line_num + 1


def _broken(error: csv.Error) -> str:
    if "field limit" in str(error):
        return f"A cell of this row has more than {csv.field_size_limit():,} characters. Perhaps a quote is not closed."
    return f"The row cannot be read: {error}."


def _names_delimiter(cells: Sequence[str]) -> bool:
    """Excel's own first line, "sep=;"."""
    return cells[0].lower().startswith("sep=")


def _delimiter(text: str) -> str:
    """The one Excel names, or that which stands most often in the first line outside of quotes."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.lower().startswith("sep=") and len(first) > 4:
        return first[4]
    unquoted = "".join(first.split('"')[::2])
    return max(_DELIMITERS, key=unquoted.count)


def _encoding(path: Path, start: bytes, name: str) -> str:
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    if b"\0" in start:
        raise UnreadableSheet(
            _("%(name)s is no text and no workbook. Read are CSV, .xlsx and JSON lines.") % {"name": name}
        )
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"  # what Windows writes where it does not write UTF-8
    return "utf-8"


def _of_lines(path: Path, encoding: str, name: str, limit: int) -> Iterator[Row | Fault]:
    with path.open(encoding=encoding, errors="replace") as file:
        count = 0
        for number in range(1, 1 << 62):
            line = file.readline(_LONGEST_LINE)
            if not line:
                return
            if not line.strip():
                continue
            count += 1
            _require_within(count, limit, name)
            yield _object(number, line)


def _object(number: int, line: str) -> Row | Fault:
    try:
        values = json.loads(line, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        where = f" at character {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        return Fault(line=number, says=f"The line is no JSON{where}. Each line holds one object: {{…}}.")
    if not isinstance(values, dict):
        return Fault(line=number, says="The line holds no object. Each line holds one: {…}.")
    return Row(line=number, values=values)


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _of_workbook(path: Path, name: str, limit: int) -> Iterator[_Cells | Fault]:
    """As another process reads it: a workbook of a few kilobytes can ask for any amount of memory."""
    written = contained.lines(_WORKBOOK, str(path), str(limit * 2 + 1000), bounds=_BOUNDS)
    try:
        for line in written:
            number, cells = json.loads(line)
            yield number, cells
    except contained.TookTooMuch:
        raise UnreadableSheet(
            _(
                "%(name)s unpacks to more than can be read. Delete what stands far from the table, or save it as CSV."
            )
            % {"name": name}
        ) from None
    except contained.FileAtFault:
        raise UnreadableSheet(
            _("%(name)s is broken, or no Excel workbook. Save it anew as .xlsx.") % {"name": name}
        ) from None


def first(sheet: Sheet, count: int) -> list[Row | Fault]:
    """The first rows, for a look at what a file holds."""
    return list(islice(sheet.rows(), count))
