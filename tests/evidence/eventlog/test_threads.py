"""What is done on all cores comes back in order, with what went wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from backdesk.evidence import eventlog
from backdesk.evidence.eventlog.records import Layout, _batch, _regular, _survey
from backdesk.evidence.eventlog.threads import ahead, each


def test_each_piece_is_worked_on_and_given_in_order() -> None:
    assert each(lambda number: number * 2, range(100)) == [number * 2 for number in range(100)]
    assert each(len, ["one"]) == [3]


def test_what_goes_wrong_with_a_piece_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        each(lambda number: 1 // number, [1, 0])


def test_what_is_made_ahead_comes_in_order_and_in_another_thread() -> None:
    def made() -> Iterator[tuple[int, int]]:
        for number in range(3):
            yield number, threading.get_ident()

    numbers, makers = zip(*ahead(made()), strict=True)
    assert numbers == (0, 1, 2)
    assert threading.get_ident() not in makers


def test_what_goes_wrong_ahead_is_raised_after_what_was_made() -> None:
    def made() -> Iterator[int]:
        yield 1
        raise UnicodeError

    pieces = ahead(made())
    assert next(pieces) == 1
    with pytest.raises(UnicodeError):
        next(pieces)


def test_progress_is_told_in_the_thread_that_reads(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("case,activity,time\n" + "1,Check,2024-01-02 09:00\n" * 3)
    told: list[tuple[float, int]] = []
    eventlog.read(log, progress=lambda share, _: told.append((share, threading.get_ident())))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert len(shares) > 2
    assert {thread for _, thread in told} == {threading.get_ident()}


@pytest.mark.parametrize(
    ("text", "regular"),
    [
        ("a,b\nc,\n", True),
        ("a,b\r\n,\r\n", True),
        ("a\n", False),
        ("a,b,c\n", False),
        ('"a",b\n', False),
        ("\na,b\n", False),
    ],
)
def test_only_rows_with_all_fields_and_no_quote_need_no_survey(text: str, regular: bool) -> None:
    layout = Layout(delimiter=",", names=("x", "y"), kept=("y", "x"), types={"y": pl.Categorical()})
    found = _regular(text.encode(), layout, 7)
    assert (found is not None) == regular
    survey = _survey(text.encode(), ",")
    if found and survey and (general := _batch(survey, layout, 7)):
        assert found.frame.equals(general.frame)
        assert found.lines.to_list() == general.lines.to_list()
