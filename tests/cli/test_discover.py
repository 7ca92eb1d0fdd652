"""`backdesk discover`: a model of a log, printed, drawn and written for other tools."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from backdesk.cli.main import app
from backdesk.evidence.process.bpmn import problems, read_bpmn


def call(*arguments: str | Path) -> tuple[int, str, str]:
    """Run the command within this process: its exit code, what it printed, what it said on stderr."""
    done = CliRunner().invoke(app, ["discover", *map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Nine cases of Enter, Check, Pay, and one that was never checked."""
    rows = [
        f"{case},{name},2024-01-{case:02} {9 + place}:00"
        for case in range(1, 11)
        for place, name in enumerate(("Enter", "Check", "Pay"))
        if (case, name) != (10, "Check")
    ]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(["case,activity,time", *rows]))
    return path


def test_the_model_is_printed_and_how_much_of_the_log_it_tells(log: Path) -> None:
    code, out, err = call(log, "--zone", "UTC")
    assert (code, out) == (0, "->( 'Enter', 'Check', 'Pay' )\n")
    assert "9 of 10 cases (90.0%) went just as the model says." in err


def test_without_noise_every_case_fits(log: Path) -> None:
    _, out, err = call(log, "--zone", "UTC", "--noise", "0")
    assert out == "->( 'Enter', X( 'Check', tau ), 'Pay' )\n"
    assert "10 of 10 cases (100.0%)" in err


def test_the_model_is_written_as_bpmn_and_drawn(log: Path, tmp_path: Path) -> None:
    code, _, _ = call(log, "--zone", "UTC", "--bpmn", tmp_path / "out.bpmn", "--svg", tmp_path / "out.svg")
    model = read_bpmn((tmp_path / "out.bpmn").read_bytes())
    assert code == 0
    assert [node.name for node in model.of_kind("user")] == ["Enter", "Check", "Pay"]
    assert problems(model) == ()
    assert ">Check<" in (tmp_path / "out.svg").read_text()


def test_what_cannot_be_written_is_refused_before_the_log_is_read(tmp_path: Path) -> None:
    code, _, err = call(tmp_path / "nowhere.csv", "--bpmn", tmp_path / "no folder" / "out.bpmn")
    assert code == 2
    assert "there is no folder" in err
    code, _, err = call(tmp_path / "nowhere.csv", "--svg", tmp_path)
    assert (code, "is a folder" in err) == (2, True)


def test_too_many_activities_are_said_plainly(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    rows = [f"1,Task {number},2024-01-01 09:00" for number in range(151)]
    path.write_text("\n".join(["case,activity,time", *rows]))
    code, _, err = call(path, "--zone", "UTC")
    assert code == 2
    assert "wide.csv: The log has 151 activities; a model is made of up to 150." in err
