"""Sets of activities that belong together."""

from __future__ import annotations

from itertools import combinations
from time import process_time

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.assessment import ActivityRecord, Answers, Bundle, Candidate, bundles, rank

STRONG = {"contention_hours_mean": 8.0, "weekly_swing": 0.0}
WEAK = {"contention_hours_mean": 0.0}


def activity(name: str, hours: float, *, steps: float = 1000.0, **figures: float) -> ActivityRecord:
    volume = {"steps": steps, "steps_per_month": steps / 10, "touch_hours_per_month": hours}
    return ActivityRecord(name=name, figures=volume | figures)


def found(
    records: list[ActivityRecord], edges: list[tuple[str, str, float]], **prices: float
) -> tuple[Bundle, ...]:
    return bundles(rank(records), edges=edges, cases=1000, **prices)  # type: ignore[arg-type]


CHAIN = [("A", "B", 1000.0), ("B", "C", 1000.0), ("C", "D", 1000.0)]


def test_neighbours_are_bundled_and_their_crossings_counted() -> None:
    best = found(
        [activity("A", 25, **WEAK), activity("B", 90, **STRONG), activity("C", 80, **STRONG)], CHAIN
    )[0]

    assert set(best.activities) == {"B", "C"}
    assert best.crossings_per_case == pytest.approx(1.0)
    assert best.crossings_apart_per_case == pytest.approx(2.0)
    assert best.hours_per_month == pytest.approx(170)
    assert best.share_of_hours == pytest.approx(170 / 195)
    assert (
        best.crossings_saved_text
        == "1 crossing a case instead of 2 if its activities went to different places"
    )


def test_what_has_no_case_of_its_own_moves_along_where_it_saves_crossings() -> None:
    records = [
        activity("A", 90, **STRONG),
        activity("B", 2, **WEAK),
        activity("C", 90, **STRONG),
        activity("D", 300),
    ]
    best = found(records, CHAIN)[0]

    assert set(best.activities) == {"A", "B", "C"}
    assert best.along == ("B",)


def test_what_nobody_works_on_is_in_no_bundle() -> None:
    records = [activity("A", 90, **STRONG), activity("B", 0, elapsed_minutes_p90=0.0)]

    assert [bundle.activities for bundle in found(records, CHAIN)] == [("A",)]


def test_what_should_stay_is_never_in_a_bundle() -> None:
    records = [activity(name, 90, **STRONG) for name in "ABC"]
    answers = {"B": Answers(medians=dict.fromkeys(("value", "judgement", "sensitivity"), 5.0), count=4)}
    made = bundles(rank(records, answers=answers), edges=CHAIN, cases=1000)

    assert made
    assert not any("B" in bundle.activities for bundle in made)


def test_unconnected_sets_are_bundles_of_their_own() -> None:
    made = found([activity(name, 90, **STRONG) for name in "ABXY"], [("A", "B", 900.0), ("X", "Y", 900.0)])

    assert {frozenset(bundle.activities) for bundle in made} == {frozenset("AB"), frozenset("XY")}
    assert all(bundle.pays_up_to_minutes is None for bundle in made)


def test_the_price_of_a_crossing_decides_which_is_best() -> None:
    records = [
        activity("A", 150, **WEAK),
        activity("B", 100, **STRONG),
        activity("C", 3, **WEAK),
        activity("D", 60, **STRONG),
    ]
    edges = [("A", "B", 1000.0), ("B", "C", 200.0), ("C", "D", 200.0)]
    cheap = found(records, edges, minutes_per_crossing=0.5)[0]
    dear = found(records, edges, minutes_per_crossing=60.0)[0]

    assert "B" in cheap.activities
    assert "B" not in dear.activities
    assert "D" in dear.activities


def test_a_bundle_says_what_a_crossing_may_cost() -> None:
    best = found([activity("A", 50, **WEAK), activity("B", 60, **STRONG)], CHAIN)[0]

    assert best.pays_up_to_minutes == pytest.approx(60 * best.gain_hours_per_month / 100)
    assert best.net_hours_per_month == pytest.approx(best.gain_hours_per_month - 100 * 10 / 60)


def test_no_candidate_no_bundle() -> None:
    assert found([activity("A", 50, **WEAK)], []) == ()
    assert bundles((), edges=[], cases=10) == ()


def test_edges_come_as_a_frame_or_as_triples_of_json() -> None:
    ranked = rank([activity("A", 90, **STRONG), activity("B", 80, **STRONG)])
    frame = pl.DataFrame(CHAIN, schema=["source", "target", "count"], orient="row")

    assert bundles(ranked, edges=frame, cases=1000) == bundles(
        ranked, edges=[list(edge) for edge in CHAIN], cases=1000
    )


def test_only_the_best_are_given() -> None:
    records = [activity(name, 90, **STRONG) for name in "ABCDEFG"]

    assert len(bundles(rank(records), edges=[], cases=1000, limit=3)) == 3


def test_a_thousand_activities_are_cut_at_leisure() -> None:
    records = [activity(f"A{n}", 1 + n / 100, **(STRONG if n % 7 == 0 else WEAK)) for n in range(1000)]
    edges = [(f"A{n}", f"A{n + 1}", 100.0) for n in range(999)]
    start = process_time()

    assert found(records, edges)
    assert process_time() - start < 10


def worth(
    inside: set[str], ranked: tuple[Candidate, ...], edges: dict[tuple[str, str], float], price: float
) -> float:
    gain = sum(
        (one.record.figures["touch_hours_per_month"] or 0)
        * (min(1, one.total / 50) if one.is_proposed else -1)
        for one in ranked
        if one.activity in inside
    )
    crossing = sum(count / 10 for pair, count in edges.items() if len(inside & set(pair)) == 1)
    return gain - price * crossing / 60


@given(
    hours=st.lists(st.floats(0, 200), min_size=1, max_size=7),
    strengths=st.lists(st.floats(0, 9), min_size=7, max_size=7),
    counts=st.dictionaries(
        st.tuples(st.integers(0, 6), st.integers(0, 6)), st.integers(1, 5000), max_size=12
    ),
    price=st.floats(1, 60),
)
@settings(max_examples=60, deadline=None)
def test_no_other_set_of_activities_is_worth_more(
    hours: list[float], strengths: list[float], counts: dict[tuple[int, int], int], price: float
) -> None:
    names = "ABCDEFG"[: len(hours)]
    ranked = rank(
        [
            activity(name, hour, contention_hours_mean=strength)
            for name, hour, strength in zip(names, hours, strengths, strict=False)
        ]
    )
    edges = {(names[i], names[j]): float(count) for (i, j), count in counts.items() if i < j < len(names)}
    made = bundles(
        ranked,
        edges=[(*pair, count) for pair, count in edges.items()],
        cases=1000,
        minutes_per_crossing=price,
        limit=100,
    )

    every = [set(some) for size in range(len(names) + 1) for some in combinations(names, size)]
    best = max(worth(some, ranked, edges, price) for some in every)
    # disjoint bundles of the family that pay at this price make up the best set
    chosen: set[str] = set()
    for bundle in made:
        if bundle.net_hours_per_month > 0 and not chosen & set(bundle.activities):
            chosen |= set(bundle.activities)
    assert worth(chosen, ranked, edges, price) <= best + 1e-6
    assert (made[0].net_hours_per_month if made else 0.0) <= best + 1e-6
    if best > 1e-3:
        assert made
        assert max(bundle.net_hours_per_month for bundle in made) >= best / len(names) - 1e-3
