"""`backdesk assess` as one meets it: in a terminal, in a pipe, with input that cannot be read."""

from __future__ import annotations

import csv
import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backdesk.cli.main import app
from tests.shared import shared_data

HEAD = "Order,Task,Person,Started,Finished\n"


def assess(*arguments: str | Path) -> tuple[int, str, str]:
    """Run the command within this process: its exit code, what it printed, what it said on stderr."""
    done = CliRunner().invoke(app, ["assess", *map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


def orders(cases: int = 90) -> str:
    """Ninety orders, each entered, and checked after two working days by the one who can."""
    rows, begin = [], datetime(2026, 1, 5, 9, tzinfo=UTC)
    for number in range(cases):
        day = begin + timedelta(days=number)
        rows.append(f"O-{number},Enter,Ann,{day:%F %T},{day + timedelta(minutes=20):%F %T}")
        checked = day + timedelta(days=2, hours=3)
        rows.append(f"O-{number},Check,Bob,{checked:%F %T},{checked + timedelta(hours=2):%F %T}")
    return HEAD + "\n".join(rows) + "\n"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(orders())
    return path


def test_it_says_what_to_hand_over_and_why(log: Path) -> None:
    code, out, err = assess(log, "--zone", "Europe/Amsterdam")

    assert (code, err) == (0, "")
    assert out.startswith("orders.csv\n90 cases with 180 steps of 2 activities, done by 2 people")
    assert "180 rows read: 180 accepted, 0 rejected." in out
    assert "Check: candidate" in out
    assert "half of them wait" in " ".join(out.split())
    assert "Data sensitivity: How sensitive is the data one sees while doing it?" in out


def test_a_calendar_nobody_gave_is_said_to_be_assumed(log: Path) -> None:
    assumed, given = assess(log)[1], assess(log, "--calendar", "Mon-Sun 08:00-18:00")[1]

    assert "Working time Mon-Fri 09:00-17:00 is assumed (give it with --calendar)" in " ".join(
        assumed.split()
    )
    assert "is assumed (give it with --calendar)" not in " ".join(given.split())


def test_the_working_time_found_is_told_as_the_option_takes_it_where_another_is_assumed(
    tmp_path: Path,
) -> None:
    log = tmp_path / "early.csv"
    log.write_text(early())
    told = " ".join(assess(log)[1].split())
    hours = "Mon-Fri 06:00-14:00"
    assert (
        f'Working time found (support 100 %, confidence 100 %): reckon with it by --calendar "{hours}".'
        in told
    )
    assert "Working time found" not in assess(log, "--calendar", hours)[1]
    told_as_data = json.loads(assess(log, "--json")[1])["calendar"]
    assert (told_as_data["text"], told_as_data["found"]["calendar"]) == ("Mon-Fri 09:00-17:00", hours), (
        "not applied"
    )


def test_of_two_people_it_is_said_that_the_working_time_cannot_be_told(log: Path) -> None:
    told = " ".join(assess(log)[1].split())
    assert "When people work cannot be told from the record: it names 2 people only." in told


def early(weeks: int = 5) -> str:
    """Three people who work from six to two, five days a week."""
    rows = []
    for day in (one for one in range(7 * weeks) if one % 7 < 5):
        for hour in range(6, 14):
            at = datetime(2026, 1, 5, hour, tzinfo=UTC) + timedelta(days=day)
            rows += [
                f"{who}-{day},Task {hour},{who},{at:%F %T},{at + timedelta(minutes=50):%F %T}"
                for who in ("Ann", "Bob", "Cy")
            ]
    return HEAD + "\n".join(rows) + "\n"


def test_a_pipe_gets_words_only(log: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "backdesk", "assess", log], check=True, capture_output=True, text=True
    )

    assert "\x1b" not in done.stdout
    assert done.stderr == ""
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_json_is_json_and_nothing_else(log: Path) -> None:
    code, out, err = assess(log, "--json")

    assert (code, err) == (0, "")
    document = json.loads(out)
    assert document["schema"] == "backdesk.assessment/1"
    assert document["log"]["rows_read"] == document["log"]["rows_accepted"] == 180
    assert document["calendar"]["assumed"] is True
    assert document["candidates"][0]["activity"] == "Check"


@pytest.mark.parametrize(("ending", "start"), [("html", b"<!doctype html>"), ("pdf", b"%PDF-")])
def test_a_report_is_written_beside_the_answer(log: Path, tmp_path: Path, ending: str, start: bytes) -> None:
    report = tmp_path / f"board.{ending}"
    code, out, err = assess(log, "--report", report)

    assert code == 0
    assert report.read_bytes().startswith(start)
    assert "In short" in out
    assert str(report) in err.replace("\n", "")


def test_rates_give_costs_and_the_pay_against_the_market(log: Path, tmp_path: Path) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text("kind,name,rate,currency\ndefault,,60,EUR\nmarket,Check,20,EUR\n")
    code, out, _ = assess(log, "--rates", rates, "--calendar", "Mon-Sun 08:00-18:00")

    assert code == 0
    assert "EUR/month" in out
    assert "3 times the market rate" in " ".join(out.split())


def test_rejects_are_written_safe_for_a_spreadsheet(tmp_path: Path) -> None:
    log, rejects = tmp_path / "orders.csv", tmp_path / "rejects.csv"
    log.write_text(orders(5) + "O-9,Check,Bob,=HYPERLINK(1),=cmd|calc\n")
    code, out, _ = assess(log, "--rejects", rejects)

    assert code == 0
    assert "10 accepted, 1 rejected" in out
    rows = list(csv.reader(rejects.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0] == ["line", "field", "value", "reason"]
    assert rows[1][0] == "12"
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in rows[1])


def test_a_mapping_and_a_zone_can_be_given(tmp_path: Path) -> None:
    log = tmp_path / "export.csv"
    log.write_text(orders().replace(HEAD, "a,b,c,d,e\n"))
    code, out, _ = assess(
        log, "--mapping", "case=a,activity=b,resource=c,started_at=d,ended_at=e", "--zone", "Asia/Tokyo"
    )

    assert code == 0
    assert "Zone Asia/Tokyo." in " ".join(out.split())


def cut_gzip(folder: Path) -> tuple[str | Path, ...]:
    path = folder / "cut.csv.gz"
    path.write_bytes(gzip.compress(orders(600).encode())[:4000])
    return (path,)


def bomb(folder: Path) -> tuple[str | Path, ...]:
    path = folder / "bomb.xes"
    path.write_text('<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "aaaa">]><log><trace>&a;</trace></log>')
    return (path,)


def written(name: str, text: str, *options: str) -> Callable[[Path], tuple[str | Path, ...]]:
    def write(folder: Path) -> tuple[str | Path, ...]:
        (folder / name).write_text(text)
        return (folder / name, *options)

    return write


BAD: dict[str, tuple[Callable[[Path], tuple[str | Path, ...]], str]] = {
    "no file": (lambda folder: (folder / "none.csv",), "none.csv"),
    "a folder": (lambda folder: (folder,), ""),
    "empty": (written("empty.csv", ""), "empty.csv"),
    "no case": (written("log.csv", "Task,Done\nCheck,2026-01-05\n"), "case"),
    "no time": (written("log.csv", "Order,Task\nO-1,Check\nO-2,Check\n"), "time"),
    "no such zone": (written("log.csv", orders(3), "--zone", "Europe/Atlantis"), "Atlantis"),
    "no such calendar": (written("log.csv", orders(3), "--calendar", "Funday 9-5"), "Funday"),
    "no such country": (written("log.csv", orders(3), "--calendar", "Mon 09:00-17:00; holidays ZZ"), "ZZ"),
    "no such role": (written("log.csv", orders(3), "--mapping", "customer=Person"), "customer"),
    "no such column": (
        written("log.csv", orders(3), "--mapping", "case=X,activity=Task,ended_at=Finished"),
        "X",
    ),
    "no rates": (written("log.csv", orders(3), "--rates", "none.csv"), "none.csv"),
    "a report of no kind": (written("log.csv", orders(3), "--report", "out.docx"), ".html or .pdf"),
    "a report nowhere": (written("log.csv", orders(3), "--report", "/nowhere/out.pdf"), "no folder /nowhere"),
    "rejects nowhere": (written("log.csv", orders(3), "--rejects", "/nowhere/out.csv"), "/nowhere"),
    "entities": (bomb, "bomb.xes"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gets_one_clear_message_and_code_2(tmp_path: Path, case: str) -> None:
    make, said = BAD[case]
    code, out, err = assess(*make(tmp_path))

    assert (code, out) == (2, ""), err
    assert said in err
    assert "Traceback" not in err
    assert "fault of Backdesk" not in err
    assert len(err.strip().splitlines()) <= 3


def test_a_file_cut_short_is_read_as_far_as_it_goes_and_says_so(tmp_path: Path) -> None:
    code, out, _ = assess(*cut_gzip(tmp_path))

    assert code == 0
    assert "ends" in " ".join(out.split()).split("In short")[0]


def test_a_fault_of_ours_is_told_as_such(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("backdesk.evidence.assessment.assess", broken)
    code, out, err = assess(log)

    assert (code, out) == (1, "")
    assert err.startswith(
        "A fault of Backdesk, not of the log: ZeroDivisionError: division by zero (test_assess.py"
    )


def test_whoever_reads_only_the_head_gets_it_without_complaint(log: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} -m backdesk assess {log} --json | head -c 20",
        shell=True,
        check=True,
        capture_output=True,
        text=True,
    )

    assert done.stderr == ""
    assert done.stdout.startswith('{\n "schema"')


KNOWN = {
    "logs/running-example.xes": "6 cases with 42 steps of 8 activities",
    "logs/08_receipt.xes.gz": "1,434 cases with 8,577 steps of 27 activities",
    "logs/helpdesk.xes.gz": "4,580 cases",
    "logs/02_teleclaims.xes.gz": "3,512 cases",
    "bpic2020/DomesticDeclarations.xes.gz": "10,357 cases with 55,628 steps",
    "simod/PurchasingExample.csv.gz": "608 cases with 9,119 steps of 21 activities",
    "eed/Procure_to_Pay.csv.gz": "1,000 cases",
}


@pytest.mark.parametrize("path", KNOWN)
def test_real_histories_are_read_whole_and_assessed(path: str) -> None:
    code, out, err = assess(shared_data("eventlogs", path))

    assert code == 0, err
    assert KNOWN[path] in " ".join(out.split())
    assert "The pilot to start with" in out


def test_the_loan_applications_of_a_bank_are_told_rightly() -> None:
    code, out, _ = assess(shared_data("eventlogs", "logs", "bpic2012.xes.gz"), "--json")
    document = json.loads(out)
    by_name = {one["activity"]: one for one in document["candidates"]}

    assert code == 0
    assert document["log"]["rows_read"] == document["log"]["rows_accepted"] == 262_200
    assert document["log"]["cases"] == 13_087
    assert document["log"]["zone"] == "Europe/Amsterdam"
    assert by_name["A_SUBMITTED"]["figures"]["steps"] == 13_087
    assert by_name["A_APPROVED"]["figures"]["steps"] == 2_246
    # Changes of state of the application and the offer are nobody's work; calls and checks are.
    for name, one in by_name.items():
        assert (one["nothing"] is not None) == name.startswith(("A_", "O_")), name
    assert not [
        name for bundle in document["bundles"] for name in bundle["activities"] if not name.startswith("W_")
    ]
