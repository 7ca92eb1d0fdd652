"""Read large XES logs by the compiled tokeniser. A document it does not know, or that is broken, is left to expat."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backdesk.evidence.eventlog import _kernels as kernels
from backdesk.evidence.eventlog.opening import ByteSource
from backdesk.evidence.eventlog.tables import CASE, Table
from backdesk.evidence.eventlog.xes_types import KINDS, NESTED, OTHER, declared

BLOCK: Final = 4 << 20
ELEMENT_LIMIT: Final = 64 << 20  # bytes of one event

_SHORTEST_EVENT: Final = len("<event></event>")
_SHORTEST_ATTRIBUTE: Final = len('<a key="k"/>')
_MARK: Final = b"\xef\xbb\xbf"
_OTHER_ENCODING: Final = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["'](?!(?i:utf-8|us-ascii)["'])""")
_OTHER_REFERENCE: Final = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)")
_PLAIN_NAME: Final = re.compile(rb"[^&\s]*(?: [^&\s]+)*")
_MISSING: Final = chr(kernels.MISSING)
_SEPARATOR: Final = chr(kernels.SEPARATOR)
_NONE: Final = "\x02"  # stands in no value either


class _Unusual(Exception):
    """The document is not written as logs are: expat has to read it, or to say what is wrong with it."""


def load(source: ByteSource, columns: tuple[str, ...]) -> Table | None:
    """Read the attributes asked for of every event; None where expat has to."""
    reader = _Reader(columns)
    try:
        reader.read(source)
    except (_Unusual, UnicodeDecodeError, pl.exceptions.ComputeError):  # of texts that are no UTF-8
        return None
    return None if source.broken else reader.table()


@dataclass(slots=True)
class _Kept:
    """What was read, a series a block: of an event its values, line and trace; of traces who says what."""

    values: list[list[pl.Series]]
    lines: list[pl.Series] = field(default_factory=list)
    traces: list[pl.Series] = field(default_factory=list)
    owners: list[list[pl.Series]] = field(default_factory=list)


@dataclass(slots=True)
class _Found:
    """Room for all that a block can hold, filled by the kernel."""

    counts: NDArray[np.int64]
    values: NDArray[np.uint8]
    sizes: NDArray[np.int64]
    lines: NDArray[np.int64]
    traces: NDArray[np.int64]
    owners: NDArray[np.int64]
    owner_columns: NDArray[np.int64]
    fresh: NDArray[np.int64]


