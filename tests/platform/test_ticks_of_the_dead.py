"""A tick whose worker died, while the next one of its kind waits already."""

from __future__ import annotations

import asyncio

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from backdesk.platform.jobs import worker
from backdesk.platform.jobs.queue import QUEUE

pytestmark = pytest.mark.django_db(transaction=True)

TICK = "tests.a_tick"


def a_job(status: str) -> int:
    """Of no worker that lives, as the one to which it belonged was killed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, status) "
            "VALUES (%s, %s, %s, %s, %s) RETURNING id",
            [QUEUE, TICK, TICK, TICK, status],
        )
        return int(cursor.fetchone()[0])


def jobs() -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status FROM procrastinate_jobs WHERE task_name = %s", [TICK])
        return list(cursor.fetchall())


def put_back() -> None:
    async def once() -> None:
        with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
            async with app.open_async():
                await worker._put_back_stalled(0)

    asyncio.run(once())


def test_it_gives_way_to_the_next_one_which_takes_up_what_it_left() -> None:
    a_job("doing")
    waiting = a_job("todo")
    put_back()
    assert jobs() == [(waiting, "todo")]


def test_it_is_done_again_where_none_waits() -> None:
    only = a_job("doing")
    put_back()
    assert jobs() == [(only, "todo")]
