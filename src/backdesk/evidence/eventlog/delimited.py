"""Read delimited text (CSV and its kin): encoding and delimiter found, broken rows told with their line."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final

import numpy as np
import polars as pl

from backdesk.evidence.eventlog import reasons
from backdesk.evidence.eventlog.errors import FileTooLarge, NothingRead, UnreadableFile
from backdesk.evidence.eventlog.opening import READ, READING_SHARE, ByteSource, Progress, is_large
from backdesk.evidence.eventlog.records import NEWLINE, Batch, Bytes, Layout, batches, exact_batches
from backdesk.evidence.eventlog.tables import Head, Reject, Table, distinct_names
from backdesk.evidence.eventlog.threads import ahead
from backdesk.evidence.sentences import say

HEAD_BYTES: Final = 1 << 18
HEAD_ROWS: Final = 1000
LINE_LIMIT: Final = 32 << 20
CHUNK: Final = 4 << 20  # bytes read into rows at once
DELIMITERS: Final = (",", ";", "\t", "|")
FALLBACK: Final = "cp1252"
ASCII: Final = 127  # the largest byte
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a delimited file is written."""

    encoding: str
    errors: str  # what to do with bytes that are no text: "strict" or "replace"
    foreign: bool  # the head has characters beyond ASCII
    carriage_returns: bool  # lines end with CR alone
    layout: Layout
    head_lines: int  # physical lines up to and with the header


def head(path: Path) -> Head:
    """Read the columns and the first rows."""
    source = ByteSource(path)
    text = _head_text(source, path)
    style, lines = _style(text, path)
    found: list[Batch] = list(exact_batches(iter(lines), style.layout, first_line=style.head_lines + 1))
    frame = pl.concat([batch.frame for batch in found])
    filled = frame.head(HEAD_ROWS).with_columns(pl.when(pl.all() != "").then(pl.all()))
    return Head(columns=style.layout.names, frame=filled, notes=_style_notes(style))


def load(
    path: Path, columns: tuple[str, ...], *, times: Collection[str] = (), progress: Progress | None = None
) -> Table:
    """Read the columns asked for of every row, in blocks: the memory holds those columns, not the file.

    The columns that are `times` may come as they were written by the standard, a structure of `local` and `offset`.
    """
    style, lines = _style(_head_text(ByteSource(path), path), path)
    layout = replace(style.layout, kept=columns)
    if is_large(path):
        table = _load_quickly(path, replace(style, layout=layout), tuple(times), progress)
        if table is not None:
            return table
    style = replace(style, layout=replace(layout, types=_types(lines, layout)))
    try:
        return _load(path, style, progress)
    except UnicodeDecodeError:  # beyond the head
        return _load(path, _lenient(style), progress)


def _load_quickly(
    path: Path, style: Style, times: tuple[str, ...], progress: Progress | None
) -> Table | None:
    """Read what is plainly written; None of anything else."""
    from backdesk.evidence.eventlog import delimited_quick

    source = ByteSource(path)
    blocks = _Utf8Blocks(source, style, padding=delimited_quick.PADDING)
    told = partial(_tell, progress, source)
    with suppress(UnicodeDecodeError):
        read = delimited_quick.load(
            blocks, style.layout, header_lines=style.head_lines, times=times, told=told
        )
        return None if read is None else _table(style, *read, [], source, blocks)
    return None


def _types(lines: list[str], layout: Layout) -> dict[str, pl.DataType]:
    """Hold a column's different texts once each where its rows repeat them, as far as the head tells."""
    some = exact_batches(iter(lines[:HEAD_ROWS]), layout, first_line=1)
    head = pl.concat(batch.frame for batch in some)
    repeating = [column.name for column in head if 2 * column.n_unique() <= head.height]
    return {name: pl.Categorical(pl.Categories.random()) for name in repeating}


def _load(path: Path, style: Style, progress: Progress | None) -> Table:
    source = ByteSource(path)
    frames, lines, rejects = [style.layout.no_rows()], [pl.Series(dtype=pl.UInt32)], list[Reject]()
    blocks = _Utf8Blocks(source, style)
    for batch in batches(ahead(iter(blocks)), style.layout, header_lines=style.head_lines):
        frames.append(batch.frame)
        lines.append(batch.lines)
        rejects.extend(batch.rejects)
        _tell(progress, source)
    return _table(style, pl.concat(frames), pl.concat(lines), rejects, source, blocks)


