"""`backdesk convert`: from one format to another, and what it says about it; `assess` reads the same logs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backdesk.cli.main import app
from backdesk.evidence import eventlog
from tests.evidence.eventlog import ocel


def call(*arguments: str | Path) -> tuple[int, str, str]:
    """Run the command within this process: its exit code, what it printed, what it said on stderr."""
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize("name", ["log.csv", "log.xes.gz", "log.parquet", "again.json", "again.sqlite"])
def test_a_log_is_written_in_the_format_its_name_tells(tmp_path: Path, name: str) -> None:
    code, out, err = call("convert", ocel.json_2(tmp_path), tmp_path / name)

    assert (code, out) == (0, "")
    assert f"5 events of 2 cases written to {tmp_path / name}; 1 row rejected. Zone " in err
    assert 'The objects of the type "order" are the cases' in err
    assert eventlog.read(tmp_path / name).events["case"].to_list().count("o1") == 3


def test_the_case_and_the_zone_can_be_chosen(tmp_path: Path) -> None:
    target = tmp_path / "items.csv"
    code, _, err = call(
        "convert", ocel.sqlite_2(tmp_path), target, "--object-type", "item", "--zone", "Asia/Tokyo"
    )

    assert code == 0
    assert "4 events of 2 cases" in err
    assert "Zone Asia/Tokyo." in err


def test_steps_are_written_a_row_each(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(
        "case,activity,lifecycle,time\n1,Pay,start,2024-01-02 09:00\n1,Pay,complete,2024-01-02 09:30\n"
    )
    code, _, _ = call("convert", log, tmp_path / "steps.csv", "--steps", "--zone", "UTC")

    assert code == 0
    assert len((tmp_path / "steps.csv").read_text().splitlines()) == 2
    assert eventlog.read(tmp_path / "steps.csv").events["started_at"].null_count() == 0


def test_bad_input_gets_one_clear_message_and_code_2(tmp_path: Path) -> None:
    log = ocel.json_2(tmp_path)
    for arguments, said in (
        ((log, tmp_path / "log.xlsx"), "tells no format"),
        ((log, tmp_path / "none" / "log.csv"), "there is no folder"),
        ((log, log), "is the log itself"),
        ((tmp_path / "none.csv", tmp_path / "out.csv"), "does not exist"),
        ((log, tmp_path / "out.csv", "--object-type", "orders"), 'no objects of the type "orders"'),
        ((log, tmp_path / "out.csv", "--mapping", "who"), "no part of a mapping"),
    ):
        code, out, err = call("convert", *arguments)
        assert (code, out) == (2, "")
        assert said in err
        assert "fault of Backdesk" not in err
        assert not (tmp_path / "out.csv").exists()


def test_it_is_listed_and_read_only_when_called() -> None:
    seen = "print('backdesk.cli.convert' in sys.modules, 'polars' in sys.modules)"
    code = f"import sys; from backdesk.cli.main import app; {seen}"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout.split() == ["False", "False"]
    assert "convert" in call("--help")[1]


@pytest.mark.parametrize("name", ocel.WRITERS)
def test_object_centric_logs_are_assessed(tmp_path: Path, name: str) -> None:
    code, out, err = call("assess", ocel.WRITERS[name](tmp_path))

    assert code == 0, err
    assert "2 cases with 5 steps of 3 activities" in " ".join(out.split())


def test_the_object_type_of_an_assessment_can_be_given(tmp_path: Path) -> None:
    code, out, err = call("assess", ocel.json_2(tmp_path), "--object-type", "item")

    assert code == 0, err
    assert "2 cases with 4 steps of 2 activities" in " ".join(out.split())
