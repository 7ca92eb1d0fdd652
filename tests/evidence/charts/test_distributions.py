import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.charts import (
    NothingToChart,
    cycle_distribution,
    touch_distribution,
    waiting_distribution,
)
from backdesk.evidence.process.text import duration, width
from backdesk.evidence.process.theme import INKS
from tests.evidence.charts.pictures import STEPS, marks, texts

seconds = st.floats(0, 4e7, allow_subnormal=False)


@settings(deadline=None, max_examples=30)
@given(st.lists(seconds, min_size=1, max_size=60), st.sampled_from([720, 340]))
def test_bars_are_as_high_as_the_share_of_the_steps_they_stand_for(waits: list[float], wide: int) -> None:
    chart = waiting_distribution(pl.DataFrame({"waiting_s": waits}), width=wide)
    heights = [bar["y2"] - bar["y"] for bar in marks(chart, "rect")]
    edges = [_seconds(text) for text in _edge_labels(chart.height, marks(chart, "text"))]
    below = [sum(wait < edge * 0.999999 for wait in waits) for edge in edges]
    shares = np.diff([0, *below, len(waits)]) / len(waits)
    assert len(heights) == len(shares)
    assert heights == pytest.approx(shares * max(heights) / max(shares), abs=0.1)


@settings(deadline=None, max_examples=30)
@given(st.lists(seconds, min_size=1, max_size=60))
def test_median_and_ninetieth_percentile_are_told(waits: list[float]) -> None:
    told = texts(waiting_distribution(pl.DataFrame({"waiting_s": waits})))
    assert f"half within {duration(float(np.quantile(waits, 0.5)))}" in told
    assert f"90 % within {duration(float(np.quantile(waits, 0.9)))}" in told


@settings(deadline=None, max_examples=15)
@given(st.lists(seconds, min_size=1, max_size=30), seconds, st.sampled_from([720, 340]))
def test_no_line_runs_through_the_label_of_another(waits: list[float], target: float, wide: int) -> None:
    chart = waiting_distribution(pl.DataFrame({"waiting_s": waits}), width=wide, target_seconds=target)
    lines = [rule for rule in marks(chart, "rule") if rule["x"] == rule["x2"]]
    labels = [text for text in marks(chart, "text") if text["text"].split()[0] in ("half", "90", "target")]
    assert len(lines) == len(labels) == 3
    for own, label in zip(lines, labels, strict=True):
        room = width(label["text"], size=11)
        left, right = sorted((label["x"], label["x"] + (room if label["x"] > own["x"] else -room)))
        crossing = [
            other
            for other in lines
            if other is not own and left < other["x"] < right and other["y"] < label["y"]
        ]
        # Where two lines nearly coincide, no arrangement keeps them apart.
        assert all(abs(other["x"] - own["x"]) < 12 for other in crossing)


def _edge_labels(height: float, rows: list[dict[str, object]]) -> list[str]:
    return [str(row["text"]) for row in rows if row["y"] == height - 5]


def _seconds(text: str) -> float:
    amount, unit = text.replace(",", "").split()
    return float(amount) * {"s": 1, "min": 60, "h": 3_600, "d": 86_400}[unit]


def test_a_duration_on_the_edge_of_two_classes_counts_in_the_upper_one() -> None:
    chart = waiting_distribution(pl.DataFrame({"waiting_s": [60.0] + 3 * [120.0]}))
    labels = _edge_labels(chart.height, marks(chart, "text"))
    heights = [bar["y2"] - bar["y"] for bar in marks(chart, "rect")]
    assert dict(zip([*labels, "more"], heights, strict=True)) == {
        "1 min": 0,
        "2 min": pytest.approx(heights[2] / 3),
        "5 min": heights[2],
        **dict.fromkeys(["more"], 0),
    }


def test_bars_stand_on_a_common_base_line() -> None:
    assert len({bar["y2"] for bar in marks(waiting_distribution(STEPS), "rect")}) == 1


def test_a_phone_gets_fewer_classes() -> None:
    assert len(marks(waiting_distribution(STEPS, width=340), "rect")) <= 8
    assert len(marks(waiting_distribution(STEPS, width=720), "rect")) > 8


def test_unknown_waits_are_left_out() -> None:
    waits = pl.DataFrame({"waiting_s": [None, 60.0, None, 120.0]})
    assert waiting_distribution(waits).description.startswith("Waiting of 2 steps")


def test_working_time_is_read_from_its_own_column_and_never_told_in_days() -> None:
    chart = waiting_distribution(STEPS, working=True)
    assert "working time" in chart.description
    assert not any(text.endswith(" d") for text in texts(chart))


def test_the_target_is_a_thin_line_with_its_value() -> None:
    chart = cycle_distribution(pl.DataFrame({"cycle_hours": [5.0, 30.0]}), target_seconds=2 * 86_400)
    assert "target 2 d" in texts(chart)
    assert [rule["colour"] for rule in marks(chart, "rule")].count(INKS["accent"]) == 1


@pytest.mark.parametrize("values", [[], [None]])
def test_without_a_value_there_is_no_chart(values: list[float | None]) -> None:
    frame = pl.DataFrame({"touch_working_s": values}, schema={"touch_working_s": pl.Float64})
    with pytest.raises(NothingToChart):
        touch_distribution(frame)


def test_steps_that_all_take_the_same_are_charted_too() -> None:
    assert "half within 0 min" in texts(touch_distribution(pl.DataFrame({"touch_working_s": [0.0] * 9})))
