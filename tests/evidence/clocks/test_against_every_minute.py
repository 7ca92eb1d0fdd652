"""Clocks against one that is read every minute, through every change of the clocks on the wall."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.clocks import counted_at, explain
from tests.evidence.calendars.naive import MINUTE
from tests.evidence.calendars.strategies import TURNS
from tests.evidence.clocks.naive import HORIZON, Naive
from tests.evidence.clocks.strategies import histories, pauses

each_turn = pytest.mark.parametrize(("zone", "near"), [(zone, dates[0]) for zone, dates in TURNS.items()])


@each_turn
def test_it_counts_and_falls_due_as_the_minutes_say(zone: str, near: dt.date) -> None:
    @settings(max_examples=6, deadline=None)
    @given(st.data())
    def agrees(data: st.DataObject) -> None:
        noon = dt.datetime.combine(near, dt.time(12), tzinfo=dt.UTC)
        received_at = noon - dt.timedelta(days=3) + data.draw(st.integers(0, 2880)) * MINUTE
        terms = data.draw(histories((zone, "America/New_York"), near, received_at))
        stops = data.draw(st.lists(pauses(received_at), max_size=4))
        now = received_at + data.draw(st.integers(0, 9000)) * MINUTE
        clock = explain(received_at=received_at, terms=terms, pauses=stops, now=now)
        naive = Naive(received_at, terms, stops, at=now)
        assert clock.counted_seconds == 60 * naive.counted()
        due_at = naive.due_at()
        if due_at is None:
            assert clock.due_at is None or clock.due_at >= received_at + HORIZON
        else:
            assert clock.due_at == due_at

        assert [s.begins_at for s in clock.segments] == [received_at, *(s.ends_at for s in clock.segments)][
            :-1
        ]
        assert not clock.segments or clock.segments[-1].ends_at == now
        assert {s.counted_seconds for s in clock.segments if s.kind in ("closed", "paused")} <= {0.0}

    agrees()


@each_turn
def test_it_has_counted_so_much_when_the_minutes_say(zone: str, near: dt.date) -> None:
    @settings(max_examples=4, deadline=None)
    @given(st.data(), st.integers(1, 3000))
    def agrees(data: st.DataObject, amount: int) -> None:
        received_at = dt.datetime.combine(near, dt.time(12), tzinfo=dt.UTC) - dt.timedelta(days=2)
        terms = data.draw(histories((zone, "America/New_York"), near, received_at))
        stops = data.draw(st.lists(pauses(received_at), max_size=4))
        now = received_at + data.draw(st.integers(0, 9000)) * MINUTE
        reached = counted_at(
            received_at=received_at, terms=terms, pauses=stops, seconds=60.0 * amount, now=now
        )
        ticks = Naive(received_at, terms, stops, at=now).counting()
        counted = [minute + MINUTE for minute, counts in ticks if counts]
        if amount <= len(counted):
            assert reached == counted[amount - 1]
        else:
            assert reached is None or reached > received_at + HORIZON

    agrees()
