"""What lies beside the database is whole or not there, whoever reads while it is written."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from copy import copy
from threading import Barrier
from typing import Any

import polars as pl
import pytest

from backdesk.evidence import measures
from backdesk.planning import operations, records
from backdesk.planning.models import WorkHistory
from tests.cast import NOW, Cast
from tests.planning.histories import COLUMNS, OFFICE, read, read_now
from tests.waiting import PATIENCE

pytestmark = pytest.mark.django_db

BETWEEN_TWO = 2


def test_when_definitions_change_the_steps_are_measured_anew(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = read(cast.lead)
    before = records.measured(history).collect()
    monkeypatch.setattr(records, "edition", lambda: "after an update")
    assert records.measured(history).collect().equals(before)
    assert records.cases(history).collect().height == 30


def test_two_requests_may_measure_anew_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    history = read(cast.lead)
    both, measure = Barrier(BETWEEN_TWO, timeout=PATIENCE), measures.measure_steps

    def measure_together(*args: Any, **kwargs: Any) -> pl.DataFrame:
        both.wait()
        return measure(*args, **kwargs)

    monkeypatch.setattr(records, "edition", lambda: "after an update")
    monkeypatch.setattr(measures, "measure_steps", measure_together)
    with ThreadPoolExecutor(BETWEEN_TWO) as requests:
        heights = list(requests.map(lambda _: records.measured(history).collect().height, range(BETWEEN_TWO)))
    assert heights == [70, 70]
    assert not list(records.folder(history).glob("coming-*"))


def test_a_page_that_began_before_a_reading_ended_still_finds_its_steps(cast: Cast) -> None:
    history = read(cast.lead)
    as_the_page_knows_it = copy(history)
    read_again(cast, history)
    assert records.measured(as_the_page_knows_it).collect().height == 70
    read_again(cast, history)
    assert not records.folder(as_the_page_knows_it).exists(), "nothing is kept for ever"


def read_again(cast: Cast, history: WorkHistory) -> WorkHistory:
    return read_now(
        operations.confirm_columns(
            actor=cast.lead, now=NOW, history=history, mapping=COLUMNS, zone="UTC", calendar=OFFICE
        )
    )
