"""Columns put together of what compiled readers find: what is numbered says what was written."""

from __future__ import annotations

from itertools import accumulate, chain
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.eventlog._seen import number_of
from backdesk.evidence.eventlog._standard_times import NO_OFFSET, NO_TIME
from backdesk.evidence.eventlog.numbered import coded, count_on, listed, written_times

texts = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1, max_size=4)
blocks = st.lists(st.lists(st.one_of(texts, st.none()), max_size=8), min_size=1, max_size=4)


@settings(max_examples=40, deadline=None)
@given(found=st.lists(texts, max_size=8))
def test_texts_are_listed_from_where_they_stand(found: list[str]) -> None:
    written = [text.encode() for text in found]
    ends = list(accumulate(len(text) + 1 for text in written))
    spans = [(end - len(text) - 1, end - 1, 0) for text, end in zip(written, ends, strict=True)]
    bytes_of_it = np.frombuffer(b";".join([*written, b""]) or b";", np.uint8)
    assert listed(bytes_of_it, np.array(spans, np.int64).reshape(-1, 3)) == found


@settings(max_examples=40, deadline=None)
@given(rows=blocks)
def test_numbers_of_blocks_are_counted_on_and_say_the_same(rows: list[list[str | None]]) -> None:
    own = [list(dict.fromkeys(text for text in block if text is not None)) for block in rows]
    cells = [
        np.array([-1 if text is None else of.index(text) for text in block], np.int32)
        for block, of in zip(rows, own, strict=True)
    ]
    count_on(cells, map(len, own))
    column = coded(pl.Series([*chain(*own)], dtype=pl.String()), np.concatenate(cells))
    assert column.cast(pl.String).to_list() == [text for block in rows for text in block]


def test_texts_of_one_hash_are_told_apart() -> None:
    text = np.frombuffer(b"Check-00Check-01Check-02", np.uint8)
    state, room = np.array([4, 4]), np.zeros(12, np.int64)
    own = SimpleNamespace(
        state=state, counts=room[:1].copy(), slots=room[:4].copy(), spans=room.copy(), marks=room
    )
    assert [number_of(text, 0, at, at + 8, np.uint64(7), own) for at in (0, 8, 16, 8, 0)] == [0, 1, 2, 1, 0]


@pytest.mark.parametrize(("rows", "kind"), [(2, pl.Categorical), (1, pl.String)])
def test_texts_are_held_once_each_where_they_repeat(rows: int, kind: type[pl.DataType]) -> None:
    column = coded(pl.Series(["Pay", "Check"]), np.array([1, 0] * rows, np.int32))
    assert isinstance(column.dtype, kind)
    assert column.cast(pl.String).to_list() == ["Check", "Pay"] * rows


def test_of_a_time_may_stand_nothing_or_no_offset() -> None:
    column = written_times(np.array([0, NO_TIME, 10**6]), np.array([60, NO_OFFSET, NO_OFFSET], np.int16))
    assert column.is_null().to_list() == [False, True, False]
    assert column.struct.field("offset").to_list() == [60, None, None]
    assert column.struct.field("local").dt.second().to_list() == [0, None, 1]
