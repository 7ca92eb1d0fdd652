"""Clocks whose answers can be told by hand: the examples of the documentation, and what lies at the edges."""

from __future__ import annotations

import datetime as dt
import doctest
import re
from pathlib import Path

import pytest

from backdesk.evidence.calendars import always, parse
from backdesk.evidence.clocks import (
    DayRule,
    ImpossiblePause,
    ImpossibleTerms,
    NotAware,
    Pause,
    Terms,
    counted_at,
    explain,
)
from backdesk.evidence.clocks.days import promised

DOCS = Path(__file__).parents[3] / "docs" / "clocks.md"
ROWS = re.findall(
    r"^\| (\w{3} \d\d .*?)\s*\| (\d) days?, (day[01])(?:, until (\S+))?\s*\| (.*?)\s*\|$",
    DOCS.read_text(),
    re.M,
)
OFFICE = parse("Mon-Fri 09:00-17:00", zone="UTC")
CLOSED = parse("Mon-Fri 09:00-17:00; closed 2026-12-25", zone="UTC")
HOUR = dt.timedelta(hours=1)


def test_the_documentation_says_what_is() -> None:
    failed, tried = doctest.testfile(str(DOCS), module_relative=False)
    assert not failed
    assert tried > 15


def test_the_table_of_days_stands_with_the_function_too() -> None:
    table = [line for line in DOCS.read_text().splitlines() if line.startswith("|")]
    assert len(ROWS) == len(table) - 2
    assert promised.__doc__ is not None
    assert table == [line.strip() for line in promised.__doc__.splitlines() if line.strip().startswith("|")]


@pytest.mark.parametrize(("received", "days", "rule", "until", "due"), ROWS)
def test_days_as_the_table_says(received: str, days: str, rule: DayRule, until: str, due: str) -> None:
    terms = Terms(
        since=december("Mon 14 09:00"),
        calendar=CLOSED,
        target_days=int(days),
        day_rule=rule,
        until=dt.time.fromisoformat(until) if until else None,
    )
    at = december(received)
    assert explain(received_at=at, terms=[terms], now=at).due_at == december(due)


def test_a_pause_that_begins_as_it_falls_due_leaves_it_due() -> None:
    for target in ({"target_seconds": 8 * 3600.0}, {"target_days": 0, "day_rule": "day0"}):
        terms = Terms(since=march(2, 0), calendar=OFFICE, **target)
        asked = Pause(began_at=march(2, 17), approved=True)
        clock = explain(received_at=march(2, 9), terms=[terms], pauses=[asked], now=march(3, 10))
        assert clock.due_at == march(2, 17)
        assert clock.is_overdue
        assert clock.is_paused


def test_a_day_whose_last_moment_falls_into_a_pause_waits_for_the_answer() -> None:
    terms = Terms(since=march(2, 0), calendar=OFFICE, target_days=0, day_rule="day0", until=dt.time(18))
    asked = Pause(began_at=march(2, 17, 30), ended_at=march(3, 8), approved=True)
    assert explain(received_at=march(2, 9), terms=[terms], now=march(2, 9)).due_at == march(2, 18)
    assert explain(received_at=march(2, 9), terms=[terms], pauses=[asked], now=march(4, 9)).due_at == march(
        3, 8
    )


def test_a_target_used_up_while_paused_is_due_when_the_pause_ends() -> None:
    terms = [hours(8), hours(2, since=march(2, 14))]
    asked = Pause(began_at=march(2, 12), ended_at=march(2, 15), approved=True)
    clock = explain(received_at=march(2, 9), terms=terms, pauses=[asked], now=march(2, 16))
    assert clock.due_at == march(2, 15)


def test_a_stricter_target_excuses_no_breach_and_a_wider_one_does() -> None:
    for target, due_at in ((2, march(2, 13)), (16, march(3, 17))):
        terms = [hours(4), hours(target, since=march(2, 15))]
        assert explain(received_at=march(2, 9), terms=terms, now=march(2, 16)).due_at == due_at


def test_a_change_that_lies_ahead_or_comes_after_the_end_is_left_aside() -> None:
    terms = [hours(4), hours(16, since=march(2, 15))]
    early = explain(received_at=march(2, 9), terms=terms, now=march(2, 14))
    ended = explain(received_at=march(2, 9), terms=terms, ended_at=march(2, 14), now=march(5, 14))
    assert early.due_at == ended.due_at == march(2, 13)
    assert early.is_overdue
    assert ended.is_overdue
    assert len(ended.stages) == 1


def test_an_ended_clock_stands_still_and_takes_no_later_pause() -> None:
    later = Pause(began_at=march(2, 15), approved=True)
    still = Pause(began_at=march(2, 11), approved=True)
    for pauses, counted in (((later,), 4), ((still,), 2)):
        clock = explain(
            received_at=march(2, 9), terms=[hours(8)], pauses=pauses, ended_at=march(2, 13), now=march(9, 9)
        )
        assert clock.counted_seconds == counted * 3600
        assert not clock.is_paused
        assert clock.due_at is not None


