"""The rows of each case together and in order, whatever the order of the file."""

from __future__ import annotations

from contextlib import nullcontext

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.eventlog import in_case_order

Row = tuple[str, int | None]

logs = st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.integers(0, 3)), max_size=12)


class Sorted(Exception):
    """Something was sorted."""


def table(rows: list[Row]) -> pl.DataFrame:
    lines = range(len(rows))
    return pl.DataFrame(
        {"case": [case for case, _ in rows], "at": [at for _, at in rows], "line": lines, "name": lines},
        schema={"case": pl.String, "at": pl.Int64, "line": pl.UInt32, "name": pl.UInt32},
    )


@given(logs, st.booleans())
@settings(max_examples=50)
def test_each_case_has_its_rows_together_and_in_order(rows: list[Row], nulls_last: bool) -> None:
    found = in_case_order(table(rows), nulls_last=nulls_last)
    places = [
        [line for line in range(len(rows)) if rows[line][0] == case] for case in {case for case, _ in rows}
    ]
    for lines in places:
        lines.sort(key=lambda line: ((rows[line][1] is None) == nulls_last, rows[line][1] or 0, line))
    told = found.group_by("case", maintain_order=True).agg("line")["line"].to_list()
    assert sorted(told) == sorted(places)
    assert found["case"].is_sorted()


@given(logs)
@settings(max_examples=50)
def test_rows_that_stand_in_order_are_left_as_they_are(rows: list[Row]) -> None:
    once = in_case_order(table(sorted(rows, key=lambda row: (row[0], row[1] or 0))), order=["line"])
    again = in_case_order(once, order=["line"])
    assert again.equals(once)
    assert once["name"].to_list() == list(range(len(rows)))


@pytest.mark.parametrize(("written", "is_sorted"), [("aabb", False), ("bbaa", False), ("abab", True)])
def test_only_what_is_out_of_order_is_sorted(
    written: str, is_sorted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise Sorted

    monkeypatch.setattr(pl.DataFrame, "sort", refuse)
    with pytest.raises(Sorted) if is_sorted else nullcontext():
        in_case_order(table([(case, 1) for case in written]))


def test_a_time_that_is_missing_is_not_taken_for_order() -> None:
    rows = in_case_order(table([("a", 2), ("a", None), ("b", 1)]))
    assert rows["line"].to_list() == [1, 0, 2]
    assert in_case_order(table([("a", 2), ("a", None)]), nulls_last=True)["line"].to_list() == [0, 1]


def test_only_the_columns_asked_for_are_kept() -> None:
    assert in_case_order(table([("a", 1)]), order=["line"], columns=["at"]).columns == ["case", "at", "line"]


def test_a_column_that_is_missing_is_named() -> None:
    with pytest.raises(pl.exceptions.ColumnNotFoundError, match="ended_at"):
        in_case_order(table([("a", 1)]), order=["ended_at"])