def _tell(progress: Progress | None, source: ByteSource) -> None:
    if progress:  # called in the reader's thread, as it may hold what belongs to one
        progress(READING_SHARE * source.share, say("reading"))


def _table(
    style: Style,
    frame: pl.DataFrame,
    lines: pl.Series,
    rejects: list[Reject],
    source: ByteSource,
    blocks: _Utf8Blocks,
) -> Table:
    if blocks.fragment:
        rejects.append(Reject(blocks.newlines + 1, "row", blocks.fragment, reasons.CUT_ROW))
    return Table(
        frame=frame,
        lines=lines,
        columns=style.layout.names,
        rejects=tuple(rejects),
        truncated=source.broken,
        notes=_style_notes(style),
    )


class _Utf8Blocks:
    """Iterate over the text as UTF-8 in whole lines; `fragment` is the last one where the file was cut.

    Or have them lent, in memory to give back: asking the system for it anew would take longer than reading. Behind
    each lent block stands the padding, for those who look beyond its end.
    Raises UnicodeDecodeError where the text is not what its head seemed to be.
    """

    def __init__(self, source: ByteSource, style: Style, *, padding: bytes = b"") -> None:
        self.newlines = 0
        self.fragment = ""
        self._source = source
        self._style = style
        self._padding = padding
        self._free = SimpleQueue[Bytes]()

    @property
    def share(self) -> float:
        """Tell how much of the file was read."""
        return self._source.share

    def __iter__(self) -> Iterator[bytes]:
        for memory, size in self.lent():
            yield memory[:size].tobytes()
            self.give_back(memory)

    def lent(self) -> Iterator[tuple[Bytes, int]]:
        held, size, end = self._memory(), 0, 0
        for text in self._utf8():
            held = self._put(held, size, text)
            newline = text.rfind(b"\n") + 1
            end = size + newline if newline else end
            size += len(text)
            if size - end > LINE_LIMIT:
                raise self._endless(held[:end])
            if size >= CHUNK and end:
                fresh, size = self._put(self._memory(), 0, held[end:size].tobytes()), size - end
                yield self._checked(held, end)
                held, end = fresh, 0
        rest = held[end:size].tobytes()
        if rest and not self._source.broken:
            held, end = self._put(held, size, b"\n"), size + 1
        yield self._checked(held, end)
        if self._source.broken:
            self.fragment = rest.decode("utf-8", "ignore")  # cut within a character, perhaps

    def give_back(self, memory: Bytes) -> None:
        self._free.put(memory)

    def _memory(self) -> Bytes:
        try:
            return self._free.get_nowait()
        except Empty:
            return np.empty(CHUNK + CHUNK // 4, np.uint8)

    def _put(self, held: Bytes, size: int, text: bytes) -> Bytes:
        """Put text behind the bytes held, in other memory where there is no room for it and the padding."""
        end = size + len(text)
        if end + len(self._padding) > held.size:
            held = np.concatenate([held, np.empty(end + len(self._padding), np.uint8)])
        held[size:end] = np.frombuffer(text, np.uint8)
        return held

    def _utf8(self) -> Iterable[bytes]:
        style = self._style
        if (style.encoding, style.errors, style.carriage_returns) == ("utf-8", "strict", False):
            return self._source
        return (text.encode() for text in self._decoded())

    def _decoded(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self._style.encoding)(self._style.errors)
        newlines = not self._style.carriage_returns
        for block in self._source:
            text = decoder.decode(block)
            yield text if newlines else text.replace("\r", "\n")
        if not self._source.broken:
            yield decoder.decode(b"", True)

    def _checked(self, held: Bytes, end: int) -> tuple[Bytes, int]:
        held[end : end + len(self._padding)] = np.frombuffer(self._padding, np.uint8)
        text = held[:end]
        if text.max(initial=0) > ASCII:
            str(text.data, "utf-8")
        self.newlines += int(np.count_nonzero(text == NEWLINE))
        return held, end

    def _endless(self, before: Bytes) -> FileTooLarge:
        return FileTooLarge(
            say(
                "Line {} is longer than {} million bytes; a table of text has a line break after each row.",
                str(self.newlines + np.count_nonzero(before == NEWLINE) + 1),
                str(LINE_LIMIT >> 20),
            )
        )


def _head_text(source: ByteSource, path: Path) -> tuple[str, str, bool]:
    """Give the encoding, the head as text, and whether that is the whole file."""
    data = source.head(HEAD_BYTES)
    whole = len(data) < HEAD_BYTES
    encoding = _encoding(data, path)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(data)
    return encoding, text, whole


def _encoding(data: bytes, path: Path) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    if b"\0" in data:
        return _wide_encoding(data, path)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return FALLBACK
    return "utf-8"


def _wide_encoding(data: bytes, path: Path) -> str:
    """Tell UTF-16 without its mark from binary data: in text mostly one byte of two is zero."""
    sample = data[:4096]
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = sample[start::2]
        if half and half.count(0) > 0.4 * len(half) and sample[1 - start :: 2].count(0) == 0:
            return encoding
    raise UnreadableFile(
        say(
            "{} holds binary data (the first zero byte is on line {}), so it is no table of text. Read are {}.",
            path.name,
            str(data[: data.index(0)].count(10) + 1),
            READ,
        )
    )


def _style(head_text: tuple[str, str, bool], path: Path) -> tuple[Style, list[str]]:
    """Find how the file is written; gives the head's lines after the header as well."""
    encoding, text, whole = head_text
    carriage_returns = "\n" not in text and "\r" in text
    lines = (text.replace("\r", "\n") if carriage_returns else text).split("\n")
    lines = [line + "\n" for line in lines]
    if not whole and len(lines) > 1:
        lines.pop()  # cut in its middle
    skipped, delimiter = _preamble(lines)
    delimiter = delimiter or _delimiter(lines[skipped:])
    header, used = _header(lines[skipped:], delimiter, path)
    names = distinct_names(_widened(header, lines[skipped + used :], delimiter))
    layout = Layout(delimiter=delimiter, names=names, kept=names)
    style = Style(
        encoding=encoding,
        errors="strict" if encoding.startswith("utf-8") else "replace",
        foreign=not text.isascii(),
        carriage_returns=carriage_returns,
        layout=layout,
        head_lines=skipped + used,
    )
    return style, lines[skipped + used :]


def _preamble(lines: list[str]) -> tuple[int, str | None]:
    """Count the lines before the header: blank ones, and Excel's "sep=;", which also names the delimiter."""
    for number, line in enumerate(lines):
        if line.lower().startswith("sep=") and len(line.strip()) == 5:
            return number + 1, line.strip()[4]
        if line.strip():
            return number, None
    return len(lines), None


def _delimiter(lines: list[str]) -> str:
    """Choose the delimiter that cuts most of the first rows into as many fields as the header."""

    def consistency(delimiter: str) -> tuple[float, int]:
        widths = [len(row) for row in _rows(lines[:200], delimiter) if row][:100]
        if not widths or widths[0] < 2:
            return 0.0, 0
        return round(widths.count(widths[0]) / len(widths), 1), widths[0]

    return max(DELIMITERS, key=consistency)


def _rows(lines: list[str], delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    except csv.Error:  # a field beyond the module's limit: what was cut before it is enough here
        return


def _header(lines: list[str], delimiter: str, path: Path) -> tuple[list[str], int]:
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    try:
        header = next(reader)
    except StopIteration:
        raise NothingRead(say("{} holds no line of text.", path.name)) from None
    except csv.Error as error:
        raise UnreadableFile(
            say("The first line of {} is no header of a table: {}.", path.name, str(error))
        ) from None
    return header, reader.line_num


def _widened(header: list[str], lines: list[str], delimiter: str) -> list[str]:
    """Add unnamed columns where every row ends with more delimiters than the header (a common export)."""
    rows = [row for row in _rows(lines[:100], delimiter) if row]
    if not rows:
        return header
    width, count = Counter(len(row) for row in rows).most_common(1)[0]
    surplus_empty = all(not any(cell.strip() for cell in row[len(header) :]) for row in rows)
    if width > len(header) and count == len(rows) and surplus_empty:
        return header + [""] * (width - len(header))
    return header


def _lenient(style: Style) -> Style:
    """Read on where bytes are no UTF-8: as Windows-1252, unless the head shows that the rest is UTF-8."""
    return replace(style, errors="replace", encoding=style.encoding if style.foreign else FALLBACK)


def _style_notes(style: Style) -> tuple[str, ...]:
    if style.encoding == FALLBACK:
        return (say("The file is not UTF-8; its text was read as Windows-1252 (cp1252)."),)
    if style.encoding.startswith("utf-8") and style.errors == "replace":
        return (say("Some bytes of the file are no UTF-8 text; they show as \ufffd."),)
    return ()
