"""Figures of the BPI Challenge 2012 that independent tools agree on."""

from __future__ import annotations

import gzip
import re

import polars as pl
import pytest

from backdesk.evidence.calendars import parse, working_seconds
from tests.shared import shared_data


@pytest.fixture(scope="module")
def durations() -> pl.DataFrame:
    """Read first and last time of each case by hand: the reader has tests of its own."""
    text = gzip.decompress(shared_data("eventlogs", "logs", "bpic2012.xes.gz").read_bytes()).decode()
    times = re.compile(r'key="time:timestamp" value="([^"]+)"')
    cases = [times.findall(trace) for trace in text.split("<trace>")[1:]]
    ends = {"first": [min(case) for case in cases], "last": [max(case) for case in cases]}
    return pl.DataFrame(ends).select(pl.all().str.to_datetime("%+", time_unit="us", time_zone="UTC"))


def test_mean_and_median_elapsed(durations: pl.DataFrame) -> None:
    elapsed = (durations["last"] - durations["first"]).dt.total_seconds(fractional=True) / 3600
    assert elapsed.len() == 13_087
    assert elapsed.mean() == pytest.approx(206.9722, abs=5e-5)
    assert elapsed.median() == pytest.approx(19.4048, abs=5e-5)


@pytest.mark.parametrize(("zone", "mean"), [("Europe/Amsterdam", 55.3034), ("UTC", 55.1243)])
def test_mean_in_office_hours(durations: pl.DataFrame, zone: str, mean: float) -> None:
    office = parse("Mon-Fri 08:00-17:00", zone=zone)
    seconds = working_seconds(office, starts=durations["first"], ends=durations["last"])
    assert seconds.mean() / 3600 == pytest.approx(mean, abs=5e-5)
