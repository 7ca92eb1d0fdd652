"""The scale of a plot."""

from backdesk.evidence.charts._panels import Panel
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
