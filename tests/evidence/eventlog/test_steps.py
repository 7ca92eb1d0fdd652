"""Events put together into steps: what is paired, what is estimated, what is told."""

from __future__ import annotations

import re
import tempfile
from datetime import datetime, timedelta
from operator import attrgetter
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from backdesk.evidence import eventlog
from backdesk.evidence.eventlog import STEPS, MappingInvalid, NothingRead, StepLog, matching
from tests.evidence.eventlog.writing import HEADER, events, read_rows, steps, times, unhurried


def in_rows(folder: Path, *lines: str, header: str = HEADER, **options: object) -> StepLog:
    return eventlog.to_steps(read_rows(folder, *lines, header=header), **options)  # type: ignore[arg-type]


def test_events_that_each_end_work_are_taken_as_by_putting_events_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = (
        "2,Pay,Ann,2024-01-02 11:00,2024-01-02 11:10",
        "1,Pay,,,2024-01-02 10:10",
        "2,Pay,Ann,2024-01-02 11:00,2024-01-02 11:20",
    )
    ends = read_rows(tmp_path, *lines).events.with_row_index("order")
    at_once = matching.matched(ends)
    monkeypatch.setattr(matching, "TOGETHER", frozenset(("complete",)))
    in_general = matching.matched(ends)
    assert_frame_equal(at_once.done, in_general.done)
    assert_frame_equal(at_once.begun, in_general.begun)
    told = attrgetter("paired", "in_one_row", "aborts")
    assert told(at_once) == told(in_general) == (0, 2, 0)


def test_steps_have_their_schema_and_order(tmp_path: Path) -> None:
    found = in_rows(
        tmp_path,
        "2,Pay,Ann,2024-01-02 11:00,2024-01-02 11:10",
        "1,Pay,Ann,2024-01-02 10:00,2024-01-02 10:10",
        "1,Check,Ann,2024-01-02 09:00,2024-01-02 09:30",
        "3,Check,Ann,2024-01-02 09:00,",
    )
    assert (found.steps.schema, found.open_steps.schema) == (STEPS, STEPS)
    assert found.steps.select("case", "activity", "line").rows() == [
        ("1", "Check", 4),
        ("1", "Pay", 3),
        ("2", "Pay", 2),
    ]
    assert found.open_steps.select("case", "ended_at", "line").rows() == [("3", None, 5)]


def test_starts_and_completions_become_steps(tmp_path: Path) -> None:
    found = steps(
        tmp_path,
        "1,Check,Ann,start,2024-01-02 09:00",
        "1,Check,Ann,complete,2024-01-02 09:30",
        "1,Pay,Ann,start,2024-01-02 10:00",
    )
    assert times(found.steps["started_at"]) == ["09:00"]
    assert times(found.steps["ended_at"]) == ["09:30"]
    assert found.steps["line"].to_list() == [3]
    assert found.open_steps["activity"].to_list() == ["Pay"]
    assert times(found.open_steps["enabled_at"]) == ["09:30"]
    assert found.starts == "recorded"
    assert found.notes[0] == "3 events: 2 starts and ends of 1 step; 1 with a start alone (open steps)."


def test_who_finished_did_the_step_and_who_began_it_if_no_one_else_is_named(tmp_path: Path) -> None:
    found = steps(
        tmp_path,
        "1,Check,Ann,start,2024-01-02 09:00",
        "1,Check,Bo,complete,2024-01-02 09:30",
        "2,Check,Ann,start,2024-01-02 10:00",
        "2,Check,,complete,2024-01-02 10:30",
    )
    assert found.steps["resource"].to_list() == ["Bo", "Ann"]


def test_preparations_are_no_steps_and_are_counted(tmp_path: Path) -> None:
    found = steps(
        tmp_path,
        "1,Check,Ann,schedule,2024-01-02 08:00",
        "1,Check,Ann,assign,2024-01-02 08:30",
        "1,Check,Ann,start,2024-01-02 09:00",
        "1,Check,Ann,suspend,2024-01-02 09:10",
        "1,Check,Ann,resume,2024-01-02 09:20",
        "1,Check,Ann,complete,2024-01-02 09:30",
    )
    assert found.steps.height == 1
    for word in ("schedule", "assign", "suspend", "resume"):
        assert f'1 "{word}", no steps' in found.notes[0]
    assert "1 suspension of 1 step, kept as pauses within them." in found.notes


