"""The scale of a plot."""

from backdesk.evidence.charts._panels import Panel


def test_of_what_is_counted_no_half_is_marked() -> None:
    assert Panel.of([1, None, 0], top=0).labels == ("0", "1")
    assert Panel.of([0.5, None, 1], top=0).labels == ("0", "0.5", "1"), "the control: this was measured"
