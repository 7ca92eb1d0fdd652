"""Cut delimited text into records, and say of each on which physical line it starts.

The good paths are vectorised. A block of text whose every row stands on one line with all its fields goes to polars at
once. Any other is surveyed with numpy first (newlines, delimiters and quotes by their positions). Text whose quotes
are out of order takes the exact path through Python's csv module, from there to the file's end. All give the
same rows.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, Final

import numpy as np
import polars as pl

from backdesk.evidence.eventlog import reasons
from backdesk.evidence.eventlog.errors import UnreadableFile
from backdesk.evidence.eventlog.tables import Reject
from backdesk.evidence.sentences import say

EXACT_ROWS: Final = 50_000
RECOVERIES: Final = 1000
QUOTE, NEWLINE, RETURN = (ord(character) for character in '"\n\r')
_END: Final = "\0\n"  # fed after the last line: a row that swallows it was never closed

Positions = np.ndarray[Any, np.dtype[np.int64]]
Bytes = np.ndarray[Any, np.dtype[np.uint8]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns of a delimited file, and those of them that are kept, as text where no type is said."""

    delimiter: str
    names: tuple[str, ...]
    kept: tuple[str, ...]
    types: Mapping[str, pl.DataType] = field(default_factory=dict)

    @property
    def places(self) -> list[int]:
        """Where the kept columns stand."""
        return [self.names.index(name) for name in self.kept]

    def type_of(self, name: str) -> pl.DataType:
        """Give the type in which a column is held."""
        return self.types.get(name, pl.String())

    def no_rows(self) -> pl.DataFrame:
        """Give the frame of no rows."""
        return pl.DataFrame(schema={name: self.type_of(name) for name in self.kept})


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some consecutive rows: the kept columns as text, the line each starts on, and the broken rows."""

    frame: pl.DataFrame
    lines: pl.Series
    rejects: list[Reject]


def batches(blocks: Iterable[bytes], layout: Layout, *, header_lines: int) -> Iterator[Batch]:
    """Give the rows of a text in UTF-8 whose every block ends with a newline."""
    rest = iter(blocks)
    pending, line = _after_header(rest, header_lines), header_lines + 1
    while pending := b"".join((pending, *islice(rest, 1))) if pending else next(rest, b""):
        if regular := _regular(pending, layout, line):
            yield regular
            pending, line = b"", line + regular.frame.height
            continue
        survey = _survey(pending, layout.delimiter)
        if survey is None or not (batch := _batch(survey, layout, line)):
            yield from exact_batches(_text_lines(chain([pending], rest)), layout, first_line=line)
            return
        yield batch
        pending = pending[survey.size :]
        line += survey.newlines.size


def exact_batches(lines: Iterator[str], layout: Layout, *, first_line: int) -> Iterator[Batch]:
    """Give the rows of lines that each end with a newline, through the csv module."""
    gathered = _Gathered(layout)
    for item in _exact_rows(lines, layout.delimiter, first_line):
        gathered.add(item)
        if len(gathered.rows) >= EXACT_ROWS:
            yield gathered.batch()
            gathered = _Gathered(layout)
    yield gathered.batch()


def _regular(text: bytes, layout: Layout, first_line: int) -> Batch | None:
    """Make the frame where each line is a row with all its fields and no quote: the marks alone show that."""
    row = layout.delimiter.encode() * (len(layout.names) - 1) + b"\n"
    marks = text.translate(None, bytes({*range(256)} - {*row, QUOTE}))
    rows = len(marks) // len(row)
    if marks != row * rows:
        return None
    frame = _frame(text, layout)
    lines = pl.int_range(first_line, first_line + rows, dtype=pl.UInt32, eager=True)
    return Batch(frame=frame, lines=lines, rejects=[]) if frame.height == rows else None


@dataclass(frozen=True, slots=True)
class _Survey:
    """Where things are in a piece of text that ends with a record."""

    text: Bytes
    newlines: Positions  # all of them
    starts: Positions  # of the records
    ends: Positions  # the newline that ends each record
    fields: Positions  # how many each record has
    size: int


def _survey(data: bytes, delimiter: str) -> _Survey | None:
    """Find the records; None where quotes are out of order, or where no record ends."""
    text = np.frombuffer(data, np.uint8)
    newlines = np.flatnonzero(text == NEWLINE)
    delimiters = np.flatnonzero(text == ord(delimiter))
    ends = newlines
    if b'"' in data:
        quotes = np.flatnonzero(text == QUOTE)
        ends = _outside(newlines, quotes)
        if not ends.size:
            return None
        if not _in_order(text, quotes[: np.searchsorted(quotes, ends[-1])], ord(delimiter)):
            return None
        delimiters = _outside(delimiters, quotes)
    if not ends.size:
        return None
    size = int(ends[-1]) + 1
    starts = np.concatenate(([0], ends[:-1] + 1))
    before = np.searchsorted(delimiters, ends)
    fields = np.diff(before, prepend=0) + 1
    return _Survey(text[:size], newlines[newlines < size], starts, ends, fields, size)


def _outside(positions: Positions, quotes: Positions) -> Positions:
    """Keep the positions that stand outside quotes: an even number of quotes is before them."""
    kept: Positions = positions[np.searchsorted(quotes, positions) % 2 == 0]
    return kept


def _in_order(text: Bytes, quotes: Positions, delimiter: int) -> bool:
    """Check that every quote opens a field, closes one, or is half of a doubled one."""
    opening, closing = quotes[0::2], quotes[1::2]
    before = text[opening[opening > 0] - 1]
    after = text[closing + 1]  # a newline follows the last one at the latest
    opens = np.isin(before, (delimiter, NEWLINE, QUOTE))
    closes = np.isin(after, (delimiter, NEWLINE, RETURN, QUOTE))
    return bool(opens.all() and closes.all())


def _batch(survey: _Survey, layout: Layout, first_line: int) -> Batch | None:
    """Make the frame; None where polars sees other rows than the survey did."""
    lengths = survey.ends - survey.starts
    blank = (lengths == 0) | ((lengths == 1) & (survey.text[survey.starts] == RETURN))
    ragged = (survey.fields != len(layout.names)) & ~blank
    good = ~(blank | ragged)
    text = survey.text if good.all() else survey.text[np.repeat(good, lengths + 1)]
    lines = first_line + np.searchsorted(survey.newlines, survey.starts)
    frame = _frame(text.tobytes(), layout)
    if frame.height != int(good.sum()):
        return None
    rejects = [
        _ragged(int(lines[place]), _decoded(survey, place), int(survey.fields[place]), layout)
        for place in np.flatnonzero(ragged)
    ]
    return Batch(frame=frame, lines=pl.Series(lines[good], dtype=pl.UInt32), rejects=rejects)


def _frame(text: bytes, layout: Layout) -> pl.DataFrame:
    if not text:
        return layout.no_rows()
    places = sorted(layout.places)
    read = pl.read_csv(
        text,
        has_header=False,
        separator=layout.delimiter,
        schema={f"column_{place}": layout.type_of(name) for place, name in enumerate(layout.names)},
        columns=places,
    )
    read.columns = [layout.names[place] for place in places]
    return pl.DataFrame([read[name] for name in layout.kept])  # a name may look like a pattern


def _decoded(survey: _Survey, place: np.int64) -> str:
    piece = survey.text[survey.starts[place] : survey.ends[place]].tobytes()
    return piece.decode("utf-8", "replace").rstrip("\r")


def _ragged(line: int, value: str, fields: int, layout: Layout) -> Reject:
    reason = reasons.RAGGED.format(fields, len(layout.names), repr(layout.delimiter))
    return Reject(line, "row", value, reason)


def _after_header(blocks: Iterator[bytes], header_lines: int) -> bytes:
    pending, place = b"", 0
    for _ in range(header_lines):
        while (found := pending.find(b"\n", place)) < 0:
            block = next(blocks, None)
            if block is None:
                return b""
            pending += block
        place = found + 1
    return pending[place:]


def _text_lines(blocks: Iterable[bytes]) -> Iterator[str]:
    for block in blocks:
        for line in block.decode("utf-8", "replace").split("\n")[:-1]:
            yield line + "\n"


@dataclass(slots=True)
class _Gathered:
    """Rows of the exact path on their way into a batch."""

    layout: Layout
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)

    def add(self, item: tuple[int, list[str]] | Reject) -> None:
        if isinstance(item, Reject):
            self.rejects.append(item)
            return
        line, row = item
        if len(row) == len(self.layout.names):
            self.rows.append(row)
            self.lines.append(line)
        elif row:
            self.rejects.append(_ragged(line, self.layout.delimiter.join(row), len(row), self.layout))

    def batch(self) -> Batch:
        columns = list(zip(*self.rows, strict=True)) or [()] * len(self.layout.names)
        frame = pl.DataFrame(
            {name: columns[place] for name, place in zip(self.layout.kept, self.layout.places, strict=True)},
            schema=self.layout.no_rows().schema,
        )
        return Batch(frame=frame, lines=pl.Series(self.lines, dtype=pl.UInt32), rejects=self.rejects)


def _exact_rows(
    lines: Iterator[str], delimiter: str, first_line: int
) -> Iterator[tuple[int, list[str]] | Reject]:
    feed = _Feed(lines, first_line)
    for _ in range(RECOVERIES):
        try:
            for row in csv.reader(feed, delimiter=delimiter, skipinitialspace=True):
                if feed.held[-1] == _END:
                    break
                yield feed.line, row
                feed.forget()
        except csv.Error:  # a field beyond the module's limit: its quote was never closed
            pass
        if feed.held[0] == _END:
            return
        yield Reject(
            feed.line,
            "row",
            feed.held[0].rstrip("\n"),
            reasons.UNCLOSED,
        )
        feed.resume_after_first()
    raise UnreadableFile(
        say(
            "More than {} double quotes are never closed, the last on line {}; double the quotes that are part of a "
            "text, or export again with quoting.",
            str(RECOVERIES),
            str(feed.line - 1),
        )
    )


class _Feed:
    """Feed lines to a csv reader, remember those of the row being read, and go back where a row fails."""

    def __init__(self, lines: Iterator[str], first_line: int) -> None:
        self.line = first_line
        self.held: list[str] = []
        self._returned: deque[str] = deque()
        self._lines = lines

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else next(self._lines, _END)
        self.held.append(line)
        return line.replace("\r", " ") if "\r" in line[:-2] else line

    def forget(self) -> None:
        """Go on: the lines held made a whole row."""
        self.line += len(self.held)
        self.held.clear()

    def resume_after_first(self) -> None:
        """Go back to the line after the first one held."""
        self._returned.extendleft(reversed([line for line in self.held[1:] if line != _END]))
        self.held.clear()
        self.line += 1
