from collections.abc import Iterable, Sequence
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backdesk.evidence.process.drawing import draw
from backdesk.evidence.process.maps import (
    Edge,
    NothingToMap,
    ProcessMap,
    Statistic,
    crossings,
    process_map,
    thin,
    without_activities,
)
from tests.evidence.process.logs import case_lists, measured, patient

LOAN = {
    **{f"plain {number}": ["Apply", "Check", "Decide", "Pay"] for number in range(6)},
    **{f"asked {number}": ["Apply", "Check", "Ask", "Check", "Decide", "Pay"] for number in range(3)},
    "refused": ["Apply", "Check", "Decide", "Refuse"],
}


def names(shown: ProcessMap) -> set[str]:
    return {node.activity for node in shown.nodes}


def keys(edges: Iterable[Edge]) -> set[tuple[str | None, str | None]]:
    return {edge.key for edge in edges}


def reached(edges: Sequence[tuple[str | None, str | None]]) -> set[str | None]:
    """Everything one comes to from outside the process."""
    found: set[str | None] = {None}
    while True:
        new = {target for source, target in edges if source in found} - found
        if not new:
            return found
        found |= new


def test_the_main_path_is_the_most_frequent_chain() -> None:
    assert process_map(measured(LOAN)).main_path == ("Apply", "Check", "Decide", "Pay")


def test_the_main_path_passes_by_branches_that_lead_to_no_end() -> None:
    steps = measured({f"case {number}": ["Assess", "Pay", "Close"] for number in range(3)})
    letters = steps.filter(pl.col("activity") == "Pay").with_columns(
        activity=pl.lit("Write letter", dtype=pl.Categorical), leads_to=pl.lit(None, dtype=pl.Categorical)
    )
    assert process_map(pl.concat([steps, letters, letters])).main_path == ("Assess", "Pay", "Close")


def test_where_a_branch_ends_within_a_case_no_rare_way_out_is_held() -> None:
    steps = measured({"rare": ["Assess", "Note", "Pay"], **{str(n): ["Assess", "Pay"] for n in range(9)}})
    notes = steps.filter(pl.col("activity") == "Pay", pl.col("case") != "rare").with_columns(
        activity=pl.lit("Note", dtype=pl.Categorical), leads_to=pl.lit(None, dtype=pl.Categorical)
    )
    shown = process_map(pl.concat([steps, notes]), paths_share=0)
    assert keys(shown.edges) == {("Assess", "Pay"), ("Assess", "Note")}


def test_nodes_come_in_the_order_of_the_work() -> None:
    shown = process_map(measured(LOAN))
    assert [node.activity for node in shown.nodes] == ["Apply", "Check", "Ask", "Decide", "Refuse", "Pay"]


def test_a_node_tells_its_steps_cases_and_touch_time() -> None:
    check = next(node for node in process_map(measured(LOAN)).nodes if node.activity == "Check")
    assert (check.steps, check.cases, check.touch_seconds, check.touch_estimated) == (13, 10, 300.0, False)


def test_the_rarest_paths_are_left_out_first() -> None:
    shown = process_map(measured(LOAN), paths_share=0.5)
    whole = process_map(measured(LOAN), paths_share=1)
    rarest = min(edge.count for edge in shown.edges)
    assert {("Apply", "Check"), ("Check", "Decide"), ("Decide", "Pay")} <= keys(shown.edges)
    assert all(edge.count <= rarest or edge in shown.edges for edge in whole.edges)


def test_all_paths_are_shown_on_request() -> None:
    shown = process_map(measured(LOAN), paths_share=1)
    assert shown.paths_left_out == 0
    assert shown.shown_share == 1
    assert sum(edge.count for edge in shown.ends) == len(LOAN)


@patient
@given(case_lists(), st.floats(0, 1), st.floats(0, 1))
def test_every_shown_activity_lies_on_a_way_from_start_to_end(
    cases: dict[str, list[str]], activities: float, paths: float
) -> None:
    shown = process_map(measured(cases), activities_share=activities, paths_share=paths)
    ways = [edge.key for edge in (*shown.starts, *shown.edges, *shown.ends)]
    assert names(shown) <= reached(ways)
    assert names(shown) <= reached([(target, source) for source, target in ways])


