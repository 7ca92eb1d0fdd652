"""The same figures on one core, in other processes, and on a Dask cluster that loses a worker."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from backdesk.evidence.eventlog import StepLog, write_steps
from backdesk.evidence.measures import (
    Breakdown,
    CaseInTwoPartitions,
    Period,
    aggregate,
    measure_partitioned,
    measure_steps,
    partitioned,
)
from tests.evidence.measures.logs import BEGIN, OFFICE, SLOT, ZONE, frame, log_of
from tests.waiting import until

PARTS = 24
ASKED = Breakdown(by=("activity", "resource"), period=Period(every="week", zone=ZONE, at="arrival"))


@pytest.fixture(scope="module")
def log() -> StepLog:
    """Six hundred cases of three or four steps, some of them repeated, by five people in turn."""
    activities = ("Enter", "Check", "Bill", "Check")
    rows: list[dict[str, object]] = [
        {
            "case": str(case),
            "activity": activities[place],
            "resource": ["Ann", "Bob", "Cy", "Di", "Ed"][(case * 7 + place) % 5],
            "party": ("Client", "Provider")[place % 2],
            "enabled_at": (begin := BEGIN + (case + 3 * place) * SLOT),
            "started_at": begin + dt.timedelta(minutes=case % 17),
            "ended_at": begin + SLOT * (1 + case % 3) + dt.timedelta(microseconds=case),
        }
        for case in range(600)
        for place in range(3 + case % 2)
    ]
    return log_of(frame(rows))


@pytest.fixture(scope="module")
def expected(log: StepLog) -> pl.DataFrame:
    return measure_partitioned([log], calendar=OFFICE, breakdown=ASKED).table


def test_one_partition_or_many(log: StepLog, expected: pl.DataFrame) -> None:
    parts = partitioned(log, into=PARTS)
    assert sum(part.steps.height for part in parts) == log.steps.height
    assert sum(part.steps["case"].n_unique() for part in parts) == 600
    assert measure_partitioned(parts, calendar=OFFICE, breakdown=ASKED).table.rows() == expected.rows()
    week = ASKED.period.column() if ASKED.period else pl.lit(None)
    whole = measure_steps(log, calendar=OFFICE).with_columns(week)
    assert aggregate(whole, by=ASKED.keys()).rows() == expected.rows()


def test_partitions_not_by_case_are_refused(log: StepLog) -> None:
    halves = [log_of(log.steps.gather_every(2, offset)) for offset in (0, 1)]
    with pytest.raises(CaseInTwoPartitions):
        measure_partitioned(halves, calendar=OFFICE, breakdown=ASKED)


def test_other_processes_read_the_partitions_from_files(
    log: StepLog, expected: pl.DataFrame, tmp_path: Path
) -> None:
    files = [tmp_path / f"{number}.parquet" for number in range(4)]
    for part, file in zip(partitioned(log, into=len(files)), files, strict=True):
        write_steps(part, path=file)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        found = measure_partitioned(files, calendar=OFFICE, breakdown=ASKED, each=pool.map)
    assert found.table.rows() == expected.rows()


@pytest.mark.filterwarnings("ignore:Creating scratch directories")  # which a busy disk takes a second for
def test_a_cluster_that_loses_a_worker_tells_the_same(
    log: StepLog, expected: pl.DataFrame, cluster: Any, tmp_path: Path
) -> None:
    """Two workers take one partition after the other; one of them is killed when the first is done, and no other is."""
    killed: list[int] = []
    go_on = tmp_path / "go-on"

    def each(function: Callable[[Any], Any], parts: list[Any]) -> list[Any]:
        workers = cluster.run(os.getpid)
        first: list[Any] = cluster.map(function, parts[:1], pure=False)
        others: list[Any] = cluster.map(partial(_once, go_on, function), parts[1:], pure=False)
        first[0].result()
        killed.append(next(iter(workers.values())))
        os.kill(killed[0], signal.SIGKILL)
        assert all(future.status == "pending" for future in others)
        go_on.touch()
        return first + others

    parts = partitioned(log, into=PARTS)
    found = measure_partitioned(parts, calendar=OFFICE, breakdown=ASKED, each=each)
    assert found.table.rows() == expected.rows()
    assert killed[0] not in cluster.run(os.getpid).values()


def _once(there: Path, function: Callable[[Any], Any], part: Any) -> Any:
    until(there.exists, "the word to go on")
    return function(part)


@pytest.fixture
def cluster() -> Iterator[Any]:
    """A scheduler and two worker processes, each watched by a nanny that starts it anew."""
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as workers,
        distributed.Client(workers) as client,
    ):
        yield client
