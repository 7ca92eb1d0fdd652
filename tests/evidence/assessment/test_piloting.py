"""What to start with."""

from __future__ import annotations

from typing import Any

import pytest

from backdesk.evidence.assessment import ActivityRecord, Answers, pilot, rank, why_no_pilot

FIT = {
    "steps": 2000.0,
    "steps_per_month": 100.0,
    "contention_hours_mean": 9.0,
    "touch_hours_per_month": 10.0,
    "crossings_alone": 0.8,
    "weekly_swing": 0.2,
    "variant_entropy": 0.1,
}


def activity(name: str, **figures: float) -> ActivityRecord:
    return ActivityRecord(name=name, figures=FIT | figures)


def proposed(*records: ActivityRecord, **answers: Any) -> Any:
    return pilot(rank(records, answers=answers or None))


LARGE = activity("Book", touch_hours_per_month=300.0)


def test_the_small_steady_standard_one_is_proposed_with_its_reasons() -> None:
    found = proposed(LARGE, activity("Check"))

    assert (found.activity, found.share) == ("Check", 1.0)
    assert [reason.split(":")[0] for reason in found.reasons] == [
        "small",
        "enough to measure",
        "steady",
        "standard",
        "loosely coupled",
    ]
    assert (found.runner_up, found.why_not_runner_up) == ("Book", "it is larger: 300 hours a month")


@pytest.mark.parametrize(
    ("figure", "worse", "why"),
    [
        ("weekly_swing", 0.9, "its volume swings more"),
        ("variant_entropy", 0.9, "it is done in more ways"),
        ("crossings_alone", 1.9, "it is coupled more"),
    ],
)
def test_why_not_the_runner_up_names_what_it_is_worse_in(figure: str, worse: float, why: str) -> None:
    found = proposed(LARGE, activity("Check"), activity("Archive", **{figure: worse}))

    assert found.activity == "Check"
    if found.runner_up == "Archive":
        assert found.why_not_runner_up.startswith(why)


def test_too_rare_is_no_pilot() -> None:
    found = proposed(LARGE, activity("Check", steps_per_month=12.0))

    assert found.activity == "Book"


def test_a_large_one_is_tried_with_a_share_of_its_volume() -> None:
    found = proposed(activity("Book", touch_hours_per_month=300.0, steps_per_month=1000.0))

    assert found.share == pytest.approx(0.15)
    assert found.hours_per_month == pytest.approx(45)
    assert (
        found.reasons[0] == "small: 15 % of its volume, 45 hours a month, 15 % of the hours of all candidates"
    )


def test_the_share_leaves_enough_to_measure() -> None:
    found = proposed(activity("Book", touch_hours_per_month=300.0, steps_per_month=60.0))

    assert found.steps_per_month >= 30
    assert found.reasons[0].startswith("not small, but fewer steps could not be measured: 50 % of its volume")


def test_what_holds_value_is_no_pilot() -> None:
    found = proposed(
        LARGE, activity("Check"), Check=Answers(medians={"value": 3.0, "judgement": 1.0}, count=5)
    )

    assert found.activity == "Book"


def test_what_the_log_cannot_tell_is_asked_before() -> None:
    found = proposed(LARGE, activity("Check"))

    assert found.reservations == (
        "Ask first about value added, judgement, customer contact and data sensitivity: "
        "the record does not tell.",
    )


def test_without_candidates_there_is_no_pilot_and_it_says_why() -> None:
    kept = rank([activity("Check", contention_hours_mean=0.0, returned_share=0.0, bus_factor_90=9.0)])
    rare = rank([activity("Check", steps_per_month=5.0)])
    core = rank(
        [activity("Check", touch_hours_per_month=90.0)],
        answers={"Check": Answers(medians={"sensitivity": 3.5}, count=1)},
    )

    assert (pilot(kept), pilot(rare), pilot(core)) == (None, None, None)
    assert why_no_pilot(kept).startswith("No activity is to be handed over yet")
    assert why_no_pilot(rare).startswith("None of the candidates comes up 30 times a month")
    assert why_no_pilot(core).startswith("Every candidate that comes up often enough holds value")
