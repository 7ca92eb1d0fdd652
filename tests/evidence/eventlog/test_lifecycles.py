"""The whole lifecycle of work: scheduled, assigned, started, suspended, resumed, completed, withdrawn, skipped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence import eventlog
from backdesk.evidence.eventlog import PAUSES, StepLog
from backdesk.evidence.eventlog.suspending import pauses_of
from tests.evidence.eventlog import naive
from tests.evidence.eventlog.writing import steps, times

DAY = datetime.fromisoformat("2024-01-02T00:00+00:00")


def told(tmp_path: Path, *marks: str, **options: object) -> StepLog:
    """Read marks such as "Check Ann start 9:00" of one case."""
    parts = [mark.split() for mark in marks]
    lines = [
        f"1,{activity},{who.replace('-', '')},{kind},2024-01-02 {at}" for activity, who, kind, at in parts
    ]
    return steps(tmp_path, *lines, **options)


def pauses(log: StepLog) -> list[list[str] | None]:
    def shown(at: datetime | None) -> str:
        return f"{at:%H:%M}" if at else "?"

    rows = pl.concat([log.steps, log.open_steps])["pauses"].to_list()
    return [
        row and [f"{shown(one['suspended_at'])}-{shown(one['resumed_at'])}" for one in row] for row in rows
    ]


def test_work_could_begin_when_it_was_scheduled(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        *("Enter Ann start 8:00", "Enter Ann complete 8:30", "Check - schedule 8:40", "Check Bo assign 8:50"),
        *("Check Bo start 9:00", "Check Bo complete 9:30", "Pay Bo assign 9:10", "Pay Bo start 9:40"),
        *("Pay Bo complete 9:50", "File Bo start 10:00", "File Bo complete 10:10"),
    )
    assert found.steps["activity"].to_list() == ["Enter", "Check", "Pay", "File"]
    assert times(found.steps["enabled_at"]) == ["08:00", "08:40", "09:10", "09:50"]


def test_work_that_began_before_it_was_scheduled_waited_for_no_time(tmp_path: Path) -> None:
    found = told(tmp_path, "Enter Ann start 8:00", "Enter - schedule 8:10", "Enter Ann complete 8:30")
    assert times(found.steps["enabled_at"]) == times(found.steps["started_at"]) == ["08:00"]


def test_each_scheduling_belongs_to_one_step_also_of_those_that_were_not_done(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        *(
            "Check - schedule 8:00",
            "Check - withdraw 8:10",
            "Check - schedule 8:20",
            "Check - manualskip 8:30",
        ),
        *(
            "Check - schedule 8:40",
            "Check Ann start 9:00",
            "Check - schedule 9:05",
            "Check Ann complete 9:10",
        ),
        *("Check Bo start 9:20", "Check Bo complete 9:30", "Check Bo complete 9:40"),
    )
    assert times(found.steps["enabled_at"]) == ["08:40", "09:05", "09:30"]
    assert "2 about work withdrawn, aborted or skipped, no steps" in found.notes[0]


def test_a_start_that_is_estimated_is_not_before_the_work_was_scheduled(tmp_path: Path) -> None:
    found = told(tmp_path, "Enter Ann complete 8:00", "Check - schedule 9:00", "Check Ann complete 9:30")
    assert times(found.steps["started_at"]) == ["08:00", "09:00"]


def test_the_case_arrives_when_its_first_work_is_scheduled(tmp_path: Path) -> None:
    found = told(tmp_path, "Pay - schedule 7:00", "Enter Ann start 8:00", "Enter Ann complete 8:30")
    assert times(found.steps["enabled_at"]) == ["08:00"]  # of nothing that was scheduled anything was done
    found = told(tmp_path, "Enter - schedule 7:00", "Enter Ann start 8:00", "Enter Ann complete 8:30")
    assert times(found.steps["enabled_at"]) == ["07:00"]


def test_work_skipped_after_it_was_begun_is_not_open(tmp_path: Path) -> None:
    found = told(tmp_path, "Check Ann start 9:00", "Check Ann autoskip 9:10", "Pay Ann complete 9:20")
    assert (found.steps["activity"].to_list(), found.open_steps.height) == (["Pay"], 0)


def test_suspensions_are_pauses_of_the_step_they_stop(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        *(
            "Check Ann start 9:00",
            "Check Ann suspend 9:10",
            "Check Ann resume 9:20",
            "Check Ann suspend 9:25",
        ),
        *("Check Ann complete 9:30", "Pay Ann start 9:40", "Pay Ann suspend 9:50"),
    )
    assert pauses(found) == [["09:10-09:20", "09:25-09:30"], ["09:50-?"]]
    assert found.steps.schema["pauses"] == PAUSES
    assert "3 suspensions of 2 steps, kept as pauses within them." in found.notes


def test_of_work_that_overlaps_each_person_suspends_their_own(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        *("Check Ann start 9:00", "Check Bo start 9:05", "Check Bo suspend 9:10", "Check Eve suspend 9:15"),
        *("Check Bo resume 9:20", "Check Bo complete 9:30", "Check Ann complete 9:40"),
    )
    assert pauses(found) == [["09:15-09:40"], ["09:10-09:20"]]


def test_suspensions_of_what_is_not_going_on_are_told(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        *(
            "Check Ann suspend 8:50",
            "Check Ann start 9:00",
            "Check Ann suspend 9:10",
            "Check Ann suspend 9:15",
        ),
        *("Check Ann resume 9:20", "Check Ann resume 9:25", "Check Ann complete 9:30"),
    )
    assert pauses(found) == [["09:10-09:20"]]
    assert any(
        note.startswith("3 events about suspending work that was not going on") for note in found.notes
    )


def test_a_log_without_pauses_has_no_column_of_them(tmp_path: Path) -> None:
    found = told(tmp_path, "Check Ann suspend 8:00", "Check Ann start 9:00", "Check Ann complete 9:30")
    assert "pauses" not in found.steps.columns


@pytest.mark.parametrize("suffix", [".csv", ".xes", ".parquet", ".json"])
def test_pauses_come_back_from_every_format(tmp_path: Path, suffix: str) -> None:
    log = told(
        tmp_path,
        *(
            "Check Ann start 9:00",
            "Check Ann suspend 9:10",
            "Check Ann resume 9:20",
            "Check Ann complete 9:30",
        ),
        *("Check Bo start 9:05", "Check Bo complete 9:40", "Pay Ann start 9:40", "Pay Ann suspend 9:50"),
    )
    path = tmp_path / f"log{suffix}"
    again = eventlog.to_steps(eventlog.read(path, mapping=eventlog.write(log, path=path), zone="UTC"))
    assert pauses(again) == pauses(log) == [["09:10-09:20"], None, ["09:50-?"]]
    eventlog.write_steps(log, path=tmp_path / "steps.parquet")
    assert eventlog.read_steps(tmp_path / "steps.parquet").steps.equals(log.steps)


@pytest.mark.parametrize(
    ("policy", "people", "note"),
    [
        ("keep", ["Ann", None, None], ""),
        (
            "group",
            ["Ann", "(not named)", "(not named)"],
            "2 steps without the name of who did it, put into the group",
        ),
        ("drop", ["Ann"], "2 steps without the name of who did it, left out as asked."),
    ],
)
def test_what_becomes_of_work_by_nobody_can_be_chosen(
    tmp_path: Path, policy: str, people: list[str | None], note: str
) -> None:
    marks = ("Check Ann start 9:00", "Check Ann complete 9:30", "Pay - start 9:40", "Pay - complete 9:50")
    found = told(tmp_path, *marks, "File - start 9:55", "File - complete 9:59", missing_resource=policy)
    assert found.steps["resource"].to_list() == people
    assert note in " ".join(found.notes)


def test_steps_without_a_start_can_be_left_out_and_still_tell_when_others_could_begin(tmp_path: Path) -> None:
    marks = ("Enter Ann complete 9:00", "Check Ann start 9:10", "Check Ann complete 9:30")
    found = told(tmp_path, *marks, missing_start="drop")
    assert found.steps["activity"].to_list() == ["Check"]
    assert times(found.steps["enabled_at"]) == ["09:00"]
    assert "1 step without a start, left out, as asked." in found.notes


people = st.sampled_from(["Ann", "Bo", None])
spans = st.tuples(people, st.integers(0, 20), st.none() | st.integers(0, 10))
stops = st.tuples(people, st.integers(0, 30), st.booleans())


@settings(deadline=None, max_examples=60)
@given(st.lists(spans, max_size=5), st.lists(stops, max_size=8))
def test_pauses_lie_within_their_steps_and_do_not_overlap(
    work: Sequence[tuple[str | None, int, int | None]], marks: Sequence[tuple[str | None, int, bool]]
) -> None:
    """And all marks are used as by looking at every minute."""
    category = {"resource": pl.Categorical(), "activity": pl.Categorical(), "case": pl.String()}
    moment = pl.Datetime("us", "UTC")
    frame = pl.DataFrame(
        {
            "case": "1",
            "activity": "a",
            "resource": [who for who, *_ in work],
            "started_at": [DAY + timedelta(minutes=start) for _, start, _ in work],
            "ended_at": [
                DAY + timedelta(minutes=start + long) if long is not None else None for _, start, long in work
            ],
        },
        schema_overrides={**category, "started_at": moment, "ended_at": moment},
    )
    said = pl.DataFrame(
        {
            "case": "1",
            "activity": "a",
            "resource": [who for who, *_ in marks],
            "at": [DAY + timedelta(minutes=at) for _, at, _ in marks],
            "lifecycle": ["suspend" if stop else "resume" for *_, stop in marks],
            "order": range(len(marks)),
        },
        schema_overrides={**category, "at": moment, "lifecycle": pl.Categorical(), "order": pl.UInt32()},
    )
    found, left_out = pauses_of(frame, said)
    minutes = [
        [
            tuple(
                at and int((at - DAY).total_seconds() // 60)
                for at in (one["suspended_at"], one["resumed_at"])
            )
            for one in row or ()
        ]
        for row in found.to_list()
    ]
    assert (minutes, left_out) == naive.pauses(list(work), list(marks))
    for (_, start, long), row in zip(work, minutes, strict=True):
        flat = [at for pause in row for at in pause]
        assert all(start <= at for at in flat if at is not None)
        assert all(at <= start + long for at in flat if at is not None and long is not None)
        assert flat == sorted(flat, key=lambda at: (at is None, at))
