"""The scale of a plot."""

from datetime import date, timedelta

from backdesk.evidence.charts import svg
from backdesk.evidence.charts._panels import Panel, Periods
from backdesk.evidence.charts.styling import Canvas
from backdesk.evidence.process.saying import in_english


def in_german(template: str, **values: str | float) -> str:
    return in_english(template, **values).replace(".", ",")


def test_of_what_is_counted_no_half_is_marked() -> None:
    assert Panel.of([1, None, 0], top=0).labels == ("0", "1")
    assert Panel.of([0.5, None, 1], top=0).labels == ("0", "0.5", "1"), "the control: this was measured"


def test_the_marks_of_an_axis_are_written_as_the_reader_writes_numbers() -> None:
    assert Panel.of([0.5, 1], top=0, say=in_german).labels == ("0", "0,5", "1")
    assert Panel.of([3_700.0], top=0, say=in_german).labels == ("0", "1k", "2k", "3k")
    assert Panel.timed([], most=4.2 * 3_600, elapsed=True, say=in_german).labels[:2] == ("0", "1 h")


def test_thousands_and_millions_are_shortened() -> None:
    assert Panel.of([3_000.0], top=0).labels[-1] == "3k"
    assert Panel.of([4_500_000.0], top=0).labels[:2] == ("0", "2M")
    assert Panel.of([1_500.0], top=0).labels == ("0", "500", "1k", "1.5k")


def labels_of(weeks: int) -> str:
    days = [date(2026, 10, 5) + timedelta(weeks=week) for week in range(weeks)]
    canvas = Canvas(width=560, height=40)
    Periods(days=days, width=560, weekly=True).label(canvas, y=20)
    return svg(canvas.finish(name="Weeks", description="Weeks."))


def test_few_weeks_are_named_each_since_a_month_would_name_several() -> None:
    few, many = labels_of(6), labels_of(30)
    assert all(day in few for day in ("5 Oct", "12 Oct", "9 Nov", "2026"))
    assert "5 Oct" not in many
    assert "Oct" in many
