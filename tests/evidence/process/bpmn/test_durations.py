from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backdesk.evidence.process.bpmn.durations import parse, write

SECOND = timedelta(seconds=1)


@given(st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=99_999)))
def test_what_is_written_reads_back_the_same(duration: timedelta) -> None:
    assert parse(write(duration)) == duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("PT30M", 1800),
        (" P1W ", 604_800),
        ("P1W2DT3H4M5.5S", 604_800 + 2 * 86_400 + 3 * 3600 + 4 * 60 + 5.5),
        ("PT36H", 129_600),
    ],
)
def test_weeks_to_seconds_are_read(text: str, seconds: float) -> None:
    assert parse(text) == seconds * SECOND


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1DT", "P1Y", "P2M", "-P1D", "1D", "P1.5D", "PT1,5S", "P٢D", "PT1S2M", "PT0S"]
)
def test_what_has_no_exact_length_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="“"):
        parse(text)


def test_a_duration_beyond_all_calendars_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        parse("P9999999999999D")
