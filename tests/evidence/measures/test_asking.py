"""What is asked and is not there is told by name, with what comes close or who gives it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import polars as pl
import pytest

from backdesk.evidence import measures
from backdesk.evidence.calendars import UnknownZone
from backdesk.evidence.measures import (
    CATALOGUE,
    Breakdown,
    NotMeasured,
    Period,
    UnknownGrouping,
    aggregate,
    cases,
    handovers,
    measure_steps,
    waited,
    waiting_causes,
    waiting_savings,
    workload,
)
from backdesk.evidence.measures.catalogue import giver
from backdesk.evidence.process import process_map
from backdesk.evidence.statistics import ImpossibleCount
from tests.evidence.measures.logs import OFFICE, made


def test_every_figure_stands_in_the_table_of_who_is_said_to_give_it() -> None:
    steps = measure_steps(made(["1 Enter Ann 02-02 09:00 09:00 10:00"]), calendar=OFFICE)
    by_case = cases(steps, calendar=OFFICE)
    now = dt.datetime(2026, 2, 3, tzinfo=dt.UTC)
    begun = steps.with_columns(ended_at=pl.lit(None, pl.Datetime("us", "UTC")))
    open_steps = measures.wip(begun, now=now, calendar=OFFICE)
    tables = {
        "cases": by_case,
        "variants": measures.variants(steps),
        "waited": waited(waiting_causes(steps, calendar=OFFICE), by=["activity"]),
        "people": measures.people(steps, calendar=OFFICE),
        "working_times": measures.working_times(steps, zone=OFFICE.zone),
        "contention": measures.contention(steps, calendar=OFFICE),
        "handovers": handovers(steps),
        "flow": measures.flow(by_case, zone=OFFICE.zone),
        "backlog_growth": measures.backlog_growth(steps),
        "workload": workload(steps, calendar=OFFICE),
        "wip": open_steps,
        "wip_figures": measures.wip_figures(open_steps),
    }
    givers = {name: giver(entry) for name, entry in CATALOGUE.items()}
    assert {
        name for name, who in givers.items() if who in tables and name not in tables[who].columns
    } == set()
    others = set(givers.values()) - {*tables}
    assert others == {"aggregate", "days_to_clear", "forecast", "summary"}
    assert {who for who in others if not callable(getattr(measures, who))} == set()


def test_every_table_says_which_column_it_has_not() -> None:
    steps = measure_steps(made(["1 Enter Ann 02-02 09:00 09:00 10:00"]), calendar=OFFICE)
    caused = waiting_causes(steps, calendar=OFFICE)
    asked: dict[str, Callable[[], object]] = {
        "waited": lambda: waited(caused, by=["activty"]),
        "waiting_savings": lambda: waiting_savings(caused, by=["activty"]),
        "workload": lambda: workload(steps, calendar=OFFICE, by=["activty"]),
        "handovers": lambda: handovers(steps, between="activty"),
    }
    for ask in asked.values():
        with pytest.raises(UnknownGrouping, match="have no column 'activty'; did you mean activity"):
            ask()


def test_one_column_is_asked_for_by_its_name_alone() -> None:
    steps = measure_steps(
        made(["1 Enter Ann 02-02 09:00 09:00 10:00", "1 Check Bob 02-02 10:00 11:00 12:00"]), calendar=OFFICE
    )
    caused = waiting_causes(steps, calendar=OFFICE)
    asked: list[Callable[[str | list[str]], pl.DataFrame]] = [
        lambda by: waited(caused, by=by),
        lambda by: waiting_savings(caused, by=by),
        lambda by: workload(steps, calendar=OFFICE, by=by),
        lambda by: measures.contention(steps, calendar=OFFICE, by=by),
        lambda by: measures.utilised(steps, calendar=OFFICE, by=by),
        lambda by: aggregate(steps, by=by, only="steps"),
    ]
    for ask in asked:
        assert ask("activity").equals(ask(["activity"]))
        assert "Check" in ask("activity")["activity"]


def test_a_confidence_and_numbers_that_are_none_are_refused_in_words() -> None:
    log = made(["1 Enter Ann 02-02 09:00 09:00 10:00"])
    steps = measure_steps(log, calendar=OFFICE)
    with pytest.raises(ImpossibleCount, match="a confidence of 95 is none; give one between 0 and 1"):
        measures.contention(steps, calendar=OFFICE, confidence=95)
    with pytest.raises(ValueError, match="cannot be put into 0 partitions; give 1 or more"):
        measures.partitioned(log, into=0)


def test_what_is_not_measured_is_sent_to_who_measures_it() -> None:
    log = made(["1 Enter Ann 02-02 09:00 09:00 10:00"])
    asked: list[Callable[[], object]] = [
        lambda: aggregate(log.steps, by="activity"),
        lambda: cases(log.steps, calendar=OFFICE),
        lambda: waiting_causes(log.steps, calendar=OFFICE),
        lambda: handovers(log.steps),
        lambda: process_map(log.steps),
    ]
    for ask in asked:
        with pytest.raises(NotMeasured, match="give them to `measure_steps` first"):
            ask()
    for by_causes in (waited, waiting_savings):
        with pytest.raises(NotMeasured, match="give them to `waiting_causes` first"):
            by_causes(measure_steps(log, calendar=OFFICE), by=["activity"])


def test_a_breakdown_takes_one_name_or_a_list() -> None:
    asked = Breakdown(by="activity", only=["steps", "steps"])  # type: ignore[arg-type]
    assert (asked.by, asked.only) == (("activity",), ("steps",))
    assert asked == Breakdown(by=("activity",), only=("steps",))
    assert len({asked}) == 1


def test_a_period_is_one_there_is_in_a_zone_there_is() -> None:
    with pytest.raises(UnknownGrouping, match="no period by 'year'; there is day, week, month, quarter"):
        Period(every="year", zone="Europe/Amsterdam")  # type: ignore[arg-type]
    with pytest.raises(UnknownGrouping, match="no period by 'begin'; there is arrival"):
        Period(every="month", at="begin", zone="Europe/Amsterdam")  # type: ignore[arg-type]
    with pytest.raises(UnknownZone, match="Europe/Amsterdam"):
        Period(every="month", zone="Europe/Amsterdm")