class _Reader:
    """Columns of events stand before those of traces, as the kernel wants them."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self._asked = columns
        self._columns = sorted(columns, key=lambda name: name.startswith(CASE))
        self._of_trace = np.array([name.startswith(CASE) for name in self._columns], np.bool_)
        self._wanted = _hashes([name.removeprefix(CASE) for name in self._columns])
        self._names = _hashes(["log", "trace", "event", *KINDS])
        self._state = np.array([1, 0, -1, 0, 0, -1], np.int64)
        self._types = np.zeros(len(columns), np.int64)
        self._opened = np.zeros(kernels.DEEPEST, np.uint64)
        self._seen = np.zeros(kernels.MOST_NAMES, np.uint64)
        self._cells = np.zeros((int((~self._of_trace).sum()), 2), np.int64)
        self._kept = _Kept(values=[[] for _ in columns], owners=[[] for _ in columns])
        self._seen_names: dict[str, None] = {}

    def read(self, source: ByteSource) -> None:
        rest = b""
        for number, block in enumerate(_larger(source)):
            if number == 0:
                block = block.removeprefix(_MARK)  # noqa: PLW2901
            if number == 0 and _OTHER_ENCODING.match(block):
                raise _Unusual
            rest = self._take(rest + block)
        if rest or not self._state[kernels.CLOSED]:
            raise _Unusual

    def _take(self, text: bytes) -> bytes:
        """Keep what is complete; give back the rest."""
        found = self._room(len(text))
        read = kernels.scan(
            np.frombuffer(text, np.uint8), self._names, self._wanted, self._of_trace,
            self._state, self._opened, self._seen,
            found.counts, found.values, found.sizes, found.lines, found.traces,
            found.owners, found.owner_columns, found.fresh, self._cells, self._types,
        )  # fmt: skip
        if read == kernels.UNUSUAL or len(text) - read > ELEMENT_LIMIT:
            raise _Unusual
        if found.counts[kernels.REFERENCES] and _OTHER_REFERENCE.search(text):
            raise _Unusual
        self._keep(text, found)
        return text[read:]

    def _room(self, size: int) -> _Found:
        events, attributes = size // _SHORTEST_EVENT + 1, size // _SHORTEST_ATTRIBUTE + 1
        return _Found(
            counts=np.zeros(4, np.int64),
            values=np.empty((len(self._columns), size + 1), np.uint8),
            sizes=np.zeros(len(self._columns), np.int64),
            lines=np.empty(events, np.int64),
            traces=np.empty(events, np.int64),
            owners=np.empty(attributes, np.int64),
            owner_columns=np.empty(attributes, np.int64),
            fresh=np.empty((kernels.MOST_NAMES, 3), np.int64),
        )

    def _keep(self, text: bytes, found: _Found) -> None:
        events, fresh, of_traces = (int(found.counts[place]) for place in (0, 1, 2))
        for start, end, of_trace in found.fresh[:fresh]:
            name = text[start:end]
            if not _PLAIN_NAME.fullmatch(name):
                raise _Unusual
            self._seen_names[(CASE if of_trace else "") + name.decode()] = None
        owners, columns = found.owners[:of_traces], found.owner_columns[:of_traces]
        for place, size in enumerate(found.sizes):
            self._kept.values[place].append(_texts(found.values[place, :size].tobytes()))
            self._kept.owners[place].append(pl.Series(owners[columns == place]))
        self._kept.lines.append(pl.Series(found.lines[:events], dtype=pl.UInt32))
        self._kept.traces.append(pl.Series(found.traces[:events], dtype=pl.Int32))

    def table(self) -> Table:
        traces = pl.concat(self._kept.traces)
        values = (pl.concat(parts) for parts in self._kept.values)
        owners = (pl.concat(parts) for parts in self._kept.owners)
        columns = {
            name: self._spread(said, by, traces) if of_trace else said
            for name, of_trace, said, by in zip(self._columns, self._of_trace, values, owners, strict=True)
        }
        for nameless in ("", CASE):
            self._seen_names.pop(nameless, None)
        tags = dict(zip(self._columns, map(_tags, self._types.tolist()), strict=True))
        kinds, notes = declared({name: tags[name] for name in self._asked})
        return Table(
            frame=pl.DataFrame({name: columns[name] for name in self._asked}),
            lines=pl.concat(self._kept.lines),
            columns=tuple(self._seen_names),
            rejects=(),
            truncated=None,
            notes=notes,
            kinds=kinds,
            of_events=True,
        )

    def _spread(self, said: pl.Series, by: pl.Series, traces: pl.Series) -> pl.Series:
        """The value of each event's trace; of what a trace says twice, the last holds."""
        place = np.full(int(self._state[kernels.TRACE]) + 1, -1, np.int64)
        place[by.to_numpy()] = np.arange(len(by))  # later ones overwrite
        found = pl.Series(place[traces.to_numpy()])
        return said.gather(found.set(found < 0, None))


def _larger(source: ByteSource) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for block in source:
        held.append(block)
        size += len(block)
        if size >= BLOCK:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def _texts(values: bytes) -> pl.Series:
    """Part the values at their ends, all at once."""
    if not values:
        return pl.Series(dtype=pl.String)
    if values.startswith(_MARK):  # of a file, it would take it for
        raise _Unusual
    texts = pl.read_csv(
        values,
        has_header=False,
        separator=_NONE,
        quote_char=None,
        eol_char=_SEPARATOR,
        schema={"text": pl.String()},
        null_values=_MISSING,
        empty_string_is_null=False,
    )["text"]
    if b"&" in values:
        texts = texts.map_elements(unescape, return_dtype=pl.String)
    return texts


def _tags(bits: int) -> set[str]:
    tags = (NESTED, *KINDS, OTHER)
    return {tag for place, tag in enumerate(tags) if bits & (1 << place)}


def _hashes(names: list[str]) -> NDArray[np.uint64]:
    raw = (np.frombuffer(name.encode(), np.uint8) for name in names)
    return np.array([kernels.hash_of(name, 0, name.size) for name in raw], np.uint64)
