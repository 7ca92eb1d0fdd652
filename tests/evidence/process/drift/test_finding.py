"""When a process changed, and what a person is told of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from backdesk.evidence.process.drift import Drift, Figure, TooShort, drift
from backdesk.evidence.process.drift.observing import observed, tabled

MONDAY = datetime(2025, 1, 6, 8, tzinfo=UTC)
Case = Callable[[np.random.Generator, int], Sequence[tuple[str, float]]]
"""Activities with the minutes they take, of a case of a week."""


def steps(case: Case, *, weeks: int = 20, each: int = 20, seed: int = 7) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    rows: list[tuple[object, ...]] = []
    for week in range(weeks):
        for number in range(each):
            at = MONDAY + timedelta(weeks=week, hours=5 * number)
            for activity, minutes in case(rng, week):
                until = at + timedelta(minutes=minutes)
                rows.append((f"{week}-{number}", activity, at, at, until, False, len(rows) + 1))
                at = until
    names = ("case", "activity", "enabled_at", "started_at", "ended_at", "start_estimated", "line")
    return pl.DataFrame(rows, schema=names, orient="row")


def steady(rng: np.random.Generator, week: int) -> Sequence[tuple[str, float]]:
    middle = [("Check", 10 * rng.exponential())] if rng.random() < 0.7 else []
    return [("Enter", 5 * rng.exponential()), *middle, ("Pay", 20 * rng.exponential())]


def checked_less(rng: np.random.Generator, week: int) -> Sequence[tuple[str, float]]:
    middle = [("Check", 10 * rng.exponential())] if rng.random() < (0.7 if week < 10 else 0.3) else []
    return [("Enter", 5 * rng.exponential()), *middle, ("Pay", 20 * rng.exponential())]


def slower(rng: np.random.Generator, week: int) -> Sequence[tuple[str, float]]:
    return [("Enter", 5 * rng.exponential()), ("Pay", (20 if week < 12 else 60) * rng.exponential())]


def found(case: Case, *, seed: int = 7) -> Drift:
    return drift(steps(case, seed=seed), rng=np.random.default_rng(1), rounds=99, period="week")


def test_what_is_done_less_from_a_week_on_is_found_in_that_week() -> None:
    (change,) = found(checked_less).changes
    assert abs(change.at - (MONDAY + timedelta(weeks=10)).replace(hour=0)) <= timedelta(weeks=1)
    assert change.p_value == 0.01
    by_figure = {shift.figure: shift for shift in change.shifts}
    done = by_figure[Figure(kind="done", activity="Check")]
    assert done.difference is not None
    assert done.difference.low < 0.3 - 0.7 < done.difference.high
    assert (done.before_of + done.after_of) == found(checked_less).cases
    assert Figure(kind="follows", activity="Enter", next="Check") in by_figure
    assert Figure(kind="done", activity="Pay") not in by_figure


def test_it_is_said_in_a_sentence_with_its_interval() -> None:
    (change,) = found(checked_less).changes
    said = [str(shift) for shift in change.strongest]
    assert any(one.startswith("“Check” is done in ") and one.endswith(" points).") for one in said)
    assert len(said) < len(change.shifts)  # followed more by Pay is followed less by Check, told once
    assert all(shift.figure.is_share == (shift.difference is not None) for shift in change.shifts)


def test_what_takes_longer_is_found_though_the_steps_stay_the_same() -> None:
    (change,) = found(slower).changes
    kinds = {(shift.figure.kind, shift.figure.activity) for shift in change.shifts}
    assert kinds == {("takes", "Pay"), ("case takes", "")}
    assert all(shift.after > shift.before for shift in change.shifts)
    assert "“Pay” takes" in str(change.shifts[0]) + str(change.shifts[1])


def test_in_a_steady_process_no_change_is_found() -> None:
    assert sum(bool(found(steady, seed=seed).changes) for seed in range(10)) <= 2


def test_cases_that_may_not_be_over_are_left_out() -> None:
    """Cut off in the middle of the last weeks, cases would seem to end earlier there."""

    def long(rng: np.random.Generator, week: int) -> Sequence[tuple[str, float]]:
        return [("Enter", 5.0), ("Check", 20_000 * rng.random()), ("Pay", 5.0)]

    whole = steps(long)
    cut = whole.filter(pl.col("ended_at") < MONDAY + timedelta(weeks=18))
    looked = drift(cut, rng=np.random.default_rng(1), rounds=99, period="week")
    assert looked.left_out > 0
    assert looked.changes == ()


def test_days_are_those_of_the_zone() -> None:
    seen = drift(steps(checked_less), rng=np.random.default_rng(1), rounds=39, zone="America/New_York")
    at = seen.changes[0].at
    assert (seen.period, at.hour) == ("day", 0)


def test_a_log_of_a_few_days_is_too_short() -> None:
    with pytest.raises(TooShort, match="8 days or more"):
        drift(steps(steady, weeks=1), rng=np.random.default_rng(1))
    with pytest.raises(TooShort, match="the log has 0"):
        drift(steps(steady, weeks=1).clear(), rng=np.random.default_rng(1))


def test_shares_are_of_all_that_could_have_been() -> None:
    cases = {"a": (0, "EPP"), "b": (0, "EP"), "c": (1, "P")}
    rows = [
        (case, period, name, MONDAY, MONDAY + timedelta(minutes=n), n)
        for case, (period, names) in cases.items()
        for n, name in enumerate(names, 1)
    ]
    frame = pl.DataFrame(
        rows, schema=("case", "period", "activity", "started_at", "ended_at", "line"), orient="row"
    )
    figures, table = tabled(frame, observed(frame), periods=2)
    shares = {
        figure: list(zip(table.sums[:, place], table.counts[:, place], strict=True))
        for place, figure in enumerate(figures)
        if figure.is_share
    }
    assert shares == {
        Figure(kind="follows", next="E"): [(2, 2), (0, 1)],
        Figure(kind="follows", next="P"): [(0, 2), (1, 1)],
        Figure(kind="follows", activity="E", next="P"): [(2, 2), (0, 0)],
        Figure(kind="follows", activity="P", next="P"): [(1, 3), (0, 1)],
        Figure(kind="follows", activity="P"): [(2, 3), (1, 1)],
        Figure(kind="done", activity="E"): [(2, 2), (0, 1)],
        Figure(kind="done", activity="P"): [(2, 2), (1, 1)],
    }


def test_the_series_of_a_figure_is_that_of_each_week_by_itself() -> None:
    log = steps(checked_less)
    result = drift(log, rng=np.random.default_rng(1), rounds=99, period="week")
    assert len(result.starts) == result.periods
    (change,) = result.changes
    done = next(one for one in change.shifts if one.figure == Figure(kind="done", activity="Check"))
    of_whole_weeks = list(zip(result.starts, done.series, strict=True))[
        :-1
    ]  # the last lacks what may not be over
    for number, (start, share) in enumerate(of_whole_weeks):
        week = log.filter(pl.col("case").str.starts_with(f"{number}-"))
        assert start == (MONDAY + timedelta(weeks=number)).replace(hour=0)
        assert share == pytest.approx(
            week.filter(activity="Check")["case"].n_unique() / week["case"].n_unique()
        )


def test_the_series_of_a_duration_is_its_median_in_each_week() -> None:
    log = steps(slower)
    (change,) = drift(log, rng=np.random.default_rng(1), rounds=99, period="week").changes
    takes = next(one for one in change.shifts if one.figure == Figure(kind="takes", activity="Pay"))
    for number, median in enumerate(takes.series[:-1]):
        own = log.filter(pl.col("case").str.starts_with(f"{number}-"), activity="Pay")
        assert median == pytest.approx(
            (own["ended_at"] - own["started_at"]).dt.total_seconds().median(), abs=1.0
        )
