"""Figures of partitions put together are those of the whole, to the last digit."""

from __future__ import annotations

import dataclasses
import pickle
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.eventlog import StepLog
from backdesk.evidence.measures import (
    AGREED_MEASURES,
    CATALOGUE,
    GROUP_MEASURES,
    Breakdown,
    CaseInTwoPartitions,
    NotMergeable,
    NotOneQuestion,
    Partial,
    aggregate,
    finish,
    measure_steps,
    merge,
    partial,
)
from backdesk.evidence.measures.states import kept_spread
from tests.evidence.measures.logs import OFFICE, logs, made

GROUPINGS: tuple[tuple[str, ...], ...] = ((), ("activity",), ("resource", "month"), ("case",))
PARTS = 3


@settings(deadline=None, max_examples=15)
@given(logs(min_size=1), st.sampled_from(GROUPINGS), st.data())
def test_every_figure_of_the_parts_together_is_that_of_the_whole(
    log: StepLog, by: tuple[str, ...], data: st.DataObject
) -> None:
    asked = Breakdown(by=by)
    parts = [partial(part, breakdown=asked) for part in by_case(log, data)]
    together = finish(merge(parts), confidence=0.9)
    whole = finish(partial(measure_steps(log, calendar=OFFICE), breakdown=asked), confidence=0.9)
    assert together.schema == whole.schema
    assert together.rows() == whole.rows()  # equal, not close
    assert together.select(*by, *GROUP_MEASURES).equals(aggregate(measure_steps(log, calendar=OFFICE), by=by))


@settings(deadline=None, max_examples=8)
@given(logs(min_size=1), st.data())
def test_parts_are_put_together_in_any_order_and_bit_by_bit(log: StepLog, data: st.DataObject) -> None:
    asked = Breakdown(by=("activity",))
    first, second, third = (partial(part, breakdown=asked) for part in by_case(log, data))
    expected = finish(merge([first, second, third])).rows()
    assert finish(merge([merge([third, first]), second])).rows() == expected
    assert finish(merge([first, merge([second, third])])).rows() == expected
    assert (
        finish(merge([pickle.loads(pickle.dumps(one)) for one in (first, second, third)])).rows() == expected
    )


def test_a_case_in_two_partitions_is_found_out_for_its_figures_would_be_wrong() -> None:
    log = made(["1 Enter Ann 02-02 09:00 09:00 10:00", "1 Check Bob 02-02 10:00 11:00 12:00"])
    steps = measure_steps(log, calendar=OFFICE)
    parts = [partial(steps[row], breakdown=Breakdown(only=("cases",))) for row in range(2)]
    with pytest.raises(CaseInTwoPartitions, match="steps of case '1' are in two partitions"):
        merge(parts)
    unguarded = [with_cases(part, str(number)) for number, part in enumerate(parts)]
    assert finish(merge(unguarded)).item() == 2  # what the guard keeps from being told
    assert aggregate(steps, by=[], only=["cases"]).item() == 1


def test_answers_to_different_questions_are_not_put_together() -> None:
    steps = measure_steps(made(["1 Enter Ann 02-02 09:00 09:00 10:00"]), calendar=OFFICE)
    parts = [partial(steps, breakdown=Breakdown(only=(name,))) for name in ("cases", "steps")]
    with pytest.raises(NotOneQuestion, match="2 partials answer 2 breakdowns"):
        merge(parts)


def test_a_figure_across_cases_is_refused_by_name_for_parts_do_not_give_it() -> None:
    steps = measure_steps(made(["1 Enter Ann 02-02 09:00 09:00 10:00"]), calendar=OFFICE)
    across = [name for name, entry in CATALOGUE.items() if not entry.is_mergeable]
    assert {"utilisation", "contention_hours", "arrived", "case_share"} <= set(across)
    for name in across:
        with pytest.raises(NotMergeable, match=f"'{name}' looks across cases"):
            partial(steps, breakdown=Breakdown(only=("steps", name)))


def test_every_figure_of_groups_says_what_is_kept_for_it() -> None:
    of_groups = {name for name, entry in CATALOGUE.items() if entry.is_of_groups}
    assert of_groups == {*GROUP_MEASURES, *AGREED_MEASURES}
    for name in GROUP_MEASURES:
        kept = partial(
            measure_steps(made(["1 Enter Ann 02-02 09:00 09:00 10:00"]), calendar=OFFICE),
            breakdown=Breakdown(only=(name,)),
        )
        assert kept.totals.width > 1 or kept.spreads


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.none() | st.floats(0, 9).map(lambda one: round(one, 1)))))
def test_values_of_few_groups_are_counted_as_those_of_many(rows: list[tuple[str, float | None]]) -> None:
    table = pl.DataFrame(rows, schema={"key": pl.String, "touch_working_s": pl.Float64}, orient="row")
    counted = [
        kept_spread(table, "touch", ["key"], few_groups=few).sort("key", "_us") for few in (False, True)
    ]
    assert counted[0].equals(counted[1])
    assert counted[0].schema == counted[1].schema


def by_case(log: StepLog, data: st.DataObject) -> list[pl.DataFrame]:
    """Measure the steps of partitions drawn at random, each by itself; some may be empty."""
    place: dict[Any, int] = {
        case: data.draw(st.integers(0, PARTS - 1), label=f"partition of {case}")
        for case in log.steps["case"].unique().sort()
    }
    where = log.steps["case"].replace_strict(place, return_dtype=pl.Int64)
    parts = [dataclasses.replace(log, steps=log.steps.filter(where == number)) for number in range(PARTS)]
    return [measure_steps(part, calendar=OFFICE) for part in parts]


def with_cases(part: Partial, name: str) -> Partial:
    return dataclasses.replace(part, cases=pl.Series("case", [name]))
