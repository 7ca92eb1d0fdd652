"""From the steps of a log to what to hand over."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest

from backdesk.evidence.assessment import (
    CRITERION,
    DEFINITIONS,
    SCALES,
    Answers,
    Assessment,
    Rate,
    Rates,
    WeightsInvalid,
    assess,
)
from tests.evidence.assessment.logs import CLOCK, Step, log_of, purchases

EURO = Rates(
    entries=(
        Rate(kind="resource", name="Ann", rate=Decimal("60.00"), currency="EUR"),
        Rate(kind="default", name="", rate=Decimal("30.00"), currency="EUR"),
        Rate(kind="market", name="Check", rate=Decimal("20.00"), currency="EUR"),
    )
)


@pytest.fixture(scope="module")
def found() -> Assessment:
    return assess(log_of(purchases()), calendar=CLOCK, rates=EURO)


def test_the_waiting_check_is_handed_over_with_its_reasons(found: Assessment) -> None:
    check = found.candidates[0]

    assert (check.activity, check.verdict) == ("Check", "hand over")
    assert any(reason.startswith("Hurts in-house: half of them wait 24 hours") for reason in check.reasons)
    assert any("one person does 90 % of it" in reason for reason in check.reasons)
    assert any("cost 3 times the market rate" in reason for reason in check.reasons)


def test_what_a_machine_does_stays_and_says_so(found: Assessment) -> None:
    register = found.candidates[-1]

    assert (register.activity, register.verdict) == ("Register", "keep")
    assert register.against == (
        "Nothing to hand over: a machine does it: 100 % of its steps stand under a system's name",
    )


def test_figures_are_those_one_counts_by_hand(found: Assessment) -> None:
    figures = {one.activity: one.record.figures for one in found.candidates}

    assert figures["Check"]["touch_hours"] == pytest.approx(360)
    assert figures["Check"]["waiting_hours_median"] == pytest.approx(24)
    assert figures["Check"]["crossings_alone"] == pytest.approx(1)  # to Book; Register is nobody's work
    assert figures["Book"]["touch_share"] == pytest.approx(60 / 420)
    assert figures["Check"]["same_hands_share"] == 0
    assert figures["Register"]["machine_share"] == 1
    assert figures["Check"]["returned_share"] == 0
    assert figures["Check"]["months_since_new"] is None


def test_every_figure_that_counts_is_defined() -> None:
    assert {scale.figure for scales in SCALES.values() for scale in scales} <= set(DEFINITIONS)


def test_costs_are_hours_times_the_rate_of_who_did_it(found: Assessment) -> None:
    assert found.costs is not None
    assert found.costs["Check"].amount == Decimal("21600.00")
    assert found.costs["Book"].amount == Decimal("1800.00")
    assert found.costs["Check"].pay_ratio == pytest.approx(3.0)
    assert found.costs["Book"].pay_ratio is None


def test_work_without_a_rate_is_told_not_guessed() -> None:
    only_ann = Rates(entries=EURO.entries[:1])
    costs = assess(log_of(purchases(30)), calendar=CLOCK, rates=only_ann).costs

    assert costs is not None
    assert costs["Book"].hourly is None
    assert costs["Book"].hours_without_rate == Decimal("15.000000")
    assert assess(log_of(purchases(3)), calendar=CLOCK, rates=Rates(entries=())).costs is None


def test_the_bundle_crosses_once_a_case_and_the_pilot_is_a_part_of_it(found: Assessment) -> None:
    best = found.bundles[0]

    assert best.activities == ("Check",)
    assert best.crossings_per_case == pytest.approx(1)
    assert found.pilot is not None
    assert found.pilot.activity == "Check"


def test_what_came_back_is_told_from_what_was_tried_again() -> None:
    steps: list[Step] = []
    for n in range(40):
        start, case = n * 20.0, f"C-{n}"
        steps += [(case, "Call", "Ann", start, start + 1), (case, "Call", "Ann", start + 2, start + 3)]
        steps += [(case, "Note", "Bob", start + 4, start + 5), (case, "Call", "Ann", start + 6, start + 7)]
    figures = {one.activity: one.record.figures for one in assess(log_of(steps), calendar=CLOCK).candidates}

    assert figures["Call"]["rework_share"] == pytest.approx(2 / 3)
    assert figures["Call"]["resumed_share"] == pytest.approx(1 / 3)
    assert figures["Call"]["returned_share"] == pytest.approx(1 / 3)


def test_an_activity_first_seen_late_is_new() -> None:
    old: list[Step] = [(f"C-{n}", "Check", "Ann", n * 24.0, n * 24 + 1) for n in range(300)]
    new: list[Step] = [(f"N-{n}", "Report", "Ann", n * 24.0, n * 24 + 1) for n in range(270, 300)]
    candidates = assess(log_of(old + new), calendar=CLOCK).candidates
    figures = {one.activity: one.record.figures for one in candidates}

    assert figures["Report"]["months_since_new"] == pytest.approx(29 / 30.4375, abs=0.05)
    assert figures["Check"]["months_since_new"] is None


def test_answers_change_the_verdict() -> None:
    core = Answers(medians={"value": 5, "judgement": 5, "sensitivity": 5, "customer_contact": 5}, count=7)
    found = assess(log_of(purchases()), calendar=CLOCK, answers={"Check": core})

    assert {one.activity: one.verdict for one in found.candidates}["Check"] == "keep"
    assert not any("Check" in bundle.activities for bundle in found.bundles)


def test_questions_are_asked_once_with_the_activities_they_are_about(found: Assessment) -> None:
    asked = {question.criterion: question for question in found.questions}

    assert set(asked) == {"value", "judgement", "customer_contact", "sensitivity", "hurts"}
    assert asked["hurts"].text.startswith("Is it waiting for us, or for the customer or a supplier?")
    assert asked["value"].activities == ("Check",)
    assert asked["value"].text == CRITERION["value"].question


def test_without_people_in_the_log_it_says_what_it_cannot_tell() -> None:
    steps: list[Step] = [
        (case, activity, None, start, end) for case, activity, _, start, end in purchases(60)
    ]
    check = next(one for one in assess(log_of(steps), calendar=CLOCK).candidates if one.activity == "Check")

    assert check.score_of("no_hands").value is None
    assert CRITERION["no_hands"].question in check.questions or check.verdict == "keep"
    assert "bus_factor_90" not in {one.figure for one in check.score_of("no_know_how").evidence}


def test_ends_alone_make_no_claim_about_waiting_or_hours() -> None:
    steps = purchases(80)
    found = assess(log_of(steps, estimated=("Register", "Check", "Book")), calendar=CLOCK)
    check = next(one for one in found.candidates if one.activity == "Check")

    assert check.record.estimated
    figures = {evidence.figure for score in check.scores for evidence in score.evidence}
    assert not figures & {"waiting_hours_median", "waiting_share", "contention_hours_mean", "utilisation"}
    assert not figures & {"touch_hours_per_month", "touch_share"}


def test_one_case_is_assessed_without_claims() -> None:
    found = assess(log_of(purchases(1)), calendar=CLOCK)

    assert found.summary.cases == 1
    assert found.bundles == ()
    assert found.pilot is None
    assert {one.verdict for one in found.candidates} <= {"ask", "keep"}


def test_an_empty_log_is_assessed_to_nothing() -> None:
    empty = log_of([])
    found = assess(empty, calendar=CLOCK)

    assert (len(found.candidates), len(found.bundles), len(found.questions)) == (0, 0, 0)
    assert found.working_share is None


def test_the_names_of_machines_stand_in_the_table_of_steps(found: Assessment) -> None:
    assert "scanner system" in found.measured["resource"].cast(pl.String).unique().to_list()
    assert found.summary.people == 4


def test_crossings_of_today_are_counted_where_companies_are_named() -> None:
    log = log_of(purchases(30))
    parties = (
        pl.when(pl.col("activity").cast(pl.String) == "Book").then(pl.lit("Provider")).otherwise(pl.lit("Us"))
    )
    both = replace(log, steps=log.steps.with_columns(parties.cast(pl.Categorical).alias("party")))

    assert assess(both, calendar=CLOCK).crossings_today == pytest.approx(1)
    assert assess(log, calendar=CLOCK).crossings_today is None


def test_progress_is_told_and_may_cancel() -> None:
    told: list[tuple[float, str]] = []
    assess(
        log_of(purchases(5)), calendar=CLOCK, progress=lambda fraction, phase: told.append((fraction, phase))
    )

    assert [fraction for fraction, _ in told] == sorted(fraction for fraction, _ in told)
    assert told[-1][0] == 1.0

    def cancel(fraction: float, phase: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        assess(log_of(purchases(5)), calendar=CLOCK, progress=cancel)


def test_weights_that_make_no_sense_are_refused() -> None:
    with pytest.raises(WeightsInvalid):
        assess(log_of(purchases(5)), calendar=CLOCK, weights={"luck": 1})


def test_the_document_is_json_and_says_all_of_it(found: Assessment) -> None:
    document = json.loads(json.dumps(found.to_dict(), allow_nan=False))

    assert document["schema"] == "backdesk.assessment/1"
    assert set(document) == {
        "schema", "log", "calendar", "candidates", "bundles", "minutes_per_crossing", "crossings_today_per_case",
        "pilot", "no_pilot", "keep", "questions", "notes", "edges", "cost", "criteria", "definitions",
    }  # fmt: skip
    check = document["candidates"][0]
    assert check["cost"]["amount"] == "21600.00"
    assert sum(score["points"] or 0 for score in check["scores"]) == pytest.approx(check["total"])
    assert all(score["evidence"] for score in check["scores"] if score["value"] is not None)
    for score in check["scores"]:
        for evidence in score["evidence"]:
            assert evidence["figure"] in document["definitions"]
    assert document["cost"]["currency"] == "EUR"
    assert document["log"]["cases"] == 120
    assert document["log"]["first"].startswith("2026-01-05T08:00:00")
    assert document["notes"] == ["Made by hand.", "scanner system: read as a system, not as a person."]
    assert [edge["source"] for edge in document["edges"]] == ["Check"]
