"""The answers that independent tools give for published logs."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl
import pytest

from backdesk.evidence import eventlog
from backdesk.evidence.eventlog import Reading
from tests.shared import shared_data

WITH_BOTH_TIMES = [
    ("eed/BPIC_2012_W.csv.gz", 59_302),
    ("eed/Insurance_Claims.csv.gz", 5_443),
    ("eed/Loan_Application.csv.gz", 11_805),
    ("eed/Procure_to_Pay.csv.gz", 13_290),
    ("simod/PurchasingExample.csv.gz", 9_119),
    ("optimos/LoanOrigination-SC-LU/LoanOrigination-SC-LU.csv.gz", 9_844),
    ("optimos/production/production.csv.gz", 4_687),
    ("optimos/purchasing_example/purchasing_example.csv.gz", 9_119),
]


def log(*parts: str) -> Path:
    return shared_data("eventlogs", *parts)


@cache
def loans() -> Reading:
    return eventlog.read(log("logs", "bpic2012.xes.gz"))


def test_the_loan_applications_of_2012_have_their_published_counts() -> None:
    events = loans().events
    assert (loans().rows_read, loans().rows_rejected, loans().truncated) == (262_200, 0, None)
    assert events["case"].n_unique() == 13_087
    assert events["activity"].n_unique() == 24
    assert events["resource"].drop_nulls().n_unique() == 68
    assert events["resource"].null_count() == 18_010
    counts = dict(events["activity"].cast(pl.String).value_counts().rows())
    assert (counts["A_SUBMITTED"], counts["A_APPROVED"]) == (13_087, 2_246)
    assert sorted(events["lifecycle"].unique()) == ["complete", "schedule", "start"]


def test_the_loan_applications_tell_where_they_were_worked_on() -> None:
    assert (loans().zone, loans().zone_source) == ("Europe/Amsterdam", "offsets")
    assert sorted(loans().events["offset"].unique()) == [60, 120]


def test_the_loan_applications_last_as_long_as_published() -> None:
    cases = (
        loans().events.group_by("case").agg((pl.max("at") - pl.min("at")).dt.total_microseconds().alias("us"))
    )
    hours = cases["us"] / 3_600_000_000
    assert hours.mean() == pytest.approx(206.9722, abs=5e-5)
    assert hours.median() == pytest.approx(19.4048, abs=5e-5)


def test_the_loan_applications_follow_each_other_as_published() -> None:
    ordered = loans().events.sort("case", "at", "line")
    same = pl.col("case") == pl.col("case").shift(-1)
    pairs = ordered.select("activity", pl.col("activity").shift(-1).alias("next"), same.alias("same")).filter(
        "same"
    )
    assert pairs.height == 249_113
    variants = ordered.group_by("case", maintain_order=True).agg(
        pl.col("activity").cast(pl.String).str.join(">")
    )
    assert variants["activity"].n_unique() == 4_366


def test_every_event_of_the_loan_applications_is_accounted_for_in_the_steps() -> None:
    found = eventlog.to_steps(loans())
    counts = dict(loans().events["lifecycle"].cast(pl.String).value_counts().rows())
    assert found.steps.height == counts["complete"]
    paired = counts["start"] - found.open_steps.height
    real = found.steps.filter(
        ~pl.col("start_estimated"), pl.col("activity").cast(pl.String).str.starts_with("W_")
    )
    assert real.height == paired
    assert found.starts == "mixed"
    assert '26,318 "schedule", no steps' in found.notes[0]


def test_lines_of_the_loan_applications_point_at_their_events() -> None:
    import gzip

    with gzip.open(log("logs", "bpic2012.xes.gz"), "rt", encoding="utf-8") as file:
        text = file.read().split("\n")
    lines = loans().events["line"]
    assert all(text[line - 1].strip() == "<event>" for line in lines.gather_every(1000))
    assert text[lines[-1] - 1].strip() == "<event>"


def test_the_permits_are_the_same_from_csv_and_from_xes() -> None:
    table, document = (eventlog.read(log("logs", name)) for name in ("receipt.csv.gz", "08_receipt.xes.gz"))
    for reading in (table, document):
        assert (reading.events.height, reading.events["case"].n_unique()) == (8_577, 1_434)
        assert (reading.zone, reading.zone_source) == ("Europe/Amsterdam", "offsets")
    columns = ["case", "activity", "resource", "team", "at", "offset", "lifecycle"]
    text = pl.col("activity", "resource", "team", "lifecycle").cast(pl.String)
    one, other = (
        reading.events.select(columns).with_columns(text).sort(columns) for reading in (table, document)
    )
    assert one.equals(other)


def test_the_toy_is_the_same_from_csv_and_from_xes() -> None:
    one, other = (eventlog.read(log("logs", f"running-example.{kind}")) for kind in ("csv", "xes"))
    assert one.events.height == other.events.height == 42
    assert sorted(one.events["at"]) == sorted(other.events["at"])


def test_the_travel_declarations_have_their_published_counts() -> None:
    reading = eventlog.read(log("bpic2020", "DomesticDeclarations.xes.gz"))
    assert (reading.events.height, reading.events["case"].n_unique()) == (55_628, 10_357)
    assert eventlog.to_steps(reading).starts == "estimated"


def test_the_help_desk_loses_only_what_it_says_twice() -> None:
    reading = eventlog.read(log("logs", "helpdesk.xes.gz"))
    assert (reading.rows_read, reading.rows_rejected) == (21_348, 127)
    assert reading.rejects["reason"].str.starts_with("The row is the same as line ").all()


@pytest.mark.parametrize(("name", "rows"), WITH_BOTH_TIMES)
def test_logs_with_start_and_end_are_read_whole(name: str, rows: int) -> None:
    reading = eventlog.read(log(*name.split("/")))
    assert (reading.rows_read, reading.rows_rejected) == (rows, 0)
    assert reading.mapping.started_at is not None
    found = eventlog.to_steps(reading)
    assert (found.steps.height, found.open_steps.height, found.starts) == (rows, 0, "recorded")


@pytest.mark.parametrize(("name", "paired"), [("02_teleclaims.xes.gz", 21_313), ("reviewing.xes", 1_452)])
def test_logs_with_a_lifecycle_are_paired_whole(name: str, paired: int) -> None:
    found = eventlog.to_steps(eventlog.read(log("logs", name)))
    assert found.notes[0].startswith(
        f"{found.steps.height + paired:,} events: {2 * paired:,} starts and ends"
    )
    assert found.open_steps.height == 0


@pytest.mark.parametrize("name", ["manual_log_1", "manual_log_2", "manual_log_3", "handoff-test"])
def test_waiting_before_each_handover_is_as_worked_out_by_hand(name: str) -> None:
    """Expected: who hands over to whom, how often, and the elapsed time between, all found by their authors."""
    steps = eventlog.to_steps(eventlog.read(log("wta", "icpm-manual", f"{name}.csv"), zone="UTC")).steps
    waiting = (pl.col("started_at") - pl.col("enabled_at")).dt.total_seconds()
    plain = steps.select(pl.col("activity", "resource").cast(pl.String), waiting.alias("waiting"))
    before = plain.select("activity", "resource").with_row_index("before")
    handed = plain.with_columns(eventlog.causal_predecessors(steps).alias("before"))
    handed = handed.join(before, on="before", suffix="_before")
    keys = ["activity_before", "resource_before", "activity", "resource"]
    found = handed.group_by(keys).agg(pl.len().cast(pl.Float64), pl.col("waiting").sum().cast(pl.Float64))
    expected = pl.read_csv(log("wta", "icpm-manual", f"{name}_expected.csv")).select(
        *("source_activity", "source_resource", "target_activity", "target_resource"),
        *("frequency", "wt_total_seconds"),
    )
    assert sorted(found.rows()) == sorted(expected.rows())


def test_parallel_work_is_found_in_the_insurance_claims() -> None:
    """The model behind this simulated log has one parallel gateway, before these two."""
    found = eventlog.to_steps(eventlog.read(log("eed", "Insurance_Claims.csv.gz"))).steps
    pair = ["Advise Claimant on Reimbursement", "Initiate Payment"]
    both = found.filter(pl.col("activity").cast(pl.String).is_in(pair))
    assert (both.group_by("case").agg(pl.col("enabled_at").n_unique())["enabled_at"] == 1).all()
