"""Steps kept in a file and read back the same; the file is whole or not there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from backdesk.evidence import eventlog
from backdesk.evidence.eventlog import StepLog, UnreadableFile, read_steps, write_steps
from tests.evidence.eventlog.writing import steps


@pytest.fixture
def log(tmp_path: Path) -> StepLog:
    return steps(
        tmp_path,
        "1,Prüfen,李 🦊,start,2024-01-02 09:00",
        "1,Prüfen,李 🦊,complete,2024-01-02 09:30",
        "1,Pay,,start,2024-01-02 10:00",
    )


def test_steps_come_back_the_same(log: StepLog, tmp_path: Path) -> None:
    path = tmp_path / "steps.parquet"
    write_steps(replace(log, zone="Europe/Berlin"), path=path)
    found = read_steps(str(path))
    assert_frame_equal(found.steps, log.steps)
    assert_frame_equal(found.open_steps, log.open_steps)
    assert (found.zone, found.starts, found.notes) == ("Europe/Berlin", log.starts, log.notes)


def test_writing_again_replaces_the_file_and_leaves_nothing_else(log: StepLog, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    for starts in ("recorded", "mixed"):
        write_steps(replace(log, starts=starts), path=folder / "steps.parquet")
    assert read_steps(folder / "steps.parquet").starts == "mixed"
    assert [path.name for path in folder.iterdir()] == ["steps.parquet"]


def test_a_write_broken_off_leaves_the_old_file(
    log: StepLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "steps.parquet"
    write_steps(log, path=path)

    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", fail)
    with pytest.raises(OSError, match="disk full"):
        write_steps(replace(log, zone="Asia/Tokyo"), path=path)
    assert read_steps(path).zone == "UTC"
    assert not list(tmp_path.glob(".*"))


def test_files_of_others_and_broken_ones_are_told_apart(log: StepLog, tmp_path: Path) -> None:
    path = tmp_path / "steps.parquet"
    log.steps.write_parquet(path)
    with pytest.raises(UnreadableFile, match="holds no steps written by Backdesk"):
        read_steps(path)
    path.write_bytes(b"PAR1 nothing PAR1")
    with pytest.raises(UnreadableFile, match="no whole Parquet file"):
        read_steps(path)
    with pytest.raises(UnreadableFile, match="does not exist"):
        read_steps(tmp_path / "missing.parquet")


def test_steps_can_be_read_as_a_log_of_their_own(log: StepLog, tmp_path: Path) -> None:
    path = tmp_path / "steps.parquet"
    write_steps(log, path=path)
    again = eventlog.to_steps(eventlog.read(path, zone="UTC"))
    assert_frame_equal(again.steps.drop("line"), log.steps.drop("line"))