def test_work_aborted_is_neither_done_nor_open(tmp_path: Path) -> None:
    found = steps(
        tmp_path,
        "1,Check,Ann,start,2024-01-02 09:00",
        "1,Check,Ann,ate_abort,2024-01-02 09:30",
        "1,Pay,Ann,withdraw,2024-01-02 09:40",
        "1,File,Ann,complete,2024-01-02 10:00",
    )
    assert found.steps["activity"].to_list() == ["File"]
    assert found.open_steps.height == 0
    assert "3 about work withdrawn, aborted or skipped, no steps" in found.notes[0]


def test_unknown_transitions_are_read_as_completions_and_told(tmp_path: Path) -> None:
    log = [f"1,Check,Ann,complete,2024-01-02 09:0{minute}" for minute in range(9)]
    found = steps(tmp_path, *log, "1,Check,Ann,half-done,2024-01-02 10:00")
    assert found.steps.height == 10
    assert any(
        'Unknown transitions were read as completions: "half-done" (1)' in note for note in found.notes
    )


def test_other_words_for_transitions_are_understood(tmp_path: Path) -> None:
    found = steps(tmp_path, "1,Check,Ann,Started,2024-01-02 09:00", "1,Check,Ann,FINISHED,2024-01-02 09:30")
    assert (found.steps.height, found.starts) == (1, "recorded")


def test_a_log_of_ends_alone_gets_estimated_starts(tmp_path: Path) -> None:
    found = steps(
        tmp_path,
        "1,Check,Ann,,2024-01-02 09:00",
        "2,Check,Bo,,2024-01-02 09:20",
        "1,Pay,Bo,,2024-01-02 09:50",
        "1,File,Bo,,2024-01-02 10:30",
        "2,Pay,Bo,,2024-01-02 10:10",
    )
    assert found.starts == "estimated"
    assert found.steps["start_estimated"].all()
    assert found.steps["activity"].to_list() == ["Check", "Pay", "File", "Check", "Pay"]
    assert times(found.steps["enabled_at"]) == ["09:00", "09:00", "09:50", "09:20", "09:20"]
    # Bo was free at 9:20, 9:50 and 10:10; a first step has nothing to be estimated from
    assert times(found.steps["started_at"]) == ["09:00", "09:20", "10:10", "09:20", "09:50"]
    assert any("The log records no starts" in note for note in found.notes)


def test_a_step_by_no_one_is_estimated_to_start_as_it_could(tmp_path: Path) -> None:
    found = steps(tmp_path, "1,Check,Ann,,2024-01-02 09:00", "1,Pay,,,2024-01-02 09:50")
    assert times(found.steps["started_at"]) == ["09:00", "09:00"]


MIXED = (
    "1,Check,Ann,start,2024-01-02 09:00",
    "1,Check,Ann,complete,2024-01-02 09:30",
    "1,Check,Ann,complete,2024-01-02 10:30",
    "1,Decided,Ann,complete,2024-01-02 11:00",
)


@pytest.mark.parametrize(
    ("policy", "started", "estimated", "kind"),
    [
        # the second check could have begun at 9:30, but a check takes half an hour
        ("auto", ["09:00", "10:00", "11:00"], [False, True, False], "mixed"),
        ("estimate", ["09:00", "10:00", "10:30"], [False, True, True], "mixed"),
        ("instant", ["09:00", "10:30", "11:00"], [False, False, False], "recorded"),
    ],
)
def test_what_becomes_of_missing_starts_can_be_chosen(
    tmp_path: Path, policy: str, started: list[str], estimated: list[bool], kind: str
) -> None:
    found = steps(tmp_path, *MIXED, missing_start=policy)
    assert times(found.steps["started_at"]) == started
    assert found.steps["start_estimated"].to_list() == estimated
    assert found.starts == kind


@pytest.mark.parametrize("asked", [{"missing_start": "guess"}, {"missing_resource": "guess"}])
def test_a_policy_that_is_none_is_not_passed_over(tmp_path: Path, asked: dict[str, str]) -> None:
    with pytest.raises(MappingInvalid, match="is no way with what is missing; the ways are"):
        steps(tmp_path, *MIXED, **asked)


