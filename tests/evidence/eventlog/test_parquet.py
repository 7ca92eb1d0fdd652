"""Parquet files: times with and without zone, types other than text, broken files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from backdesk.evidence import eventlog
from backdesk.evidence.eventlog import UnreadableFile
from tests.evidence.eventlog.writing import times

AT = [datetime.fromisoformat(text) for text in ("2024-01-02 09:00", "2024-07-02 09:00")]


def written(folder: Path, **columns: object) -> Path:
    path = folder / "log.parquet"
    pl.DataFrame({"case": [1, 2], "activity": ["Check", "Pay"], "time": AT, **columns}).write_parquet(path)
    return path


def test_times_without_a_zone_are_local(tmp_path: Path) -> None:
    reading = eventlog.read(written(tmp_path), zone="Europe/Berlin")
    assert times(reading.events["at"]) == ["08:00", "07:00"]
    assert reading.events["offset"].to_list() == [None, None]
    assert reading.events["line"].to_list() == [1, 2]
    assert reading.events["case"].to_list() == ["1", "2"]


def test_the_zone_of_a_column_is_the_zone_of_the_log(tmp_path: Path) -> None:
    local = pl.Series(AT).dt.replace_time_zone("Europe/Vienna")
    reading = eventlog.read(written(tmp_path, time=local))
    assert (reading.zone, reading.zone_source) == ("Europe/Vienna", "offsets")
    assert reading.events["offset"].to_list() == [60, 120]


def test_texts_dates_and_counts_are_times_too(tmp_path: Path) -> None:
    for time in (["2024-01-02", "2024-07-02"], [1704153600, 1719878400], pl.Series(AT).dt.date()):
        reading = eventlog.read(written(tmp_path, time=time), zone="UTC")
        assert reading.events["at"].to_list() == [at.replace(hour=0, tzinfo=UTC) for at in AT]


def test_columns_of_other_types_do_no_harm(tmp_path: Path) -> None:
    path = written(tmp_path, tags=[["a"], ["b"]], raw=[b"\xff", b"b"], extra=[{"x": 1}, {"x": 2}])
    proposal = eventlog.propose(path)
    assert proposal.rows[0] == ("1", "Check", "2024-01-02 09:00:00", None, None, "{1}")
    assert eventlog.read(path).rows_accepted == 2


def test_a_broken_file_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(UnreadableFile, match="no whole Parquet file"):
        eventlog.read(path)


def test_a_file_on_which_the_library_panics_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does so of counts that do not fit, and of what it raises then nobody who catches `Exception` hears."""

    def panic(*_: object) -> None:
        raise pl.exceptions.PanicException("assertion failed")

    assert not issubclass(pl.exceptions.PanicException, Exception)
    path = written(tmp_path)
    monkeypatch.setattr(pl.LazyFrame, "collect", panic)
    with pytest.raises(UnreadableFile, match=r"no whole Parquet file \(assertion failed\)"):
        eventlog.read(path)
