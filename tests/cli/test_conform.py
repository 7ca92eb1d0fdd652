"""`backdesk conform` and `backdesk drift`: what they print and write, and what they refuse."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backdesk.evidence.process.bpmn.example import INVOICE
from tests.cli.test_convert import call

CASES = {
    "a": ["Key the invoice", "Check the invoice"],
    "b": ["Key the invoice", "Answer a question", "Key the invoice", "Check the invoice"],
    "=c": ["Check the invoice", "Key the invoice", "Telephone call"],
}


def log(folder: Path) -> Path:
    begun = datetime(2026, 1, 5, 8, tzinfo=UTC)
    rows = ["case,activity,time"]
    for case, activities in CASES.items():
        rows += [
            f"{case},{one},{(begun + timedelta(hours=n)).isoformat()}" for n, one in enumerate(activities)
        ]
    (folder / "log.csv").write_text("\n".join(rows))
    return folder / "log.csv"


def process(folder: Path, data: bytes = INVOICE) -> Path:
    (folder / "invoice.bpmn").write_bytes(data)
    return folder / "invoice.bpmn"


def test_says_how_cases_went_and_where_they_departed(tmp_path: Path) -> None:
    code, out, _ = call("conform", log(tmp_path), process(tmp_path))

    assert code == 0
    assert "2 of 3 cases went as the process says." in out
    assert "Fitness 0." in out
    assert "any branch may be taken" in out
    assert "early" in out
    assert "Telephone call" in out


def test_writes_each_deviation_with_its_case(tmp_path: Path) -> None:
    target = tmp_path / "deviations.csv"
    code, _, _ = call("conform", log(tmp_path), process(tmp_path), "--csv", target)

    assert code == 0
    rows = list(csv.DictReader(target.read_text(encoding="utf-8").splitlines()))
    assert [(row["case"], row["kind"], row["step"]) for row in rows] == [
        ("'=c", "early", "1"),
        ("'=c", "unknown", "3"),
    ]
    assert rows[1]["deviation"] == "“Telephone call” is no task of the process."


def test_what_is_no_process_is_told_plainly(tmp_path: Path) -> None:
    empty = (
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p"/></definitions>'
    )
    for data, said in ((b"<bpmn", "cannot be read as a process"), (empty, "There is no start event")):
        code, out, err = call("conform", log(tmp_path), process(tmp_path, data))
        assert (code, out) == (2, "")
        assert said in err
    code, _, err = call("conform", log(tmp_path), tmp_path / "none.bpmn")
    assert (code, "none.bpmn" in err) == (2, True)


def test_a_change_of_the_process_is_told_with_its_day(tmp_path: Path) -> None:
    begun = datetime(2026, 1, 5, 8, tzinfo=UTC)
    rows = ["case,activity,time"]
    for number in range(400):
        at = begun + timedelta(days=number // 10, minutes=number % 10)
        checked = number % 5 < (4 if number < 200 else 1)
        for n, activity in enumerate(("Enter", "Check", "Pay") if checked else ("Enter", "Pay")):
            rows.append(f"{number},{activity},{(at + timedelta(minutes=n)).isoformat()}")
    (tmp_path / "log.csv").write_text("\n".join(rows))
    code, out, _ = call("drift", tmp_path / "log.csv")

    assert code == 0
    assert "From 25 January 2026 (p = 0.002):" in out
    assert "“Check” is done in 20 % instead of 80 % of the cases" in out


def test_a_short_log_has_no_drift(tmp_path: Path) -> None:
    code, out, err = call("drift", log(tmp_path))
    assert (code, out) == (2, "")
    assert "8 days or more" in err


def test_a_place_that_cannot_be_written_to_is_told_before_the_log_is_read(tmp_path: Path) -> None:
    code, _, err = call(
        "conform", tmp_path / "missing.csv", process(tmp_path), "--csv", tmp_path / "no" / "d.csv"
    )

    assert code == 2
    assert "there is no folder" in err
