"""Find when work stood still: each suspension with what resumed it, and the step that it stopped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from backdesk.evidence.eventlog.schema import PAUSES

BEGINS, SUSPENDS, RESUMES, ENDS = range(4)
ROLES: Final = {"suspend": SUSPENDS, "resume": RESUMES}


@dataclass(slots=True)
class _Running:
    step: int
    who: str | None
    stopped: int | None = None  # since when


@dataclass(slots=True)
class _Walk:
    """The steps of one activity of one case that are going on, in the order in which they began, and what was found."""

    running: list[_Running] = field(default_factory=list)
    found: list[tuple[int, int, int | None]] = field(default_factory=list)  # step, from, until
    left_out: int = 0

    def take(self, kind: int, at: int, step: int, who: str | None) -> None:
        if kind == BEGINS:
            self.running.append(_Running(step, who))
        elif kind == ENDS:
            ended = next(one for one in self.running if one.step == step)
            self.running.remove(ended)
            self._resume(ended, at)
        else:
            fitting = [one for one in self.running if (one.stopped is None) == (kind == SUSPENDS)]
            one = next((one for one in fitting if one.who == who), next(iter(fitting), None))
            if one is None:
                self.left_out += 1
            elif kind == SUSPENDS:
                one.stopped = at
            else:
                self._resume(one, at)

    def leave(self) -> None:
        """Go on to another activity; what is still suspended stays so."""
        for one in self.running:
            self._resume(one, None)
        self.running.clear()

    def _resume(self, one: _Running, at: int | None) -> None:
        if one.stopped is not None:
            self.found.append((one.step, one.stopped, at))
        one.stopped = None


def pauses_of(steps: pl.DataFrame, marks: pl.DataFrame) -> tuple[pl.Series, int]:
    """Give the pauses of each step, null where it has none, and how many marks fit no step that was going on.

    `steps` has case, activity, resource, started_at and ended_at (null while it goes on), `marks` the events
    "suspend" and "resume" with case, activity, resource, lifecycle, at and order. A suspension stops, of the
    steps of its case and activity that are going on and not stopped, the first of its person, or else the first; it is
    resumed likewise. The end of a step ends its pause.
    """
    walk, key = _Walk(), None
    for case, name, at, kind, step, who in _in_turn(steps, marks):
        if key != (case, name):
            walk.leave()
            key = (case, name)
        walk.take(kind, at, step, who)
    walk.leave()
    return _by_step(walk.found, steps.height), walk.left_out


def _in_turn(
    steps: pl.DataFrame, marks: pl.DataFrame
) -> Iterator[tuple[str, str, int, int, int, str | None]]:
    """Walk through the activities of which there are marks; at the same instant a step begins first and ends last."""
    keys = ("case", "activity")
    touched = steps.with_row_index("step").join(marks.select(keys).unique(), on=keys, how="semi")
    columns = (*keys, "at", "kind", "step", "resource", "turn", "order")
    parts = [
        touched.select(*keys, "resource", "step", at=column, kind=kind, turn=turn, order=0).drop_nulls("at")
        for column, kind, turn in (("started_at", BEGINS, 0), ("ended_at", ENDS, 2))
    ]
    kind = pl.col("lifecycle").cast(pl.String).replace_strict(ROLES, return_dtype=pl.Int32).alias("kind")
    said = marks.select(*keys, "resource", "at", kind, "order", step=pl.lit(0, pl.UInt32), turn=1)
    parts.append(said.with_columns(pl.col("order").cast(pl.Int32)))
    every = pl.concat([part.select(columns) for part in parts]).sort(*keys, "at", "turn", "order")
    names = pl.col("activity", "resource").cast(pl.String)
    yield from every.select(*columns[:6]).with_columns(names, pl.col("at").to_physical()).iter_rows()


def _by_step(found: list[tuple[int, int, int | None]], count: int) -> pl.Series:
    """Gather the pauses of each step; one that ended as it began is none."""
    schema = {"step": pl.Int64, "suspended_at": pl.Int64, "resumed_at": pl.Int64}
    pauses = pl.DataFrame(found, schema=schema, orient="row")
    pauses = pauses.filter((pl.col("resumed_at") > pl.col("suspended_at")).fill_null(True))
    said = pl.struct("suspended_at", "resumed_at").cast(PAUSES.inner)
    by_step = (
        pauses.sort("step", "suspended_at").group_by("step", maintain_order=True).agg(said.alias("pauses"))
    )
    every = pl.DataFrame({"step": range(count)}, schema={"step": pl.Int64})
    return every.join(by_step, on="step", how="left", maintain_order="left")["pauses"]
