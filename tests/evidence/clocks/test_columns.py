"""Many clocks at once answer as each does by itself."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars._typing import PolarsDataType

from backdesk.evidence.calendars import parse
from backdesk.evidence.clocks import (
    ImpossibleTerms,
    NotItems,
    Pause,
    Terms,
    counted_many,
    due_many,
    explain,
)
from tests.evidence.calendars.naive import MINUTE
from tests.evidence.calendars.strategies import TURNS
from tests.evidence.clocks.strategies import histories, pauses

MOMENT = pl.Datetime("us", "UTC")
MONDAY = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
OFFICE = Terms(since=MONDAY, calendar=parse("Mon-Fri 09:00-17:00", zone="UTC"), target_seconds=8 * 3600)
each_turn = pytest.mark.parametrize(("zone", "near"), [(zone, dates[0]) for zone, dates in TURNS.items()])


@each_turn
def test_as_each_is_explained(zone: str, near: dt.date) -> None:
    @settings(max_examples=6, deadline=None)
    @given(st.data())
    def agrees(data: st.DataObject) -> None:
        begin = dt.datetime.combine(near, dt.time(12), tzinfo=dt.UTC) - dt.timedelta(days=3)
        minutes = st.integers(0, 9000)
        terms = {name: data.draw(histories((zone, "America/New_York"), near, begin)) for name in "AB"}
        drawn = data.draw(
            st.lists(
                st.tuples(
                    minutes,
                    st.one_of(st.none(), minutes),
                    st.sampled_from("AB"),
                    st.lists(pauses(begin), max_size=3),
                ),
                min_size=1,
                max_size=12,
            )
        )
        now = begin + data.draw(minutes) * MINUTE
        rows = [
            (key, begin + at * MINUTE, None if long is None else begin + (at + long) * MINUTE, name)
            for key, (at, long, name, _) in enumerate(drawn)
        ]
        stops = [(key, pause) for key, (*_, own) in enumerate(drawn) for pause in own]
        due = due_many(items(*rows), terms=terms, pauses=stopped(*stops), now=now).to_list()
        counted = counted_many(items(*rows), terms=terms, pauses=stopped(*stops), now=now).to_list()
        for key, received_at, ended_at, name in rows:
            own = [pause for whose, pause in stops if whose == key]
            clock = explain(
                received_at=received_at, terms=terms[name], pauses=own, ended_at=ended_at, now=now
            )
            assert (due[key], counted[key]) == (clock.due_at, clock.counted_seconds)

    agrees()


def test_without_items_there_is_nothing_due() -> None:
    assert due_many(items(), terms={"A": [OFFICE]}, pauses=stopped(), now=MONDAY).to_list() == []
    assert counted_many(items(), terms={"A": [OFFICE]}, pauses=stopped(), now=MONDAY).to_list() == []


def test_a_key_may_stand_in_many_rows() -> None:
    rows = [(7, MONDAY, None, "A"), (7, MONDAY + 60 * MINUTE, None, "A")]
    asked = Pause(began_at=MONDAY, ended_at=MONDAY + 120 * MINUTE, approved=True)
    due = due_many(items(*rows), terms={"A": [OFFICE]}, pauses=stopped((7, asked)), now=MONDAY)
    tuesday = dt.datetime(2026, 3, 3, 11, tzinfo=dt.UTC)
    assert due.to_list() == [tuesday, tuesday]


def test_tables_that_cannot_be_read_are_refused() -> None:
    some = items((1, MONDAY, None, "A"))
    with pytest.raises(NotItems, match="no column 'terms'; it needs key, received_at, ended_at, terms"):
        due_many(some.drop("terms"), terms={"A": [OFFICE]}, pauses=stopped(), now=MONDAY)
    with pytest.raises(NotItems, match="pauses has no column 'approved'"):
        due_many(some, terms={"A": [OFFICE]}, pauses=stopped().drop("approved"), now=MONDAY)
    with pytest.raises(NotItems, match="items with the terms 'A', which are not among those given"):
        due_many(some, terms={"B": [OFFICE]}, pauses=stopped(), now=MONDAY)
    with pytest.raises(ImpossibleTerms, match="do not follow"):
        due_many(some, terms={"A": [OFFICE, OFFICE]}, pauses=stopped(), now=MONDAY)


def items(*rows: tuple[int, dt.datetime, dt.datetime | None, str]) -> pl.DataFrame:
    schema: dict[str, PolarsDataType] = {
        "key": pl.Int64,
        "received_at": MOMENT,
        "ended_at": MOMENT,
        "terms": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def stopped(*pauses: tuple[int, Pause]) -> pl.DataFrame:
    schema: dict[str, PolarsDataType] = {
        "key": pl.Int64,
        "began_at": MOMENT,
        "ended_at": MOMENT,
        "approved": pl.Boolean,
    }
    rows = [(key, pause.began_at, pause.ended_at, pause.approved) for key, pause in pauses]
    return pl.DataFrame(rows, schema=schema, orient="row")
