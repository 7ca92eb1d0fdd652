"""How a service goes, as a picture: what it says in words, and where there is nothing to draw."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from backdesk.evidence import charts
from backdesk.evidence.charts import NothingToChart, service_flow, service_quality

DAYS = [date(2026, 3, 1) + timedelta(days=day) for day in range(15)]


def figures(**columns: list[float | None]) -> pl.DataFrame:
    empty: dict[str, list[float | None]] = {
        name: [None] * len(DAYS)
        for name in ("attainment", "first_pass_yield", "accuracy", "accuracy_low", "accuracy_high")
    }
    counts: dict[str, list[float | None]] = {
        name: [0] * len(DAYS) for name in ("received", "delivered", "open_items")
    }
    return pl.DataFrame({"period": DAYS, **counts, **empty, **columns})


def test_days_are_labelled_each_week_up_to_the_last() -> None:
    svg = charts.svg(service_flow(figures(received=[3] * 15), every="day"))
    assert [label in svg for label in ("1 Mar", "8 Mar", "15 Mar", "9 Mar")] == [True, True, True, False]


def test_a_share_that_nobody_knows_has_no_plot() -> None:
    chart = service_quality(figures(attainment=[0.9] * 15), every="day")
    svg = charts.svg(chart)
    assert "Turnaround kept" in svg
    assert "Accuracy" not in svg


def test_the_target_is_a_line_with_its_share() -> None:
    table = figures(accuracy=[0.9] * 15, accuracy_low=[0.8] * 15, accuracy_high=[0.95] * 15)
    svg = charts.svg(service_quality(table, every="day", targets={"accuracy": 0.985}))
    assert "target 98.5 %" in svg


def test_what_stands_alone_is_a_point_with_its_interval_as_a_bar_and_what_does_not_is_a_line() -> None:
    """A line of one point, and a band of one, draw nothing."""
    one = figures(first_pass_yield=[0.9, *[None] * 14], first_pass_low=[0.8] * 15, first_pass_high=[1.0] * 15)
    every = figures(first_pass_yield=[0.9] * 15, first_pass_low=[0.8] * 15, first_pass_high=[1.0] * 15)
    assert _points(service_quality(one, every="day")) == 1
    assert _points(service_quality(every, every="day")) == 0
    week = one.head(1)
    assert _points(service_quality(week, every="week")) == 1
    assert _bars(service_quality(week, every="week")) == 1
    assert _bars(service_quality(every, every="day")) == 0


@pytest.mark.parametrize("chart", [service_flow, service_quality])
def test_of_nothing_there_is_no_picture(chart: object) -> None:
    with pytest.raises(NothingToChart):
        chart(figures(), every="day")  # type: ignore[operator]


@pytest.mark.parametrize("chart", [service_flow, service_quality])
@pytest.mark.parametrize("every", ["day", "month"])
def test_a_chart_says_everything_in_the_language_it_is_given(chart: Any, every: str) -> None:
    """Here in capitals, names of months too."""

    def say(template: str, **values: str | float) -> str:
        return template.format(**values).upper()

    table = figures(received=[30] * 15, attainment=[0.9] * 15)
    said = re.findall(r">([^<>]*[A-Za-z][^<>]*)<", charts.svg(chart(table, every=every, say=say)))
    assert any("MAR" in words for words in said)
    assert [words for words in said if words != words.upper()] == []


def test_numbers_in_english_have_commas_between_thousands() -> None:
    assert "45,000 received" in service_flow(figures(received=[3000] * 15), every="day").description


def _points(chart: Any) -> int:
    return sum(len(layer.data.values) for layer in chart.layer if layer.mark["type"] == "circle")


def _bars(chart: Any) -> int:
    return sum(layer.mark.get("strokeWidth") == 8 for layer in chart.layer)
