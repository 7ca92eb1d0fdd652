"""From when to when each case lasted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.eventlog import EVENTS, spans

BEGIN = datetime(2026, 3, 29, tzinfo=UTC)
events = st.lists(st.tuples(st.text("abé", max_size=1), st.integers(-40, 40)))


def table(found: list[tuple[str, int]]) -> pl.DataFrame:
    rows = [(case, BEGIN + timedelta(hours=hours)) for case, hours in found]
    return pl.DataFrame(rows, {"case": EVENTS["case"], "at": EVENTS["at"]}, orient="row")


@settings(deadline=None, max_examples=40)
@given(events)
def test_each_case_lasts_from_its_first_event_to_its_last_wherever_they_stand(
    found: list[tuple[str, int]],
) -> None:
    expected = table(found).group_by("case", maintain_order=True)
    assert spans(table(found)).equals(expected.agg(first=pl.col("at").min(), last=pl.col("at").max()))


def test_a_table_in_pieces_is_taken_as_one() -> None:
    found = [("a", 3), ("a", 1), ("b", 2), ("a", 9)]
    pieces = pl.concat([table([one]) for one in found], rechunk=False)
    hours = [1, 9, 2, 2]
    assert [at.hour for row in spans(pieces).select("first", "last").rows() for at in row] == hours
