"""What reading a work history gives: the events with all that was decided on the way, and the steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from backdesk.evidence.eventlog.attributes import kinds_of
from backdesk.evidence.eventlog.mapping import Mapping
from backdesk.evidence.eventlog.schema import STEPS

Duplicates = Literal["drop", "keep"]
ZoneSource = Literal["given", "offsets", "assumed"]
Starts = Literal["recorded", "estimated", "mixed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Hold what one file gave: its events, the rows it lost and why, and every decision taken.

    `events` has the schema `EVENTS` in source order, and behind it the attributes asked for; `rejects` the schema
    `REJECTS` with one row per rejected row; `rows_read == rows_accepted + rows_rejected`, always.

    >>> import polars as pl
    >>> from backdesk.evidence.eventlog import EVENTS, REJECTS
    >>> reading = Reading(
    ...     events=pl.DataFrame(schema=EVENTS), rejects=pl.DataFrame(schema=REJECTS),
    ...     rows_read=0, rows_accepted=0, rows_rejected=0,
    ...     mapping=Mapping(case="id", activity="task"), columns=("id", "task"),
    ...     zone="UTC", zone_source="assumed", notes=(), truncated=None)
    >>> reading.zone
    'UTC'
    """

    events: pl.DataFrame
    rejects: pl.DataFrame
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    mapping: Mapping
    columns: tuple[str, ...]
    zone: str
    zone_source: ZoneSource
    notes: tuple[str, ...]
    truncated: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnLook:
    """Say what one column of a file looks like, from its first rows.

    >>> look = ColumnLook(
    ...     name="Order", kind="identifier", role="case", filled=20, distinct=7, examples=("A-1",)
    ... )
    >>> look.role
    'case'
    """

    name: str
    kind: Literal["time", "number", "identifier", "text", "empty"]
    role: str | None
    filled: int
    distinct: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Offer a mapping for a file after a look at its head; `mapping` is None where `reason` says why not.

    The `looks` then still tell the roles that were found.
    `rows` are the first rows (20 at most) as text, one tuple a row, in the order of `columns`.

    >>> offer = Proposal(columns=("a",), rows=(("1",),), mapping=None, reason="No time.", looks=(), notes=())
    >>> offer.reason
    'No time.'
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    mapping: Mapping | None
    reason: str | None
    looks: tuple[ColumnLook, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLog:
    """Hold the steps of a work history, each with its start, its end and when it could have begun.

    `steps` has the schema `STEPS`, sorted by case, started_at, ended_at and line, behind it `pauses` (`PAUSES`) where
    work was suspended, and the attributes kept (`case:NAME`, `event:NAME`). `open_steps` has the same columns
    with `ended_at` null: started, never completed. `starts` says whether the starts were recorded or
    estimated; `notes` tell every decision, with totals that add up.

    >>> import polars as pl
    >>> from backdesk.evidence.eventlog import STEPS
    >>> empty = pl.DataFrame(schema=STEPS)
    >>> StepLog(steps=empty, open_steps=empty, zone="UTC", starts="recorded", notes=()).starts
    'recorded'
    """

    steps: pl.DataFrame
    open_steps: pl.DataFrame
    zone: str
    starts: Starts
    notes: tuple[str, ...]


def log_of(every: pl.DataFrame, *, zone: str, starts: Starts, notes: tuple[str, ...]) -> StepLog:
    """Make a step log of a table in the order of steps: its columns of `STEPS`, and its attributes."""
    pauses = [name for name in ("pauses",) if name in every.columns]
    # What was begun could be begun, whatever it was scheduled for; so nothing waits for less than no time.
    every = every.with_columns(enabled_at=pl.min_horizontal("enabled_at", "started_at"))
    steps = every.select(*STEPS.names(), *pauses, *kinds_of(every)).cast(STEPS)
    ended = steps["ended_at"].is_not_null()
    return StepLog(
        steps=steps if ended.all() else steps.filter(ended),
        open_steps=steps.clear() if ended.all() else steps.filter(~ended),
        zone=zone,
        starts=starts,
        notes=notes,
    )
