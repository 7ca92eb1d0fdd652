"""The bad rows of the export: as many as told, and nothing else changed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from backdesk.evidence.demonstration import Demonstration, Flaws
from backdesk.evidence.demonstration.flaws import draw_flaws, spoil


@pytest.fixture
def export(demo: Demonstration, tmp_path: Path) -> pl.DataFrame:
    demo.write_csv(tmp_path / "work.csv")
    return pl.read_csv(tmp_path / "work.csv", infer_schema=False)


def test_without_flaws_the_file_holds_the_steps(demo: Demonstration, tmp_path: Path) -> None:
    demo.write_csv(tmp_path / "work.csv", flaws=False)
    assert pl.read_csv(tmp_path / "work.csv", infer_schema=False).equals(demo.steps)


def test_the_counts_told_are_the_counts_written(demo: Demonstration, export: pl.DataFrame) -> None:
    started, finished = pl.col("Started"), pl.col("Finished")
    times = export.with_columns(
        pl.col("Started", "Finished").str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_unit="us")
    )
    assert export.height == demo.flaws.rows_of(steps=len(demo.steps))
    assert len(times.filter(finished.is_null() & started.is_null())) == len(demo.flaws.missing_times)
    assert len(times.filter(finished < started)) == len(demo.flaws.swapped_times)
    assert export.height - export.n_unique() == len(demo.flaws.doubled)


def test_there_are_a_handful_of_each_kind(demo: Demonstration) -> None:
    counts = [len(rows) for rows in (demo.flaws.missing_times, demo.flaws.swapped_times, demo.flaws.doubled)]
    assert all(20 <= count <= 60 for count in counts)
    assert demo.flaws.rejects == sum(counts)


def test_what_is_left_is_the_good_steps(demo: Demonstration, export: pl.DataFrame) -> None:
    bad = (*demo.flaws.missing_times, *demo.flaws.swapped_times)
    good = demo.steps.with_row_index().filter(~pl.col("index").is_in(bad)).drop("index")
    times = pl.col("Started", "Finished").str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_unit="us")
    in_order = export.with_columns(times).select(pl.col("Finished") >= pl.col("Started")).to_series()
    kept = export.filter(in_order).unique(maintain_order=True)
    assert kept.equals(good)
    assert len(kept) == demo.flaws.good_of(steps=len(demo.steps))


def test_no_row_has_two_flaws(demo: Demonstration) -> None:
    rows = (*demo.flaws.missing_times, *demo.flaws.swapped_times, *demo.flaws.doubled)
    assert len(set(rows)) == len(rows)


@pytest.mark.parametrize("size", [0, 1, 2, 5])
def test_a_record_of_few_steps_has_no_more_flaws_than_steps(size: int) -> None:
    steps = pl.DataFrame({"Started": ["a"] * size, "Finished": ["b"] * size})
    flaws = draw_flaws(steps, rng=np.random.default_rng(1))
    assert flaws.rejects <= size
    assert len(spoil(steps, flaws)) == flaws.rows_of(steps=size)


def test_without_flaws_nothing_is_spoilt() -> None:
    steps = pl.DataFrame({"Started": ["1"], "Finished": ["2"]})
    assert spoil(steps, Flaws(missing_times=(), swapped_times=(), doubled=())).equals(steps)