def test_a_clock_without_target_counts_and_never_falls_due() -> None:
    clock = explain(
        received_at=march(2, 9), terms=[Terms(since=march(2, 0), calendar=OFFICE)], now=march(9, 9)
    )
    assert (clock.due_at, clock.remaining_seconds, clock.counted_seconds) == (None, None, 40 * 3600)
    assert clock.stages[0].why == "no target"


def test_what_a_calendar_never_works_is_never_due() -> None:
    once = Terms(
        since=march(2, 0), calendar=parse("open 2026-03-02 09:00-12:00", zone="UTC"), target_seconds=4 * 3600
    )
    days = Terms(since=march(2, 0), calendar=once.calendar, target_days=1, day_rule="day0")
    for terms in (once, days):
        clock = explain(received_at=march(2, 9), terms=[terms], now=march(2, 9))
        assert (clock.due_at, clock.stages[0].why) == (None, "never")


def test_pauses_that_overlap_stop_it_once_and_the_approved_one_speaks() -> None:
    pauses = [
        Pause(id="no", began_at=march(2, 10), ended_at=march(2, 14), approved=False),
        Pause(id="yes", began_at=march(2, 11), ended_at=march(2, 13), approved=True),
        Pause(id="perhaps", began_at=march(2, 12), ended_at=march(2, 15)),
    ]
    clock = explain(received_at=march(2, 9), terms=[hours(8)], pauses=pauses, now=march(2, 17))
    assert [(s.kind, [p.id for p in s.pauses]) for s in clock.segments] == [
        ("running", []),
        ("refused pause", ["no"]),
        ("paused", ["no", "yes"]),
        ("paused", ["no", "yes", "perhaps"]),
        ("undecided pause", ["no", "perhaps"]),
        ("undecided pause", ["perhaps"]),
        ("running", []),
    ]
    assert (clock.counted_seconds, clock.paused_seconds) == (6 * 3600, 2 * 3600)


def test_every_hour_of_a_day_on_which_the_clocks_change_counts_once() -> None:
    for day, long in ((29, 23), (30, 24)):
        terms = Terms(
            since=march(1, 0), calendar=always(zone="Europe/Amsterdam"), target_days=0, day_rule="day0"
        )
        midnight = dt.datetime(2026, 3, day, tzinfo=dt.UTC) - (1 if day == 29 else 2) * HOUR
        clock = explain(received_at=midnight, terms=[terms], now=midnight)
        assert clock.due_at == midnight + long * HOUR
        assert clock.target_seconds == long * 3600


def test_warnings_know_when_part_of_the_target_has_counted() -> None:
    asked = Pause(began_at=march(2, 11), approved=True)

    def at(seconds: float, *pauses: Pause) -> dt.datetime | None:
        return counted_at(
            received_at=march(2, 9), terms=[hours(8)], pauses=pauses, seconds=seconds, now=march(2, 12)
        )

    assert at(6 * 3600) == march(2, 15)
    assert at(0) == march(2, 9)
    assert at(2 * 3600, asked) == march(2, 11)
    assert at(2 * 3600 + 1, asked) is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"target_seconds": 0.0}, "more than no time"),
        ({"target_seconds": 60.0, "target_days": 1, "day_rule": "day0"}, "give one of them"),
        ({"target_days": 1}, "needs its rule: day0 or day1"),
        ({"target_days": 0, "day_rule": "day1"}, "0 days cannot be counted by day1"),
        ({"target_days": -1, "day_rule": "day0"}, "-1 days cannot be counted"),
        ({"target_seconds": 60.0, "day_rule": "day0"}, "belong to a target in days"),
        ({"target_days": 1, "day_rule": "day0", "until": dt.time(9, tzinfo=dt.UTC)}, "without a zone"),
    ],
)
def test_terms_that_cannot_be_are_refused(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(ImpossibleTerms, match=said):
        Terms(since=march(2, 0), calendar=OFFICE, **wrong)  # type: ignore[arg-type]


def test_histories_that_cannot_be_are_refused() -> None:
    naive = dt.datetime(2026, 3, 2)  # noqa: DTZ001
    with pytest.raises(ImpossibleTerms, match="give at least one"):
        explain(received_at=march(2, 9), terms=[], now=march(2, 9))
    with pytest.raises(ImpossibleTerms, match="do not follow"):
        explain(received_at=march(2, 9), terms=[hours(8), hours(4)], now=march(2, 9))
    with pytest.raises(ImpossiblePause, match=r"the pause 7 from .* ends before it"):
        Pause(id="7", began_at=march(2, 9), ended_at=march(2, 8))
    with pytest.raises(NotAware, match="the terms since at 2026-03-02"):
        Terms(since=naive, calendar=OFFICE)
    with pytest.raises(NotAware, match="received at"):
        explain(received_at=naive, terms=[hours(8)], now=march(2, 9))


def hours(target: float, *, since: dt.datetime | None = None) -> Terms:
    return Terms(since=since or march(2, 0), calendar=OFFICE, target_seconds=target * 3600)


def march(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=dt.UTC)


def december(text: str) -> dt.datetime:
    """Read `Mon 21 10:00`, and see that it is a Monday."""
    found = dt.datetime.strptime(f"2026-12 {text[4:]}", "%Y-%m %d %H:%M").replace(tzinfo=dt.UTC)
    assert f"{found:%a}" == text[:3]
    return found
