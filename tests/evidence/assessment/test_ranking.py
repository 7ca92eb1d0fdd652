"""Ranking activities as candidates for handing over."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backdesk.evidence.assessment import (
    CRITERIA,
    CRITERION,
    HAND_OVER_FROM,
    SCALES,
    ActivityRecord,
    Answers,
    Candidate,
    WeightsInvalid,
    rank,
)

BUSY: dict[str, float | None] = {
    "steps": 900.0,
    "steps_per_month": 75.0,
    "contention_hours_mean": 9.0,
    "touch_hours_per_month": 80.0,
    "elapsed_minutes_p90": 70.0,
    "returned_share": 0.01,
    "crossings_alone": 1.0,
    "weekly_swing": 0.1,
}
QUIET = BUSY | {"contention_hours_mean": 0.1, "touch_hours_per_month": 20.0}
GRADES = ("value", "judgement", "know_how", "customer_contact", "sensitivity", "hurts")


def one(figures: Mapping[str, float | None], *, estimated: bool = False, **grades: float) -> Candidate:
    record = ActivityRecord(name="Check invoice", figures=figures, estimated=estimated)
    answers = {"Check invoice": Answers(medians=grades, count=5)} if grades else None  # type: ignore[arg-type]
    return rank([record], answers=answers)[0]


def test_work_that_waits_for_busy_people_is_a_candidate_until_the_unknown_is_told() -> None:
    assert one(BUSY).verdict == "candidate"
    assert one(BUSY, value=1, judgement=1, customer_contact=1, sensitivity=1).verdict == "hand over"


def test_a_reason_is_said_with_its_evidence() -> None:
    found = one(BUSY)

    assert found.reasons[0].startswith("No hands: each waits 9 hours")


def test_work_without_a_reason_stays_and_says_so() -> None:
    found = one(QUIET)

    assert found.verdict == "keep"
    assert found.against == ("None of the four reasons for handing it over shows in the record",)


def test_what_the_record_cannot_tell_is_none_and_asked() -> None:
    found = one(BUSY)

    unknown = {score.criterion for score in found.scores if score.value is None}
    assert {"value", "judgement", "customer_contact", "sensitivity"} <= unknown
    assert CRITERION["sensitivity"].question in found.questions


def test_the_unknown_widens_the_range_of_the_total() -> None:
    asked = one(BUSY)
    told = one(BUSY, value=1, judgement=1, customer_contact=1, sensitivity=1)

    assert asked.low < asked.total
    assert told.low == pytest.approx(told.total)
    assert told.total == pytest.approx(asked.total)


def test_answers_against_turn_a_candidate_into_work_that_stays() -> None:
    found = one(BUSY, value=5, judgement=5, customer_contact=4, sensitivity=4)

    assert found.verdict == "keep"
    assert found.total < 0
    assert any(sentence.startswith("Judgement: 5 people say 5 of 5") for sentence in found.against)


def test_answers_can_make_the_case_where_the_record_is_silent() -> None:
    found = one(QUIET, hurts=5, know_how=5, value=1, judgement=1, customer_contact=1, sensitivity=1)

    assert found.verdict == "hand over"
    assert found.score_of("hurts").from_ == "answers"
    assert found.score_of("no_hands").from_ == "record"


def test_record_and_answers_stand_side_by_side() -> None:
    figures = [evidence.figure for evidence in one(BUSY, hurts=4).score_of("hurts").evidence]

    assert figures == ["answers.hurts", "returned_share"]


def test_a_large_activity_without_any_reason_is_asked_about() -> None:
    found = one(QUIET | {"touch_share": 0.5, "crossings_alone": 0.0})

    assert found.total >= HAND_OVER_FROM
    assert found.verdict == "ask"


def test_nothing_known_is_asked_about() -> None:
    found = one({})

    assert found.verdict == "ask"
    assert found.total == 0
    assert all(score.value is None and not score.evidence for score in found.scores)


@pytest.mark.parametrize(
    ("figures", "estimated", "said"),
    [
        ({"elapsed_minutes_p90": 0.0}, False, "no working time"),
        ({"elapsed_minutes_p90": 0.1}, True, "within 6 seconds of the step before"),
        (
            {"elapsed_minutes_p90": 9.0, "machine_share": 1.0},
            True,
            "100 % of its steps stand under a system's",
        ),
    ],
)
def test_what_is_nobodys_work_is_recognised(
    figures: dict[str, float | None], estimated: bool, said: str
) -> None:
    found = one(BUSY | figures, estimated=estimated)

    assert found.verdict == "keep"
    assert found.reasons == found.questions == ()
    assert said in found.against[0]


def test_short_recorded_work_is_still_work() -> None:
    assert one(BUSY | {"elapsed_minutes_p90": 0.1}).nothing is None


def test_nobodys_work_ranks_last_whatever_its_total() -> None:
    records = [
        ActivityRecord(name="A_SUBMITTED", figures=BUSY | {"elapsed_minutes_p90": 0.0}),
        ActivityRecord(name="Check", figures=QUIET),
    ]

    assert [found.activity for found in rank(records)] == ["Check", "A_SUBMITTED"]


def test_estimated_starts_are_not_read_as_waiting_or_contention() -> None:
    figures = BUSY | {"waiting_hours_median": 30.0, "utilisation": 0.99, "lead_hours_median": 24.0}
    found = one(figures, estimated=True)

    assert found.score_of("no_hands").value is None
    assert [evidence.figure for evidence in found.score_of("hurts").evidence] == [
        "lead_hours_median",
        "returned_share",
    ]


def test_a_handful_of_steps_is_no_evidence() -> None:
    found = one({"steps": 3.0, "returned_share": 0.9, "bus_factor_90": 1.0})

    assert found.score_of("no_know_how").value is None


def test_a_weight_of_nothing_takes_a_criterion_out() -> None:
    record = ActivityRecord(name="Check", figures=BUSY)
    without = rank([record], weights={"no_hands": 0})[0]

    assert without.contributions["no_hands"] == 0
    assert without.total < rank([record])[0].total


@pytest.mark.parametrize("weights", [{"luck": 1.0}, {"value": -1.0}, {"value": float("nan")}])
def test_weights_that_make_no_sense_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(WeightsInvalid, match=next(iter(weights))):
        rank([], weights=weights)


def test_all_weights_zero_give_zero() -> None:
    found = rank(
        [ActivityRecord(name="Check", figures=BUSY)], weights={criterion.name: 0 for criterion in CRITERIA}
    )[0]

    assert (found.total, found.low, found.high) == (0, 0, 0)


figures = st.dictionaries(
    st.sampled_from(sorted({scale.figure for scales in SCALES.values() for scale in scales} | {"steps"})),
    st.none() | st.floats(0, 1e6),
)
grades = st.dictionaries(st.sampled_from(GRADES), st.none() | st.floats(1, 5))
weights = st.dictionaries(st.sampled_from(sorted(CRITERION)), st.floats(0, 100))


@given(figures=figures, grades=grades, weights=weights, estimated=st.booleans())
def test_totals_stay_within_bounds_and_add_up(
    figures: dict[str, float | None], grades: dict[str, float], weights: dict[str, float], estimated: bool
) -> None:
    record = ActivityRecord(name="Check", figures=figures, estimated=estimated)
    answers = Answers(medians=grades, count=3)  # type: ignore[arg-type]
    found = rank([record], answers={"Check": answers}, weights=weights)[0]

    slack = 1e-9
    assert -100 - slack <= found.low <= found.total + slack
    assert found.total - slack <= found.high <= 100 + slack
    assert found.total == pytest.approx(sum(found.contributions.values()))
    for score in found.scores:
        assert (score.value is None) == (not score.evidence) == (score.from_ is None)
        assert score.value is None or 0 <= score.value <= 1


@given(figures=figures, known=st.sampled_from(["value", "judgement", "customer_contact", "sensitivity"]))
def test_an_answer_only_ever_narrows_the_range(figures: dict[str, float | None], known: str) -> None:
    record = ActivityRecord(name="Check", figures=figures)
    before = rank([record])[0]
    after = rank([record], answers={"Check": Answers(medians={known: 3.0}, count=1)})[0]  # type: ignore[dict-item]

    assert before.low - 1e-9 <= after.low <= after.high <= before.high + 1e-9
