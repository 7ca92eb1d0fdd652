"""What every kind of file is turned into before it is understood: rows of columns, each row with its line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

import polars as pl

from backdesk.evidence.eventlog.errors import FileTooLarge
from backdesk.evidence.eventlog.schema import REJECTS
from backdesk.evidence.sentences import digits, say

Kind = Literal["text", "integer", "float", "boolean", "time"]

CASE: Final = "case:"  # before the name of a trace's attribute, as pm4py names them
VALUE_LIMIT: Final = 200  # characters of a rejected value that are shown
COLUMNS_LIMIT: Final = 2000


class Reject(NamedTuple):
    """One row that could not be taken as a row at all: the file's structure is broken there."""

    line: int
    field: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Hold the rows of a file: the columns asked for, a line a row, and the rows broken in structure.

    The columns are text, or typed where the file knows types; `columns` are all of the file's. `kinds` are the types
    that it declares for texts. With `of_events` all columns are of events that have no `case:` before them.
    """

    frame: pl.DataFrame
    lines: pl.Series
    columns: tuple[str, ...]
    rejects: tuple[Reject, ...]
    truncated: str | None
    notes: tuple[str, ...] = ()
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    of_events: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Hold a file's columns and its first rows, all as text or as times."""

    columns: tuple[str, ...]
    frame: pl.DataFrame
    notes: tuple[str, ...] = ()


def rejects_frame(rejects: Iterable[Reject]) -> pl.DataFrame:
    """Make the frame of rejects; long values are cut."""
    rows = [(line, field, shortened(value), reason) for line, field, value, reason in rejects]
    return pl.DataFrame(rows, schema=REJECTS, orient="row")


def shortened(value: str) -> str:
    """Cut a value to what a person wants to see of it."""
    return value if len(value) <= VALUE_LIMIT else value[: VALUE_LIMIT - 1] + "…"


def checked_width(columns: Sized) -> None:
    """Refuse what has more columns than any table of work: it would cost memory for nothing."""
    if len(columns) > COLUMNS_LIMIT:
        raise FileTooLarge(
            say(
                "The file has {} columns; more than {} are not read. Leave out those that say nothing about case, "
                "activity, time and people.",
                digits(len(columns)),
                digits(COLUMNS_LIMIT),
            )
        )


def distinct_names(names: Sequence[str]) -> tuple[str, ...]:
    """Name unnamed columns by their place and tell equal names apart, so that each can be mapped."""
    checked_width(names)
    given: dict[str, None] = {}
    for place, name in enumerate(names, start=1):
        base = name.strip() or f"column {place}"
        free, count = base, 1
        while free in given:
            count += 1
            free = f"{base} ({count})"
        given[free] = None
    return tuple(given)
