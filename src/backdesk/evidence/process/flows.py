"""What follows what: the directly-follows and the causal relation between activities of a log."""

from collections.abc import Sequence
from typing import Literal

import polars as pl

from backdesk.evidence.eventlog.ordering import in_case_order

EDGES = pl.Schema(
    {
        "source": pl.String(),
        "target": pl.String(),
        "count": pl.UInt32(),
        "cases": pl.UInt32(),
        "median_seconds": pl.Float64(),
        "mean_seconds": pl.Float64(),
        "p90_seconds": pl.Float64(),
    }
)
STEP_ORDER = ("started_at", "ended_at", "line")


def directly_follows(frame: pl.DataFrame, *, order: Sequence[str] = ("at", "line")) -> pl.DataFrame:
    """Count how often an activity comes straight after another in a case.

    Args:
        frame: events (`EVENTS`) or, with `order=STEP_ORDER`, steps (`STEPS`).
        order: the columns that order the rows of a case, the first one a time.

    Returns:
        One row per pair that occurs, the most frequent first: `source`, `target`, `count` (pairs), `cases`
        (that have the pair), `median_seconds`, `mean_seconds`, `p90_seconds` (elapsed, from the end of the
        source to the start of the target; from event to event where `frame` holds events). A gap is negative
        where steps overlap.

    Raises:
        polars.exceptions.ColumnNotFoundError: a column of `order` is missing.

    Source: van der Aalst, Process Mining (2016), section 6.2.

    >>> from datetime import UTC, datetime
    >>> times = [datetime(2026, 1, 5, hour, tzinfo=UTC) for hour in (9, 10, 12, 9, 13)]
    >>> events = {"line": range(5), "case": list("aaabb"), "activity": list("XYZXY"), "at": times}
    >>> frame = pl.DataFrame(events)
    >>> directly_follows(frame).rows()
    [('X', 'Y', 2, 2, 9000.0, 9000.0, 13320.0), ('Y', 'Z', 1, 1, 7200.0, 7200.0, 7200.0)]
    """
    begin, end = ("at", "at") if "at" in frame.columns else ("started_at", "ended_at")
    ordered = in_case_order(frame, order=order, columns=("activity", begin, end))
    in_case = pl.col("case") == pl.col("case").shift(1)
    pairs = ordered.select(
        "case",
        source=pl.when(in_case).then(pl.col("activity").shift(1)),
        target="activity",
        seconds=_seconds(pl.col(begin) - pl.col(end).shift(1)),
    )
    return _count(pairs)


def causal_edges(
    measured: pl.DataFrame, *, waiting: Literal["elapsed", "working"] = "elapsed"
) -> pl.DataFrame:
    """Count how often an activity causally precedes another, with the waiting between them.

    Unlike `directly_follows` this does not connect steps that merely ran at the same time: each step has the
    one predecessor that enabled it.

    Args:
        measured: steps with `follows` and the waiting columns, as `measure_steps` gives them.
        waiting: elapsed seconds, or seconds within working time.

    Returns:
        The same columns as `directly_follows`; the seconds are the waiting of the target, from the end of the
        source to the start of the target, and never negative.

    Source: the waiting time of Lashkevich, Milani, Chapela-Campa, Suvorau and Dumas (CAiSE 2023).

    >>> steps = {"case": ["a", "a", "b"], "activity": list("XYY"), "follows": [None, "X", "X"]}
    >>> frame = pl.DataFrame(steps).with_columns(waiting_s=pl.Series([0.0, 60.0, 120.0]))
    >>> causal_edges(frame).rows()
    [('X', 'Y', 2, 2, 90.0, 90.0, 114.0)]
    """
    pairs = measured.select(
        "case",
        source=pl.col("follows").cast(pl.String),
        target=pl.col("activity").cast(pl.String),
        seconds=pl.col("waiting_s" if waiting == "elapsed" else "waiting_working_s"),
    )
    return _count(pairs)


def start_activities(frame: pl.DataFrame, *, order: Sequence[str] = STEP_ORDER) -> pl.DataFrame:
    """Count the cases that begin with each activity, the most frequent first.

    >>> steps = pl.DataFrame({"case": list("aab"), "activity": list("XYX"), "line": [1, 2, 3]})
    >>> start_activities(steps, order=["line"]).rows()
    [('X', 2)]
    """
    return _terminals(frame, order, last=False)


def end_activities(
    frame: pl.DataFrame, *, order: Sequence[str] = ("ended_at", "started_at", "line")
) -> pl.DataFrame:
    """Count the cases that finish with each activity, the most frequent first.

    >>> steps = pl.DataFrame({"case": list("aab"), "activity": list("XYX"), "line": [1, 2, 3]})
    >>> end_activities(steps, order=["line"]).rows()
    [('X', 1), ('Y', 1)]
    """
    return _terminals(frame, order, last=True)


def _seconds(duration: pl.Expr) -> pl.Expr:
    return duration.dt.total_microseconds() / 1e6


def _count(pairs: pl.DataFrame) -> pl.DataFrame:
    """Count the pairs that have a source; by one number for the two names, which takes half the time and memory."""
    kind = pairs.schema["source"]
    if kind == pl.String:
        kind = pl.Categorical(pl.Categories.random())
    names = pairs.select(pl.col("source", "target").cast(kind))  # while they are held, their categories are
    source, target = (column.to_physical() for column in names)
    base = 1 + max(int(column.drop_nulls().to_numpy().max(initial=0)) for column in (source, target))
    pair = source.cast(pl.UInt32 if base < 2**16 else pl.UInt64) * base + target
    seconds = pl.col("seconds").cast(pl.Float64)
    counted = (
        pairs.select("case", "seconds", pair=pair)
        .drop_nulls("pair")
        .group_by("pair")
        .agg(
            count=pl.len(),
            cases=pl.col("case").n_unique(),
            median_seconds=seconds.median(),
            mean_seconds=seconds.mean(),
            p90_seconds=seconds.quantile(0.9, "linear"),
        )
    )
    edges = counted.with_columns(
        source=(pl.col("pair") // base).cast(pl.UInt32).cat.to(names.schema["source"]),
        target=(pl.col("pair") % base).cast(pl.UInt32).cat.to(names.schema["target"]),
    )
    edges = edges.select(EDGES.names()).cast(EDGES)
    return edges.sort("count", "source", "target", descending=[True, False, False])


def _terminals(frame: pl.DataFrame, order: Sequence[str], *, last: bool) -> pl.DataFrame:
    """Keep one row a case: of those at its first or last moment, the one whose other columns decide."""
    known = frame.drop_nulls(order[0])
    ordered = in_case_order(known, order=order, columns=("activity",), nulls_last=last)
    at_end = pl.col("case") != pl.col("case").shift(-1 if last else 1)
    kept = ordered.filter(at_end.fill_null(True)).cast({"activity": pl.String})
    return kept.group_by("activity").agg(cases=pl.len()).sort("cases", "activity", descending=[True, False])
