"""The demonstration company of one year, made once: most tests look at what came out."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from backdesk.evidence.demonstration import Demonstration, generate


@pytest.fixture(scope="session")
def demo() -> Demonstration:
    return generate(until=dt.date(2026, 11, 1))


@pytest.fixture(scope="session")
def steps(demo: Demonstration) -> pl.DataFrame:
    """The steps with real times: `started`, `ended` in UTC, `minutes`, local `month`, `waited` hours."""
    times = pl.col("Started", "Finished").str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_unit="us")
    return (
        demo.steps.with_columns(times)
        .rename({"Started": "started", "Finished": "ended"})
        .with_columns(
            minutes=(pl.col("ended") - pl.col("started")).dt.total_seconds() / 60,
            month=pl.col("ended").dt.convert_time_zone(demo.zone).dt.strftime("%Y-%m"),
            waited=(pl.col("started") - pl.col("ended").shift().over("Case")).dt.total_seconds() / 3600,
        )
    )
