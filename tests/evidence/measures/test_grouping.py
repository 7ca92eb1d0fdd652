"""Every figure over every grouping, against a twin in plain loops."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.eventlog import StepLog
from backdesk.evidence.measures import (
    CATALOGUE,
    GROUP_MEASURES,
    NotMergeable,
    NotOfAGroup,
    UnknownGrouping,
    UnknownMeasure,
    aggregate,
    measure_steps,
)
from tests.evidence.measures import naive
from tests.evidence.measures.logs import BEGIN, OFFICE, SLOT, frame, log_of, logs, made

GROUPINGS = (["activity"], ["resource"], ["activity", "party"], ["case"], ["month", "function"])
SUMS = ("steps", "touch_hours", "touch_elapsed_hours", "waiting_hours", "steps_per_month", "touch_share")


@settings(deadline=None, max_examples=30)
@given(logs(min_size=1), st.sampled_from(GROUPINGS))
def test_as_computed_group_by_group(log: StepLog, by: list[str]) -> None:
    record = naive.measured(log.steps, OFFICE)
    table = aggregate(measure_steps(log, calendar=OFFICE), by=by)
    groups: dict[tuple[Any, ...], list[naive.Row]] = {}
    for row in record:
        groups.setdefault(tuple(row[key] for key in by), []).append(row)
    assert len(groups) == table.height
    for row in table.iter_rows(named=True):
        expected = naive.figures(groups[tuple(row[key] for key in by)], record)
        assert {name: row[name] for name in GROUP_MEASURES} == {
            name: approximately(value) for name, value in expected.items()
        }


@settings(deadline=None, max_examples=20)
@given(logs(min_size=1), st.sampled_from(GROUPINGS))
def test_groups_add_up_to_the_whole(log: StepLog, by: list[str]) -> None:
    steps = measure_steps(log, calendar=OFFICE)
    parts, whole = aggregate(steps, by=by, only=SUMS), aggregate(steps, by=[], only=SUMS)
    for name in SUMS:
        assert parts[name].sum() == pytest.approx(whole[name].sum()), name


@settings(deadline=None, max_examples=20)
@given(logs(min_size=1), st.sampled_from(GROUPINGS), st.randoms())
def test_the_order_of_rows_does_not_matter(log: StepLog, by: list[str], random: Any) -> None:
    steps = measure_steps(log, calendar=OFFICE)
    shuffled = steps[random.sample(range(steps.height), steps.height)]
    for one, other in zip(aggregate(steps, by=by).rows(), aggregate(shuffled, by=by).rows(), strict=True):
        assert one == tuple(map(approximately, other))


def test_one_column_may_be_named_alone() -> None:
    steps = measure_steps(made(["1 Enter Ann 02-02 09:00 09:00 10:00"]), calendar=OFFICE)
    assert aggregate(steps, by="activity").equals(aggregate(steps, by=["activity"]))


def test_only_what_is_asked_for_is_given() -> None:
    steps = measure_steps(made(["1 Enter Ann 02-02 09:00 09:00 10:00"]), calendar=OFFICE)
    assert aggregate(steps, by="case", only=["people", "steps"]).columns == ["case", "people", "steps"]


def test_a_figure_without_data_is_missing_not_zero() -> None:
    steps = measure_steps(made(["1 Enter - 02-02 09:00 09:00 10:00"]), calendar=OFFICE)
    row = aggregate(steps, by="activity").row(0, named=True)
    missing = {name for name in GROUP_MEASURES if row[name] is None}
    assert missing == {
        *(
            "waiting_hours",
            "waiting_share",
            "waiting_hours_mean",
            "waiting_hours_median",
            "waiting_hours_p90",
        ),
        *("waiting_elapsed_hours_median", "lead_hours_median", "handoff_share", "crossing_share"),
        *("handoffs", "crossings", "straight_through_rate"),
        *("people", "bus_factor_50", "bus_factor_90", "top_person_share", "weekly_cv", "weekly_swing"),
    }


def test_a_record_shorter_than_a_month_is_not_blown_up_to_one() -> None:
    steps = measure_steps(made(["1 Enter Ann 02-02 09:00 09:00 10:00"] * 3), calendar=OFFICE)
    assert aggregate(steps, by="activity", only=["steps_per_month"]).item(0, 1) == 3
    assert aggregate(steps, by="activity", only=["steps_per_month"], months=0.5).item(0, 1) == 6


def test_bus_factor_counts_the_few_who_do_most() -> None:
    people = ["Ann"] * 50 + ["Bob"] * 30 + ["Cy"] * 10 + ["Di"] * 6 + ["Ed"] * 4 + ["-"] * 100
    steps = measure_steps(made(f"1 Enter {one} 02-02 09:00 09:00 10:00" for one in people), calendar=OFFICE)
    figures = ["people", "bus_factor_50", "bus_factor_90", "top_person_share", "unattributed_share"]
    assert aggregate(steps, by="activity", only=figures).row(0) == ("Enter", 5, 1, 3, 0.5, 0.5)


def test_steady_work_does_not_vary_and_a_burst_does() -> None:
    steady = [week for week in range(8) for _ in range(5)]
    burst = [0] * 16 + [3] * 16
    alone = [0, 7]
    steps = frame(
        [
            {"case": "1", "activity": name, **at_week(week)}
            for name, weeks in {"Steady": steady, "Burst": burst, "Alone": alone}.items()
            for week in weeks
        ]
    )
    table = aggregate(
        measure_steps(log_of(steps), calendar=OFFICE), by="activity", only=["weekly_cv", "weekly_swing"]
    )
    assert table.rows() == [
        ("Alone", pytest.approx(3**0.5), 0.0),
        ("Burst", 1.0, pytest.approx((1 - 1 / 8) ** 0.5)),
        ("Steady", 0.0, 0.0),
    ]


def test_a_fixed_place_has_no_variety_and_every_place_has_all() -> None:
    fixed = made(
        f"{case} {activity} Ann 02-02 {time} {time} {end}"
        for case in (1, 2)
        for activity, time, end in (
            ("Enter", "09:00", "10:00"),
            ("Check", "10:00", "11:00"),
            ("Bill", "11:00", "12:00"),
        )
    )
    table = aggregate(measure_steps(fixed, calendar=OFFICE), by="activity", only=["variant_entropy"])
    assert table["variant_entropy"].to_list() == [0.0, 0.0, 0.0]


def test_figures_say_what_they_are() -> None:
    for name, entry in CATALOGUE.items():
        assert entry.name == name
        assert entry.title
        assert entry.definition[-1] != "."
        assert entry.source


def test_unknown_names_are_met_with_those_that_come_close() -> None:
    steps = measure_steps(made(["1 Enter Ann 02-02 09:00 09:00 10:00"]), calendar=OFFICE)
    with pytest.raises(UnknownMeasure, match="did you mean touch_hours"):
        aggregate(steps, by="activity", only=["touch_hour"])
    with pytest.raises(UnknownGrouping, match="did you mean activity"):
        aggregate(steps, by="activty")
    with pytest.raises(
        NotOfAGroup, match="'cycle_hours' is not a figure of a group of steps, but of each; `cases`"
    ):
        aggregate(steps, by="activity", only=["cycle_hours"])
    with pytest.raises(NotMergeable, match="ask the whole log for it, by `waited`"):
        aggregate(steps, by="activity", only=["waited_batching_hours"])


@pytest.mark.parametrize("by", [[], ["activity"], ["activity", "month"]])
def test_nothing_has_no_figures(by: list[str]) -> None:
    table = aggregate(measure_steps(made([]), calendar=OFFICE), by=by)
    assert table.height == 0
    assert table.columns == [*by, *GROUP_MEASURES]


def at_week(week: int) -> dict[str, dt.datetime]:
    start = BEGIN + dt.timedelta(weeks=week)
    return {"enabled_at": start, "started_at": start, "ended_at": start + SLOT}


def approximately(value: object) -> object:
    return pytest.approx(value, rel=1e-9, abs=1e-9) if isinstance(value, float) else value
