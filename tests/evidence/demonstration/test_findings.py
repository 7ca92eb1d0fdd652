"""The product, run on the demonstration's export, finds what was planted: log in, findings out."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from statistics import median

import polars as pl
import pytest

from backdesk.evidence.assessment import Answers, Assessment, Candidate, assess, read_rates
from backdesk.evidence.calendars import parse
from backdesk.evidence.demonstration import Demonstration
from backdesk.evidence.eventlog import Reading, read, to_steps

NOW = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def files(demo: Demonstration, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demonstration")
    demo.write_csv(folder / "work.csv")
    demo.write_rates(folder / "rates.csv")
    return folder


@pytest.fixture(scope="module")
def reading(files: Path) -> Reading:
    return read(files / "work.csv", now=NOW)


@pytest.fixture(scope="module")
def found(demo: Demonstration, files: Path, reading: Reading) -> Assessment:
    """What the record, the rates and the people say together."""
    return assess(
        to_steps(reading),
        calendar=parse(demo.calendar, zone=demo.zone),
        rates=read_rates(files / "rates.csv"),
        answers=medians(demo),
    )


@pytest.fixture(scope="module")
def from_record_alone(demo: Demonstration, reading: Reading) -> Assessment:
    return assess(to_steps(reading), calendar=parse(demo.calendar, zone=demo.zone))


def medians(demo: Demonstration) -> dict[str, Answers]:
    said: dict[str, list[dict[str, int]]] = {}
    for answer in demo.answers:
        said.setdefault(answer.activity, []).append(asdict(answer.grades))
    return {
        activity: Answers(
            medians={grade: float(median(one[grade] for one in grades)) for grade in grades[0]},  # type: ignore[misc]
            count=len(grades),
        )
        for activity, grades in said.items()
    }


def candidate(found: Assessment, activity: str) -> Candidate:
    return next(one for one in found.candidates if one.activity == activity)


def value(found: Assessment, activity: str, criterion: str) -> float:
    scored = candidate(found, activity).score_of(criterion).value
    assert scored is not None
    return scored


def figure(found: Assessment, activity: str, name: str) -> float:
    measured = candidate(found, activity).record.figures[name]
    assert measured is not None
    return measured


def test_every_row_is_accepted_or_rejected_as_planted(demo: Demonstration, reading: Reading) -> None:
    assert reading.rows_read == demo.flaws.rows_of(steps=len(demo.steps))
    assert reading.rows_rejected == demo.flaws.rejects
    assert reading.rows_accepted == demo.flaws.good_of(steps=len(demo.steps))


def test_every_reject_says_which_of_the_three_flaws_it_has(demo: Demonstration, reading: Reading) -> None:
    reasons = reading.rejects["reason"]
    flaws = demo.flaws
    assert reasons.str.contains("no time").sum() == len(flaws.missing_times)
    assert reasons.str.contains("ends before it starts").sum() == len(flaws.swapped_times)
    assert reasons.str.contains("same as line").sum() == len(flaws.doubled)


def test_the_columns_and_the_clock_are_found_without_help(reading: Reading) -> None:
    mapping = reading.mapping
    assert (mapping.case, mapping.activity, mapping.started_at, mapping.ended_at) == (
        "Case",
        "Activity",
        "Started",
        "Finished",
    )
    assert (mapping.resource, mapping.team, mapping.function) == ("Person", "Team", "Department")
    assert reading.zone_source == "offsets"


def test_engineers_who_retouch_photos_are_the_wrong_hands(found: Assessment) -> None:
    assert figure(found, "Retouch photos", "pay_ratio") == pytest.approx(76 / 17.5)
    assert value(found, "Retouch photos", "no_hands") == 1
    assert candidate(found, "Retouch photos").verdict == "hand over"


def test_customer_records_have_no_hands(from_record_alone: Assessment) -> None:
    assert value(from_record_alone, "Clean customer record", "no_hands") == 1
    assert value(from_record_alone, "Clean customer record", "hurts") == 1
    assert figure(from_record_alone, "Clean customer record", "backlog_growth") > 0.1
    assert candidate(from_record_alone, "Clean customer record").verdict == "candidate"


def test_pay_hangs_on_one_person(from_record_alone: Assessment) -> None:
    assert figure(from_record_alone, "Calculate pay", "bus_factor_90") == 1
    assert value(from_record_alone, "Calculate pay", "no_know_how") >= 0.5


def test_customs_codes_lack_know_how(found: Assessment) -> None:
    assert 0.28 <= figure(found, "Assign customs code", "rework_share") <= 0.40
    assert value(found, "Assign customs code", "no_know_how") == 1
    assert candidate(found, "Assign customs code").verdict == "hand over"


def test_timber_statements_lack_experience(from_record_alone: Assessment) -> None:
    assert value(from_record_alone, "File timber statement", "no_experience") >= 0.5
    others = [one for one in from_record_alone.candidates if one.function != "Regulatory compliance"]
    assert all((one.score_of("no_experience").value or 0) < 0.5 for one in others)


@pytest.mark.parametrize(
    "activity", ["Approve payment", "Release pay", "Decide salary change", "Decide goodwill"]
)
def test_decisions_stay(found: Assessment, activity: str) -> None:
    stays = candidate(found, activity)
    assert stays.verdict == "keep"
    assert stays.total < -20
    assert value(found, activity, "judgement") == 1


def test_what_the_system_does_is_nobodys_to_hand_over(demo: Demonstration, found: Assessment) -> None:
    automated = set(demo.steps.filter(Person=demo.system_user)["Activity"])
    assert len(automated) == 7
    assert {one.activity for one in found.candidates if one.nothing} == automated


def test_of_what_people_have_not_answered_the_product_asks(demo: Demonstration, found: Assessment) -> None:
    answered = {answer.activity for answer in demo.answers}
    sensitivity = next(one for one in found.questions if one.criterion == "sensitivity")
    assert sensitivity.activities
    assert answered.isdisjoint(sensitivity.activities)


def test_invoices_swing_with_the_month(from_record_alone: Assessment) -> None:
    ordinary = figure(from_record_alone, "Answer request", "weekly_swing")
    assert figure(from_record_alone, "Receive invoice", "weekly_swing") > 1.5 * ordinary


def test_photos_and_texts_are_seen_to_run_side_by_side(found: Assessment) -> None:
    follows = set(found.edges.select("source", "target").cast(pl.String).rows())
    assert ("Shoot photos", "Retouch photos") in follows
    assert ("Shoot photos", "Write product text") in follows
    assert ("Retouch photos", "Write product text") not in follows


def test_photos_are_in_the_first_bundle_and_a_pilot_is_proposed(found: Assessment) -> None:
    assert "Retouch photos" in found.bundles[0].activities
    assert found.pilot is not None
    assert candidate(found, found.pilot.activity).verdict == "hand over"
