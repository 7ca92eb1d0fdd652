"""The variants of a log: each order of activities once, with how many cases went that way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import polars as pl

from backdesk.evidence.eventlog.concurrency import Work, overlapping_pairs
from backdesk.evidence.eventlog.numbering import case_numbers

Ints = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

ORDER: Final = ("reference", "ended_at", "line")


@dataclass(frozen=True, slots=True)
class Traces:
    """Orders of activities, as numbers, one behind the other; none twice.

    `activity` and `trace` have a value for each step: what was done, and in which trace (they ascend from 0);
    `counts` has one for each trace: its cases. A trace without steps is one that no step names.
    """

    activity: Ints
    trace: Ints
    counts: Ints

    @property
    def lengths(self) -> Ints:
        """Steps of each trace."""
        return np.bincount(self.trace, minlength=self.counts.size)

    @property
    def weights(self) -> Ints:
        """Cases of each step's trace."""
        return self.counts[self.trace]

    def left_by(self, steps: Flags) -> Traces:
        """Keep some steps; what became equal is not yet counted together, which what follows what does not need."""
        return Traces(self.activity[steps], self.trace[steps], self.counts)

    def only(self, steps: Flags, traces: Flags | None = None) -> Traces:
        """Keep some steps, and some of the traces (all, also those left empty); equal ones become one."""
        if traces is None:
            return merged(self.activity[steps], self.trace[steps], self.counts)
        steps = steps & traces[self.trace]
        number = np.cumsum(traces) - 1
        return merged(self.activity[steps], number[self.trace[steps]], self.counts[traces])


def merged(activity: Ints, trace: Ints, counts: Ints) -> Traces:
    """Count equal traces together.

    >>> numbers = lambda *values: np.array(values, dtype=np.int64)
    >>> merged(numbers(5, 6, 5, 6), numbers(0, 0, 2, 2), numbers(1, 10, 100)).counts.tolist()
    [101, 10]
    """
    ends = np.cumsum(np.bincount(trace, minlength=counts.size)) * activity.itemsize
    text = np.ascontiguousarray(activity).tobytes()
    number: dict[bytes, int] = {}
    same = [number.setdefault(text[begin:end], len(number)) for begin, end in pairwise((0, *ends.tolist()))]
    if len(number) == counts.size:
        return Traces(activity, trace, counts)
    inverse = np.array(same, dtype=np.int64)
    first = np.zeros(counts.size, dtype=np.bool_)
    first[np.unique(inverse, return_index=True)[1]] = True
    kept = first[trace]
    together = np.bincount(inverse, weights=counts, minlength=len(number)).astype(np.int64)
    return Traces(activity[kept], inverse[trace[kept]], together)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """The variants of a log, the most frequent first, and which activities overlap in time."""

    names: tuple[str, ...]
    """The activities in the order in which they usually come; `traces` holds places in it."""
    traces: Traces
    beside: Flags
    """For each pair of activities whether they were seen to be done at the same time: a square matrix."""

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return int(self.traces.counts.sum())

    def words(self) -> list[tuple[str, ...]]:
        """Give the activities of each variant by name.

        >>> counted({("Enter", "Pay"): 3, ("Enter",): 1}).words()
        [('Enter', 'Pay'), ('Enter',)]
        """
        named = [self.names[code] for code in self.traces.activity.tolist()]
        ends = np.cumsum(self.traces.lengths).tolist()
        return [tuple(named[begin:end]) for begin, end in pairwise((0, *ends))]


def counted(words: Mapping[Sequence[str], int] | Iterable[Sequence[str]]) -> Variants:
    """Make variants of orders of activities, given with how many cases each has, or one by one.

    >>> counted([["a", "b"], ["b"], ["a", "b"]]).traces.counts.tolist()
    [2, 1]
    """
    given = words.items() if isinstance(words, Mapping) else ((word, 1) for word in words)
    rows = [(list(word), count) for word, count in given]
    schema = pl.Schema({"word": pl.List(pl.String()), "count": pl.Int64()})
    return _arranged(pl.DataFrame(rows, schema=schema, orient="row"))


def variants_of(steps: pl.DataFrame) -> Variants:
    """Find the variants of a log.

    The steps of a case stand in the order in which they were begun; where a beginning is estimated, its end
    counts. Where steps have a beginning and an end, activities that overlap in many of their cases (see
    `eventlog.concurrency.overlapping_pairs`) are told to be beside each other.

    Args:
        steps: `case`, `activity`, `started_at`, `ended_at`, `start_estimated` and `line` of `STEPS`.

    >>> from backdesk.evidence.process._example import three_cases
    >>> found = variants_of(three_cases())
    >>> found.words(), found.cases
    ([('Receive',), ('Receive', 'Check', 'Pay'), ('Receive', 'Check', 'Check', 'Pay')], 3)
    """
    reference = pl.when("start_estimated").then("ended_at").otherwise("started_at")
    ordered = steps.select(
        "case", pl.col("activity").cast(pl.String), "started_at", "ended_at", "line", reference=reference
    ).sort("case", *ORDER)
    words = ordered.group_by("case", maintain_order=True).agg(word="activity")
    found = _arranged(words.select("word", count=pl.lit(1, dtype=pl.Int64)))
    return Variants(names=found.names, traces=found.traces, beside=_beside(ordered, found.names))


def _arranged(words: pl.DataFrame) -> Variants:
    """Number the activities by where they usually come, and the variants by how frequent they are."""
    distinct = words.group_by("word").agg(pl.col("count").sum())
    by_count = distinct.sort(-pl.col("count"), pl.col("word").list.len(), "word").with_row_index("trace")
    steps = by_count.filter(pl.col("word").list.len() > 0).explode("word")
    place = (pl.col("rank") * pl.col("count")).sum() / pl.col("count").sum()
    ranked = steps.with_columns(rank=pl.int_range(pl.len()).over("trace"))
    names = ranked.group_by("word").agg(place=place).sort("place", "word")
    coded = steps.join(names.with_row_index("code"), on="word", maintain_order="left")
    activity, trace = (coded[column].cast(pl.Int64).to_numpy() for column in ("code", "trace"))
    return Variants(
        names=tuple(names["word"].to_list()),
        traces=Traces(activity, trace, by_count["count"].to_numpy()),
        beside=np.zeros((names.height, names.height), dtype=np.bool_),
    )


def _beside(steps: pl.DataFrame, names: tuple[str, ...]) -> Flags:
    """Tell which activities overlap in time; where beginnings are not known, none."""
    timed = steps.filter(pl.col("ended_at") > pl.col("reference"))
    if timed.is_empty():
        return np.zeros((len(names), len(names)), dtype=np.bool_)
    number = {name: code for code, name in enumerate(names)}
    columns = timed.select(
        pl.col("activity").replace_strict(number, return_dtype=pl.Int64),
        pl.col("reference").to_physical(),
        pl.col("ended_at").to_physical(),
        order=pl.int_range(pl.len()),
    )
    activity, start, end, order = (column.to_numpy() for column in columns)
    case = case_numbers(timed["case"])
    return overlapping_pairs(Work(case, activity, start, end, order, activities=len(names)))
