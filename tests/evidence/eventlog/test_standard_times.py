"""Times by the standard, read eight bytes at a time: as Python reads them, and nothing where none stands."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.evidence.eventlog._seen import NULS
from backdesk.evidence.eventlog._standard_times import NO_OFFSET, first_date, read_time
from backdesk.evidence.eventlog._words import before, count, digits, eight, equal, number

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001
WORDS = st.binary(min_size=8, max_size=8)
naive = st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31))  # noqa: DTZ001
offsets = st.sampled_from(["", "Z", "+00:00", "-03:30", "+14:00"])

pytestmark = pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")  # as words are meant to


def read(text: str, *, of_table: bool = True, date: np.ndarray | None = None) -> tuple[int, int, int]:
    bytes_of_it = np.frombuffer(text.encode() + bytes(NULS), np.uint8)
    return read_time(bytes_of_it, 0, of_table, first_date() if date is None else date)


@settings(max_examples=50, deadline=None)
@given(
    moments=st.lists(naive, min_size=1, max_size=4),
    mark=st.sampled_from("T "),
    digits=st.integers(0, 12),
    offset=offsets,
)
def test_a_time_is_what_python_reads(moments: list[datetime], mark: str, digits: int, offset: str) -> None:
    date = first_date()
    for moment in (*moments, *moments[-1:]):  # the day of the row before is known again
        fraction = f".{moment:%f}123456"[: digits + 1] if digits else ""
        written = f"{moment:%Y-%m-%d}{mark}{moment:%H:%M:%S}{fraction}{offset}"
        cut = datetime.fromisoformat(f"{moment:%Y-%m-%dT%H:%M:%S}.{fraction[1:7]:0<6}{offset}")
        behind, local, minutes = read(written, date=date)
        assert behind == len(written)
        assert EPOCH + timedelta(microseconds=local) == cut.replace(tzinfo=None)
        assert minutes == ((cut.utcoffset() or timedelta()) // timedelta(minutes=1) if offset else NO_OFFSET)


@pytest.mark.parametrize(
    "text",
    [
        *("2023-02-29T09:30:00Z", "1900-02-29T09:30:00Z", "1899-12-31T23:59:59Z", "2200-01-01T00:00:00Z"),
        *("2024-02-29T24:00:00Z", "2024-02-29T09:60:00Z", "2024-02-29T09:30:60Z", "2024-02-29T0930:00Z"),
        *("2024-02-29T09:30:0", "2024-02-29T09:3a:00Z", "2024-02-29T09.30:00Z", "2024-02-29T09:30-00Z"),
        *("2024-02-29_09:30:00Z", "2024/02/29T09:30:00Z", "24-02-29T09:30:00Z", "2024-02-29T09:30:00.Z", ""),
        *("2024-02-29T09:30:00+15:00", "2024-02-29T09:30:00+1:000", "\0" * 10 + "T09:30:00Z"),
    ],
)
def test_nothing_is_read_where_no_time_stands(text: str) -> None:
    assert read(text)[0] == 0


def test_a_log_has_neither_a_blank_in_a_time_nor_one_without_an_offset() -> None:
    assert read("2024-02-29T09:30:00Z", of_table=False)[0] == 20
    assert read("2024-02-29 09:30:00Z", of_table=False)[0] == 0
    assert read("2024-02-29T09:30:00", of_table=False)[0] == 0


def test_the_day_that_is_known_before_any_is_that_of_the_epoch() -> None:
    assert read("1970-01-01T00:00:01Z") == (20, 10**6, 0)


@settings(max_examples=50, deadline=None)
@given(text=WORDS, byte=st.integers(0, 255))
def test_the_first_of_equal_bytes_is_found(text: bytes, byte: int) -> None:
    told = before(equal(eight(np.frombuffer(text, np.uint8), 0), byte))
    assert count(told) == (text.index(byte) if byte in text else 8)


@settings(max_examples=50, deadline=None)
@given(text=st.text("0123456789", max_size=8), behind=st.sampled_from(["", "+", "Z", "\0", ":", "/", "é"]))
def test_digits_make_their_number(text: str, behind: str) -> None:
    written = (text + behind).encode()[:8].ljust(8, b"\0")
    worth, others = digits(eight(np.frombuffer(written, np.uint8), 0))
    assert count(before(others)) == len(text)
    assert number(worth & before(others)) == int(text.ljust(8, "0"))
