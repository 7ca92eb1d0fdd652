"""Figures with what must be known to read them: of which steps they are, against what, how sure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from backdesk.evidence.measures.agreements import AGREED_ENTRIES
from backdesk.evidence.measures.breakdowns import Breakdown
from backdesk.evidence.measures.case_measures import CASE_ENTRIES
from backdesk.evidence.measures.expressions import RECORD
from backdesk.evidence.measures.finishing import finish
from backdesk.evidence.measures.partials import Partial, partial

_AT = {
    "arrival": "its case arrived",
    "enabled": "it could have begun",
    "start": "it began",
    "end": "it ended",
    "due": "its case fell due",
}
_OF_CASES = {entry.name for entry in (*CASE_ENTRIES, *AGREED_ENTRIES)} - {"cases"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A table of figures, and in words what it does not show by itself."""

    table: pl.DataFrame
    notes: tuple[str, ...]


def figures(
    measured: pl.DataFrame,
    *,
    breakdown: Breakdown,
    months: float | None = None,
    confidence: float | None = None,
) -> Answer:
    """Return the figures of a breakdown of measured steps, as `finish` does, and how to read them.

    Raises `UnknownGrouping`, `UnknownMeasure`, `NotOfAGroup`, `UnreadableFilter`.

    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import measure_steps
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> measured = measure_steps(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam"))
    >>> asked = Breakdown(only=("steps", "cycle_hours_median"), where="activity = 'Check'")
    >>> found = figures(measured, breakdown=asked)
    >>> found.table.rows()
    [(2, 3.5)]
    >>> found.notes[0]
    "Of steps where activity = 'Check': 2 of 5 on record."
    """
    return answer(partial(measured, breakdown=breakdown), months=months, confidence=confidence)


def answer(kept: Partial, *, months: float | None = None, confidence: float | None = None) -> Answer:
    """Return the figures of what was kept of all steps, and how to read them."""
    return Answer(
        table=finish(kept, months=months, confidence=confidence),
        notes=tuple(_notes(kept, confidence)),
    )


def _notes(kept: Partial, confidence: float | None) -> Iterator[str]:
    asked = kept.breakdown
    if not asked.takes_all:
        counts = (int(table["steps"].sum()) for table in (kept.totals, kept.record))
        yield from _filtered(asked, *counts)
    if asked.period:
        yield (
            f"By the {asked.period.every} in which {_AT[asked.period.at]}, in the zone {asked.period.zone}; "
            "the first and the last may be cut short."
        )
    if confidence is not None:
        yield f"Intervals hold at {confidence:.0%}, as if each step, or case, were drawn by chance without the others."


def _filtered(asked: Breakdown, steps: int, of: int) -> Iterator[str]:
    conditions = (("of cases with a step", asked.where_case), ("of steps", asked.where))
    told = ", ".join(f"{what} where {condition}" for what, condition in conditions if condition is not None)
    yield f"{told[0].upper()}{told[1:]}: {steps:,} of {of:,} on record."
    yield "What repeats, waits for or follows another step was found among all steps of the case."
    if asked.where is not None and (whole := _titles(asked, _OF_CASES)):
        yield f"Of whole cases, also of their other steps: {whole}."
    if against := _titles(asked, _against_record(asked)):
        yield f"Measured against all steps on record: {against}."


def _against_record(asked: Breakdown) -> set[str]:
    return {
        entry.name
        for entry in asked.entries()
        if entry.expression is not None
        and any(name.startswith(RECORD) for name in entry.expression.meta.root_names())
    }


def _titles(asked: Breakdown, names: set[str]) -> str:
    return ", ".join(entry.title.lower() for entry in asked.entries() if entry.name in names)
