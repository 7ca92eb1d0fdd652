"""What lies open, and what is expected: lines, bands and what they say."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from lxml.etree import fromstring

from backdesk.evidence.calendars import parse
from backdesk.evidence.charts import NothingToChart, expected_arrivals, load_over_time, svg
from backdesk.evidence.charts.rendering import SVG
from backdesk.evidence.measures import Forecast, forecast
from backdesk.evidence.measures.forecasting_model import AS_MANY
from tests.evidence.charts.pictures import marks, texts

WEEKS = pl.DataFrame(
    {
        "period": [date(2026, 1, 5), date(2026, 1, 12), date(2026, 1, 19)],
        "open_mean": [40.0, None, 20.0],
        "open_peak": [80, 10, 40],
        "in_work_mean": [1.0, None, 1.5],
        "in_work_peak": [2, 3, 4],
    }
)


@pytest.fixture(scope="module")
def found() -> Forecast:
    record = [
        datetime(2026, 1, 5 + day, 9, tzinfo=UTC) + timedelta(weeks=week)
        for week in range(40)
        for day in range(3 + week % 3)
    ]
    return forecast(pl.Series(record), calendar=parse("Mon-Fri 09:00-17:00", zone="UTC"))


def test_averages_lie_within_what_was_open_at_most() -> None:
    chart = load_over_time(WEEKS)
    areas, lines = marks(chart, "area"), marks(chart, "line")
    assert len(areas) == len(lines) == 6
    assert all(
        line["y"] is None or area["y"] <= line["y"] <= area["y2"]
        for area, line in zip(areas, lines, strict=True)
    )
    assert lines[1]["y"] is None, "a week without working time has no average"


def test_each_week_leads_to_what_lay_open_and_to_what_was_in_work_when_most_did() -> None:
    linked = WEEKS.with_columns(open_href=pl.lit("/open"), in_work_href=pl.lit("/in-work"))
    links = re.findall('<a href="([^"]*)" aria-label="([^"]*)">', svg(load_over_time(linked)))
    assert [link for link, _ in links] == ["/open"] * 3 + ["/in-work"] * 3
    assert links[0][1] == "5 Jan 2026, steps open at once at most: 80"
    assert links[-1][1] == "19 Jan 2026, steps in work at once at most: 4"
    assert "<a " not in svg(load_over_time(WEEKS))


def test_weeks_that_are_over_lead_to_what_arrived_and_those_to_come_nowhere(found: Forecast) -> None:
    past = found.history.with_columns(href=pl.lit("/cases"))
    drawn = fromstring(svg(expected_arrivals(replace(found, history=past))))
    links = drawn.findall(f".//{SVG}a")
    assert len(links) == 26
    assert links[0].get("aria-label", "").endswith(f"arrived: {past['arrived'].tail(26)[0]}")
    to_come = [one for one in drawn.iter(f"{SVG}g") if one.get("tabindex") == "0"]
    assert [one.get("aria-label", "")[:7] for one in to_come] == ["Week of"] * found.weeks.height
    assert {one.get("role") for one in to_come} == {"img"}
    assert all("Reckoned as" in one.findtext(f"{SVG}title", "") for one in to_come)


def test_what_arrived_goes_on_in_what_is_expected(found: Forecast) -> None:
    chart = expected_arrivals(found)
    band = [row for row in marks(chart, "area") if row["y"] is not None]
    assert len(band) == found.weeks.height
    assert all(row["y"] < row["y2"] for row in band)
    tried = next(row for row in texts(chart) if row.startswith("Tried on"))
    assert "The band held" in tried
    assert "as last week" in tried
    assert svg(chart, theme="page").startswith("<svg")


def test_a_forecast_that_says_as_last_week_is_not_held_against_itself(found: Forecast) -> None:
    said = texts(expected_arrivals(replace(found, method=AS_MANY)))
    (tried,) = (row for row in said if "as many as last week" in row)
    assert "of that of" not in tried


def test_without_a_week_there_is_nothing_to_chart() -> None:
    with pytest.raises(NothingToChart):
        load_over_time(WEEKS.clear())
