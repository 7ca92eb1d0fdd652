"""Work on all cores: in order, no further ahead than there is work for, and what fails is raised."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from backdesk.evidence.eventlog.threads import side_by_side


def test_what_is_done_comes_in_the_order_of_the_pieces() -> None:
    assert list(side_by_side(lambda number: number * 2, range(50))) == list(range(0, 100, 2))


def test_no_more_pieces_are_taken_than_keep_every_core_at_work() -> None:
    taken: list[int] = []

    def pieces() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    assert next(side_by_side(str, pieces())) == "0"
    assert len(taken) <= (os.cpu_count() or 1) + 2


def test_what_fails_in_a_thread_is_raised_where_it_is_waited_for() -> None:
    with pytest.raises(ZeroDivisionError):
        list(side_by_side(lambda number: 1 // number, [1, 0, 1]))
