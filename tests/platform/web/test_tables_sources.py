"""The same table from SQL, from a frame and from rows in memory."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from backdesk.platform.models import Job
from backdesk.platform.web import tables
from backdesk.platform.web.tables import PAGE_SIZE, Column, Table
from tests.cast import NOW, Cast

COLUMNS = (
    Column(key="name", title="Name", filter="contains"),
    Column(
        key="office",
        title="Office",
        filter="choice",
        choices=(("a", "A"), ("b", "B")),
    ),
    Column(key="rework", title="Rework", kind="share", filter="at-least"),
)
ROW = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Invoice", "invoice check", "Ångström", "50 % off", "a_b", "Payroll"]),
        "office": st.sampled_from(["a", "b"]),
        "rework": st.none() | st.integers(0, 100).map(lambda percent: percent / 100),
    }
)


def ask(query: str) -> tables.State:
    return tables.read_state(QueryDict(query), columns=COLUMNS, sort="-rework")


def of_rows(rows: list[dict[str, Any]], query: str) -> Table:
    return tables.from_rows(rows, name="t", columns=COLUMNS, state=ask(query))


def of_frame(rows: list[dict[str, Any]], query: str) -> Table:
    schema = {"name": pl.String, "office": pl.Categorical, "rework": pl.Float64}
    return tables.from_frame(pl.DataFrame(rows, schema=schema), name="t", columns=COLUMNS, state=ask(query))


QUERIES = st.sampled_from(
    ["", "sort=rework", "sort=name", "sort=-name", "name=INV", "name=%25", "office=a", "rework=25"]
)


@given(st.lists(ROW, max_size=2 * PAGE_SIZE + 3), QUERIES)
def test_a_frame_and_rows_in_memory_give_the_same_table(rows: list[dict[str, Any]], query: str) -> None:
    from_rows, from_frame = of_rows(rows, query), of_frame(rows, query)
    assert list(from_rows.rows) == list(from_frame.rows)
    assert from_rows.total == from_frame.total


@given(st.lists(ROW, max_size=2 * PAGE_SIZE + 3), QUERIES)
def test_the_pages_together_hold_every_row_once_and_in_order(rows: list[dict[str, Any]], query: str) -> None:
    first = of_frame(rows, query)
    seen = [row for page in range(1, first.pages + 1) for row in of_frame(rows, f"{query}&page={page}").rows]
    assert len(seen) == first.total
    assert seen == list(of_frame(rows, f"{query}&export=csv").rows)
    if first.state.sort_key == "rework":
        known = [row["rework"] for row in seen if row["rework"] is not None]
        assert known == sorted(known, reverse=first.state.is_descending)
        assert all(row["rework"] is None for row in seen[len(known) :])


def test_a_share_is_filtered_in_per_cent_as_it_is_shown() -> None:
    rows = [{"name": "x", "office": "a", "rework": share} for share in (0.24, 0.25, 0.9, None)]
    assert [row["rework"] for row in of_rows(rows, "rework=25").rows] == [0.9, 0.25]


def test_a_page_beyond_the_end_is_the_last() -> None:
    rows = [{"name": str(n), "office": "a", "rework": n / 100} for n in range(PAGE_SIZE + 1)]
    table = of_frame(rows, "page=99")
    assert (table.state.page, len(table.rows), table.range_text) == (2, 1, "51–51 of 51")


JOB_COLUMNS = (
    Column(key="kind", title="Kind", filter="contains"),
    Column(key="progress", title="Progress", kind="share", filter="at-least"),
    Column(key="phase", title="Phase", filter="choice", choices=(("reading", "Reading"),)),
)


@pytest.fixture
def jobs(cast: Cast) -> None:
    Job.objects.bulk_create(
        Job(
            organisation_id=cast.client.pk,
            kind=f"kind {n % 7}",
            progress=(n % 10) / 10,
            phase="reading",
            enqueued_at=NOW,
        )
        for n in range(120)
    )


def of_jobs(query: str) -> Table:
    state = tables.read_state(QueryDict(query), columns=JOB_COLUMNS, sort="-progress")
    return tables.from_queryset(Job.objects.all(), name="jobs", columns=JOB_COLUMNS, state=state)


@pytest.mark.usefixtures("jobs")
def test_sql_does_the_counting_sorting_and_slicing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        table = of_jobs("page=3&sort=kind")
        assert (table.total, len(table.rows), table.range_text) == (120, 20, "101–120 of 120")
    assert [job.kind for job in table.rows] == sorted(job.kind for job in table.rows)


@pytest.mark.usefixtures("jobs")
def test_pages_from_sql_neither_repeat_nor_miss_a_row_where_the_order_is_tied() -> None:
    seen = [job.pk for page in (1, 2, 3) for job in of_jobs(f"page={page}").rows]
    assert sorted(seen) == sorted(Job.objects.values_list("pk", flat=True))


@pytest.mark.usefixtures("jobs")
def test_sql_filters_as_the_head_says() -> None:
    assert {job.kind for job in of_jobs("kind=KIND+3").rows} == {"kind 3"}
    assert {job.progress for job in of_jobs("progress=80").rows} == {0.8, 0.9}
    assert of_jobs("phase=writing").total == 120
    assert of_jobs("kind=%25").total == 0


def test_a_length_of_time_is_filtered_in_hours() -> None:
    columns = (Column(key="waiting", title="Waiting", kind="duration", filter="at-least"),)
    state = tables.read_state(QueryDict("waiting=1.5"), columns=columns, sort="waiting")
    rows = [{"waiting": seconds} for seconds in (5_399, 5_400, 90_000)]
    found = tables.from_rows(rows, name="t", columns=columns, state=state)
    assert [row["waiting"] for row in found.rows] == [5_400, 90_000]
    assert columns[0].filter_unit == "h"
