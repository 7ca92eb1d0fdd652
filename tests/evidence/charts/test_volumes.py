import re
from datetime import UTC, date, datetime
from itertools import pairwise

import polars as pl
import pytest

from backdesk.evidence.charts import (
    NothingToChart,
    backlog,
    by_weekday_hour,
    monthly_volume,
    svg,
    weekday_hour,
)
from backdesk.evidence.charts.styling import ticks
from backdesk.evidence.process.theme import INKS
from tests.evidence.charts.pictures import FLOW, MONTHS, marks, texts


def columns(chart: object) -> list[dict[str, float]]:
    return [bar for bar in marks(chart, "rect") if bar["colour"] == INKS["accent"]]  # type: ignore[arg-type]


def test_columns_start_at_zero_and_are_as_high_as_their_value() -> None:
    bars = columns(monthly_volume(MONTHS))[:3]
    heights = [bar["y2"] - bar["y"] for bar in bars]
    assert heights == pytest.approx([heights[0] * steps / 1200 for steps in (1200, 900, 1500)])


def test_a_column_ends_at_the_line_of_its_value() -> None:
    chart = monthly_volume(MONTHS.with_columns(steps=pl.Series([1000, 900, 1500])))
    line = next(row["y"] - 4 for row in marks(chart, "text") if row["text"] == "1k")
    assert columns(chart)[0]["y"] == pytest.approx(line)


def test_the_highest_column_fills_the_plot() -> None:
    highest = min(bar["y"] for bar in columns(monthly_volume(MONTHS))[:3])
    assert highest == pytest.approx(26)  # just beneath the title


def test_a_month_without_steps_keeps_its_place() -> None:
    first, second, fourth = (bar["x"] for bar in columns(monthly_volume(MONTHS))[:3])
    assert fourth - second == pytest.approx(2 * (second - first))


def test_months_are_named_with_the_year_once() -> None:
    assert [text for text in texts(monthly_volume(MONTHS)) if text[:3] in ("Nov", "Dec", "Jan", "Feb")] == [
        "Nov\n2025",
        "Dec",
        "Jan\n2026",
        "Feb",
    ]


def test_hours_that_rest_on_estimated_starts_say_so() -> None:
    assert not any("estimated" in text for text in texts(monthly_volume(MONTHS)))
    estimated = MONTHS.with_columns(estimated_share=pl.lit(0.8))
    assert "Hours of touch time a month (estimated)" in texts(monthly_volume(estimated))


def test_ten_years_of_months_are_labelled_without_crowding() -> None:
    months = pl.DataFrame({"month": pl.date_range(date(2016, 1, 1), date(2026, 1, 1), "1mo", eager=True)})
    chart = monthly_volume(months.with_columns(steps=pl.lit(5), touch_hours=pl.lit(1.0)), width=340)
    places = sorted(row["x"] for row in marks(chart, "text") if row["text"][:3] in ("Jan", "Jul"))
    assert len(places) > 3
    assert min(b - a for a, b in pairwise(places)) >= 30


def test_the_backlog_says_how_much_is_open_at_most_and_at_the_end() -> None:
    told = backlog(FLOW).description
    assert "at most 39 cases open, 29 at the end. 602 arrived, 573 were completed." in told


def test_a_backlog_by_month_says_month() -> None:
    assert "cases a month" in texts(backlog(FLOW.rename({"week": "month"}).head(1)))


def test_arrivals_and_completions_share_a_scale() -> None:
    chart = backlog(FLOW)
    soft = [row for row in marks(chart, "line") if row["colour"] == INKS["ink-soft"]]
    accent = [row for row in marks(chart, "line") if row["colour"] == INKS["accent"]][12:]
    pairs = list(zip(FLOW["arrived"], soft, strict=True)) + list(zip(FLOW["completed"], accent, strict=True))
    units = {round((pairs[0][1]["y"] - row["y"]) / (value - 40), 3) for value, row in pairs if value != 40}
    assert len(units) == 1


def test_hours_are_those_of_the_clock_on_the_wall() -> None:
    ended = [datetime(2026, 3, 28, 8, 30, tzinfo=UTC), datetime(2026, 3, 30, 8, 30, tzinfo=UTC)]
    counted = by_weekday_hour(pl.DataFrame({"ended_at": ended}), zone="Europe/Amsterdam")
    assert counted.rows() == [(0, 10, 1), (5, 9, 1)]


def test_the_busiest_hour_is_the_darkest() -> None:
    hours = pl.DataFrame({"weekday": [0, 4, 6], "hour": [9, 23, 0], "steps": [10, 40, 0]})
    cells = [bar for bar in marks(weekday_hour(hours), "rect") if "opacity" in bar]
    assert [cell["opacity"] for cell in cells] == [pytest.approx(0.28), 1.0]


def test_shares_of_the_weekdays_stand_beside_them() -> None:
    hours = pl.DataFrame({"weekday": [0, 4], "hour": [9, 23], "steps": [10, 30]})
    assert texts(weekday_hour(hours))[7:14] == ["25 %", "–", "–", "–", "75 %", "–", "–"]


def test_without_periods_or_steps_there_is_no_chart() -> None:
    with pytest.raises(NothingToChart):
        monthly_volume(MONTHS.clear())
    with pytest.raises(NothingToChart):
        backlog(FLOW.clear())
    with pytest.raises(NothingToChart):
        weekday_hour(pl.DataFrame({"weekday": [0], "hour": [0], "steps": [0]}))


@pytest.mark.parametrize("most", [0.003, 0.9, 1, 3, 7, 10, 99, 101, 1234, 5e6])
def test_scales_have_a_few_round_marks_from_zero(most: float) -> None:
    marks = ticks(most)
    assert marks[0] == 0
    assert 2 <= len(marks) <= 6
    assert marks[-1] <= most * 1.0001
    assert most - marks[-1] < marks[1]


def test_each_period_with_an_address_is_a_link_that_says_where_it_leads() -> None:
    linked = MONTHS.with_columns(href=pl.lit("/steps?a=1&b=2"))
    links = re.findall('<a href="([^"]*)" aria-label="([^"]*)">', svg(monthly_volume(linked)))
    assert links[0] == ("/steps?a=1&amp;b=2", "Nov 2025")
    assert len(links) == MONTHS.height
    assert "<a " not in svg(monthly_volume(MONTHS)), "the negative control"