def test_what_became_of_missing_starts_is_told(tmp_path: Path) -> None:
    told = " ".join(steps(tmp_path, *MIXED).notes)
    assert "1 of 3 starts not recorded, estimated" in told
    assert "1 step of activities that never have a start (Decided), read as instants" in told
    assert "read as instants, as asked" in " ".join(steps(tmp_path, *MIXED, missing_start="instant").notes)


def test_the_first_step_is_enabled_when_the_case_arrives(tmp_path: Path) -> None:
    found = in_rows(
        tmp_path,
        "1,Check,Ann,2024-01-02 09:00,2024-01-02 10:00",
        "1,Look up,Bo,2024-01-02 09:30,2024-01-02 09:45",
        "1,Pay,Ann,2024-01-02 12:00,2024-01-02 12:10",
    )
    assert times(found.steps["enabled_at"]) == ["09:00", "09:00", "10:00"]


def test_parallel_branches_wait_for_what_came_before_both(tmp_path: Path) -> None:
    lines = []
    for case, (first, second) in enumerate([("Quote", "Appraise"), ("Appraise", "Quote")] * 3):
        for hour, activity in ((8, "Check"), (9, first), (10, second), (12, "Decide")):
            lines.append(
                f"{case},{activity},Ann,2024-01-{case + 1:02} {hour:02}:00,2024-01-{case + 1:02} {hour:02}:30"
            )
    found = in_rows(tmp_path, *lines).steps
    wait = {(row[0], f"{row[1]:%H:%M}") for row in found.select("activity", "enabled_at").rows()}
    assert wait == {("Check", "08:00"), ("Quote", "08:30"), ("Appraise", "08:30"), ("Decide", "10:30")}


def test_predecessors_agree_with_when_each_step_was_enabled(tmp_path: Path) -> None:
    found = steps(tmp_path, *MIXED).steps
    before = eventlog.causal_predecessors(found)
    assert before.to_list() == [None, 0, 1]
    ends = found["ended_at"].gather(before.drop_nulls())
    assert ends.to_list() == found["enabled_at"].to_list()[1:]


zero = datetime.fromisoformat("2024-01-02 08:00")
lifecycles = st.sampled_from(
    ["start", "complete", "complete", "schedule", "suspend", "ate_abort", "withdraw", ""]
)
rows = st.tuples(
    st.sampled_from("123"),
    st.sampled_from(["Check", "Pay", "File"]),
    st.sampled_from(["Ann", "Bo", ""]),
    lifecycles,
    st.integers(0, 40).map(lambda minutes: f"{zero + timedelta(minutes=minutes):%Y-%m-%d %H:%M}"),
)


@unhurried
@given(st.lists(rows, min_size=1, max_size=40), st.sampled_from(["auto", "estimate", "instant"]))
def test_every_event_is_told_of_and_every_step_is_in_order(lines: list[tuple[str, ...]], policy: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            reading = events(Path(folder), "1,Check,Ann,complete,2024-01-02 08:00", *map(",".join, lines))
        except NothingRead:
            return
    found = eventlog.to_steps(reading, missing_start=policy)  # type: ignore[arg-type]
    total, told = found.notes[0].split(": ", 1)
    assert total.split(" ")[0] == str(reading.events.height)
    assert sum(map(int, re.findall(r"(?:^|; )(\d+) ", told))) == reading.events.height
    enabled, started, ended = (found.steps[name] for name in ("enabled_at", "started_at", "ended_at"))
    assert (enabled <= started).all()
    assert (started <= ended).all()
    assert (
        found.steps.select(set(STEPS) - {"resource", "team", "party", "function"})
        .null_count()
        .sum_horizontal()[0]
        == 0
    )
    arrivals = (
        pl.concat([found.steps, found.open_steps]).group_by("case").agg(pl.min("started_at", "enabled_at"))
    )
    assert arrivals.filter(pl.col("enabled_at") > pl.col("started_at")).is_empty()
    assert found.steps.sort("case", "started_at", "ended_at", "line").equals(found.steps)