@patient
@given(case_lists(), st.floats(0, 1))
def test_every_shown_activity_keeps_its_most_frequent_way_in_and_out(
    cases: dict[str, list[str]], paths: float
) -> None:
    steps = measured(cases)
    whole, shown = process_map(steps, paths_share=1), process_map(steps, paths_share=paths)
    for name in names(shown):
        for end in ("source", "target"):
            most = max(_counts(whole, end, name))
            assert max(_counts(shown, end, name)) == most


def _counts(shown: ProcessMap, end: str, name: str) -> list[int]:
    ways = (*shown.starts, *shown.edges, *shown.ends)
    return [edge.count for edge in ways if getattr(edge, end) == name and not edge.is_loop]


@pytest.mark.parametrize(("statistic", "seconds"), [("median", 20), ("mean", 40), ("p90", 84)])
def test_a_path_tells_the_median_the_mean_or_the_90th_percentile_of_its_waits(
    statistic: Statistic, seconds: float
) -> None:
    steps = measured({case: ["Receive", "Pay"] for case in "abc"})
    waits = pl.Series([0.0, 0.0, 0.0, 20.0, 0.0, 100.0])
    shown = process_map(steps.with_columns(waiting_s=waits), statistic=statistic)
    assert [edge.waiting_seconds for edge in shown.edges] == [pytest.approx(seconds)]
    told = draw(shown)
    assert {"median": "(median)", "mean": "(mean)", "p90": "(90th percentile)"}[statistic] in told


@patient
@given(case_lists(), st.floats(0, 1))
def test_leaving_activities_out_bridges_the_paths_through_them(
    cases: dict[str, list[str]], share: float
) -> None:
    shown = process_map(measured(cases), activities_share=share, paths_share=1)
    kept = names(shown)
    projected = {case: [name for name in activities if name in kept] for case, activities in cases.items()}
    projected = {case: activities for case, activities in projected.items() if activities}
    direct = process_map(measured(projected), paths_share=1)
    assert {edge.key: edge.count for edge in shown.edges} == {edge.key: edge.count for edge in direct.edges}
    assert {edge.key: edge.count for edge in shown.starts} == {edge.key: edge.count for edge in direct.starts}
    assert {edge.key: edge.count for edge in shown.ends} == {edge.key: edge.count for edge in direct.ends}


@patient
@given(case_lists(), st.sets(st.sampled_from(("Receive", "Check", "Pay"))))
def test_crossings_agree_with_walking_through_every_case(
    cases: dict[str, list[str]], inside: set[str]
) -> None:
    naive = 0
    for activities in cases.values():
        for before, after in pairwise(activities):
            naive += (before in inside) != (after in inside)
    assert crossings(process_map(measured(cases), paths_share=0), inside=inside) == naive


def test_only_the_functions_asked_for_are_shown() -> None:
    functions = {"Apply": "Sales", "Check": "Credit", "Ask": "Credit", "Decide": "Credit", "Pay": "Finance"}
    shown = process_map(measured(LOAN, functions=functions), only_functions=["Credit"])
    assert names(shown) == {"Check", "Ask", "Decide"}
    assert shown.starts[0].key == (None, "Check")
    assert shown.activities_left_out == 3


def test_a_share_outside_its_range_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"paths_share is 20: it must lie between 0 and 1"):
        process_map(measured(LOAN), paths_share=20)


def test_an_empty_log_has_no_map() -> None:
    with pytest.raises(NothingToMap):
        process_map(measured({}))
    with pytest.raises(NothingToMap):
        process_map(measured(LOAN), only_functions=["Legal"])


def test_a_log_of_one_step_has_a_map_of_one_box() -> None:
    shown = process_map(measured({"a": ["Pay"]}))
    assert (names(shown), shown.edges, shown.main_path, shown.shown_share) == ({"Pay"}, (), ("Pay",), 1.0)


def test_thinning_twice_is_thinning_once() -> None:
    whole = process_map(measured(LOAN), paths_share=1)
    assert thin(thin(whole, paths=4), paths=2) == thin(whole, paths=2)


def test_a_map_cut_to_its_most_frequent_activities_says_how_many_it_left_out() -> None:
    cut = without_activities(process_map(measured(LOAN)), keep=3)
    assert names(cut) == {"Apply", "Check", "Decide"}
    assert cut.activities_left_out == 3
    assert all(edge.source in names(cut) and edge.target in names(cut) for edge in cut.every_edge)
