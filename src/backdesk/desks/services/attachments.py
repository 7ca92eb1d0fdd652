"""The files of a service that are taken as they are: the procedure, its pictures, and lookups."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Final

from backdesk.desks.services.definition import Problem
from backdesk.desks.services.fields import Lookup, near

MOST_FILES: Final = 200
LARGEST: Final = 20_000_000
"""Bytes of all files together."""
LARGEST_PICTURE: Final = 2_000_000
LARGEST_PROCEDURE: Final = 256_000
LARGEST_LOOKUP: Final = 5_000_000
MOST_ROWS: Final = 50_000

_FILES: Final = (
    "service.toml",
    "process.bpmn",
    "input.schema.json",
    "output.schema.json",
    "procedure.md",
    "checks.toml",
)
_PLACES: Final = re.compile(
    r"pictures/[A-Za-z0-9][\w.\-]{0,80}\.(png|jpe?g|webp)|lookups/[a-z][a-z0-9_]{0,39}\.csv", re.ASCII
)
_SIGNS: Final = {
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "jpg": re.compile(rb"\xff\xd8\xff"),
    "jpeg": re.compile(rb"\xff\xd8\xff"),
    "webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
}
_PICTURE: Final = re.compile(r"!\[[^\]\n]*\]\(\s*<?([^)\s>]*)")
_COLUMN: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


def misplaced(files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Find files that are no part of a service, or are too large together (then the problem names no file).

    >>> [str(problem) for problem in misplaced({"../process.bpmn": b""})]
    ['../process.bpmn: The path leads out of the folder.']
    """
    total = sum(map(len, files.values()))
    if len(files) > MOST_FILES or total > LARGEST:
        says = f"These are {len(files)} files of {total:,} bytes; a service has at most {MOST_FILES} of {LARGEST:,}."
        yield Problem(file="", says=says)
    for name in files:
        if name not in _FILES and not _PLACES.fullmatch(name):
            yield Problem(file=name[:200], says=_instead(name))


def _instead(name: str) -> str:
    if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name:
        return "The path leads out of the folder."
    if name.startswith("pictures/"):
        return "Pictures are .png, .jpg or .webp, with a plain name; SVG can hold scripts, save it as PNG."
    if name.startswith("lookups/"):
        return "Lookups are .csv, named with a-z, 0-9 and _."
    known = f"{', '.join(_FILES)}, pictures/ and lookups/"
    return f"This is no part of a service{near(name, _FILES)} There may be {known}."


def pictures(files: Mapping[str, bytes], problems: list[Problem]) -> dict[str, bytes]:
    """Return the pictures by their names, and keep what is wrong with them.

    >>> found = []
    >>> pictures({"pictures/a.png": b"<svg>"}, found), found[0].says
    ({}, 'This is no png; save it as one.')
    """
    found = {}
    for path, data in sorted(files.items()):
        name, kind = path.removeprefix("pictures/"), path.rpartition(".")[2]
        if not path.startswith("pictures/") or not _PLACES.fullmatch(path):
            continue
        if len(data) > LARGEST_PICTURE:
            says = f"The picture has {len(data):,} bytes; make it smaller than {LARGEST_PICTURE:,}."
            problems.append(Problem(file=path, says=says))
        elif not _SIGNS[kind].match(data):
            problems.append(Problem(file=path, says=f"This is no {kind}; save it as one."))
        else:
            found[name] = data
    return found


def procedure(files: Mapping[str, bytes], pictures: Mapping[str, bytes], problems: list[Problem]) -> str:
    """Return the procedure, and keep what is wrong with it.

    >>> found = []
    >>> text = procedure({"procedure.md": b"# Enter\\n![form](pictures/form.png)"}, {}, found)
    >>> print(found[0])
    procedure.md, line 2: There is no pictures/form.png.
    """
    text = _text("procedure.md", files, LARGEST_PROCEDURE, problems)
    if text is not None and not text.strip():
        problems.append(
            Problem(file="procedure.md", says="The procedure is empty; say how the work is done.")
        )
    for match in _PICTURE.finditer(text or ""):
        path = match[1]
        name = path.removeprefix("pictures/")
        if path == name or name not in pictures:
            says = f"There is no {path[:200]}{near(name, pictures)}"
            if path == name:
                says = f"Pictures are files in pictures/, not “{path[:200]}”."
            line = (text or "").count("\n", 0, match.start()) + 1
            problems.append(Problem(file="procedure.md", line=line, says=says))
    return text or ""


def lookups(files: Mapping[str, bytes], problems: list[Problem]) -> dict[str, Lookup]:
    """Return the lookups by their names, and keep what is wrong with them.

    >>> lookups({"lookups/suppliers.csv": b"number,name\\n1,Alder"}, [])["suppliers"].row("1")["name"]
    'Alder'
    """
    found = {}
    for path in sorted(files):
        if path.startswith("lookups/") and _PLACES.fullmatch(path):
            text = _text(path, files, LARGEST_LOOKUP, problems)
            if text is not None:
                found[path[8:-4]] = _lookup(path, text, problems)
    return found


def _lookup(path: str, text: str, problems: list[Problem]) -> Lookup:
    def problem(line: int, says: str) -> None:
        problems.append(Problem(file=path, line=line, says=says))

    rows: dict[str, tuple[str, ...]] = {}
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        columns = tuple(next(reader, []))
        if not columns or len(set(columns)) < len(columns) or not all(map(_COLUMN.fullmatch, columns)):
            problem(1, "The first line names the columns, each once, with a-z, 0-9 and _, like number,name.")
            return Lookup(columns=("key",), rows=())
        for row in filter(None, reader):
            if len(row) != len(columns):
                problem(
                    reader.line_num, f"The row has {len(row)} values; the table has {len(columns)} columns."
                )
            elif not row[0].strip() or row[0] in rows:
                problem(
                    reader.line_num,
                    f"The key “{row[0][:60]}” is empty or stands in an earlier row; give it once.",
                )
            else:
                rows[row[0]] = tuple(row)
            if len(rows) > MOST_ROWS or len(problems) > MOST_ROWS:
                problem(reader.line_num, f"A lookup has at most {MOST_ROWS:,} rows.")
                break
    except csv.Error as broken:
        problem(reader.line_num, f"This is no CSV: {broken}.")
    return Lookup(columns=columns, rows=tuple(rows.values()))


def _text(path: str, files: Mapping[str, bytes], largest: int, problems: list[Problem]) -> str | None:
    data = files.get(path)
    if data is None:
        return None
    if len(data) > largest:
        problems.append(
            Problem(file=path, says=f"The file has {len(data):,} bytes; at most {largest:,} are read.")
        )
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError as broken:
        says = f"The file is not UTF-8 (byte {broken.start + 1}); save it as UTF-8."
        problems.append(Problem(file=path, says=says))
        return None
    if "\0" in text:
        problems.append(Problem(file=path, says="The file holds a zero byte; it is no text."))
        return None
    return text
