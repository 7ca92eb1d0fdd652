import polars as pl
import pytest

from backdesk.evidence.charts import NothingToChart, hours_by_activity, score_contributions
from backdesk.evidence.process.theme import INKS
from tests.evidence.charts.pictures import ACTIVITIES, NAMES, POINTS, TOTALS, marks, texts


def test_bars_are_as_long_as_their_hours_longest_first() -> None:
    bars = marks(hours_by_activity(ACTIVITIES.sample(fraction=1, shuffle=True, seed=3)), "rect")
    lengths = [bar["x2"] - bar["x"] for bar in bars]
    assert lengths == pytest.approx([lengths[0] * hours / 120 for hours in (120, 80, 40, 9.5, 0.4)])


def test_every_bar_is_labelled_directly() -> None:
    assert texts(hours_by_activity(ACTIVITIES))[-5:] == ["120 h", "80 h", "40 h", "9.5 h", "0.4 h"]


def test_the_rest_is_added_up_in_one_row() -> None:
    told = texts(hours_by_activity(ACTIVITIES, limit=2))
    assert "3 others" in told
    assert told[-3:] == ["120 h", "80 h", "50 h"]


def test_estimated_hours_are_marked() -> None:
    estimated = ACTIVITIES.with_columns(estimated=pl.Series([True, False, False, False, False]))
    assert texts(hours_by_activity(estimated))[-5:-3] == ["~120 h", "80 h"]


def test_names_stand_above_their_bars_on_a_phone() -> None:
    beside = marks(hours_by_activity(ACTIVITIES, width=720), "rect")
    above = marks(hours_by_activity(ACTIVITIES, width=340), "rect")
    assert {bar["x"] for bar in beside} == {200}
    assert {bar["x"] for bar in above} == {0}


def test_hours_of_the_whole_record_are_not_called_monthly() -> None:
    assert hours_by_activity(ACTIVITIES, per="record").description.startswith("250 hours in all: ")


def test_points_for_run_right_and_points_against_left() -> None:
    chart = score_contributions(POINTS, totals=TOTALS)
    zero = next(rule["x"] for rule in marks(chart, "rule") if rule["colour"] == INKS["ink-soft"])
    bars = marks(chart, "rect")
    unit = (bars[0]["x2"] - bars[0]["x"] + 1) / 30
    right = [bar for bar in bars if bar["colour"] == INKS["accent"]]
    left = [bar for bar in bars if bar["colour"] == INKS["ink-soft"]]
    assert [round((bar["x2"] - bar["x"] + 1) / unit) for bar in right] == [30, 12]
    assert [round((bar["x2"] - bar["x"] + 1) / unit) for bar in left] == [18, 25]
    assert all(bar["x"] >= zero for bar in right)
    assert all(bar["x2"] <= zero for bar in left)


def test_a_criterion_is_named_in_its_bar_where_it_fits() -> None:
    assert "No hands" in texts(score_contributions(POINTS, totals=TOTALS, width=720))
    crowd = POINTS.with_columns(criterion=pl.lit("Unpronounceable" * 6))
    assert not any("Unpronounceable" in text for text in texts(score_contributions(crowd, width=340)))


@pytest.mark.parametrize(("criterion", "named"), [("Hurts ", True), ("No hands ", False)])
def test_where_only_its_first_word_fits_a_criterion_is_named_by_that(criterion: str, named: bool) -> None:
    wordy = POINTS.head(1).with_columns(criterion=pl.lit(criterion + "in many ways " * 20))
    assert (criterion.split()[0] in texts(score_contributions(wordy))) is named


def test_the_range_of_the_total_is_drawn_and_explained() -> None:
    chart = score_contributions(POINTS, totals=TOTALS)
    spans = [rule["x2"] - rule["x"] for rule in marks(chart, "rule") if rule["colour"] == INKS["ink"]][:2]
    assert spans[0] / spans[1] == pytest.approx(60 / 65)
    assert any("once the unknown is told" in text for text in texts(chart))
    assert not any("unknown" in text for text in texts(score_contributions(POINTS)))


def test_an_activity_nobody_knows_anything_of_keeps_its_row() -> None:
    totals = pl.concat(
        [TOTALS, pl.DataFrame({"activity": ["New"], "total": [0.0], "low": [-40.0], "high": [60.0]})]
    )
    told = score_contributions(POINTS, totals=totals).description
    assert told.endswith("New: total 0 (between −40 and +60).")


def test_scores_are_told_in_words() -> None:
    told = score_contributions(POINTS, totals=TOTALS).description
    assert told.startswith(
        f"{NAMES[0]}: for No hands 30, Hurts in-house 12; against Value added 18; total +24"
    )


def test_without_rows_there_is_no_chart() -> None:
    with pytest.raises(NothingToChart):
        hours_by_activity(ACTIVITIES.with_columns(hours=pl.lit(0.0)))
    with pytest.raises(NothingToChart):
        score_contributions(POINTS.clear())
