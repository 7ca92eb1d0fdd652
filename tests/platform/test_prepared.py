"""What is asked hundreds of times a second is planned once for a connection, which is not probed each time."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from django.db import connection, connections

from backdesk.platform.actor import Actor
from backdesk.platform.isolation import prepared, within
from tests.cast import Cast

_NUMBER = "SELECT %s::bigint + 1 AS asked_by_the_test"
_PLANNED = (
    "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1::bigint + 1 AS asked%%'"
)


def test_a_statement_is_planned_once_for_the_connection(db: None) -> None:
    assert [prepared.rows(sql=_NUMBER, values=[given]) for given in (1, 2, 3)] == [[(2,)], [(3,)], [(4,)]]
    assert prepared.rows(sql=_PLANNED, values=[]) == [(1,)]
    with (
        connection.cursor() as cursor
    ):  # as Django asks: its values are part of the statement, so each is new
        cursor.execute(_NUMBER, [5])
    assert prepared.rows(sql=_PLANNED, values=[]) == [(1,)]


def test_what_it_gives_is_read_as_the_models_have_it(db: None) -> None:
    now = datetime(2026, 3, 1, 9, 0, 0, 123456, tzinfo=UTC)
    sql = """SELECT %s::timestamptz, '{"a": [1, null]}'::jsonb, ARRAY['x', 'y'], NULL::integer"""
    ((at, read, texts, nothing),) = prepared.rows(sql=sql, values=[now])
    assert (at, at.utcoffset(), read, texts, nothing) == (
        now,
        now.utcoffset(),
        {"a": [1, None]},
        ["x", "y"],
        None,
    )


def test_it_is_asked_in_the_scope_there_is_and_shows_nothing_of_anybody_else(cast: Cast) -> None:
    sql = "SELECT id FROM parties_organisation ORDER BY id"
    seen = [_seen(sql, actor) for actor in (cast.lead, Actor(person_id=10**6, organisation_id=10**6))]
    assert (cast.client.pk,) in seen[0]
    assert seen[1] == []


def test_a_connection_is_asked_whether_it_is_alive_once_a_second(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, at, probes = connections["default"], [100.0], list[float]()

    def probe() -> bool:
        probes.append(at[-1])
        return True

    monkeypatch.setattr(time, "monotonic", lambda: at[-1])
    monkeypatch.setattr(ours, "is_usable", probe)
    for name, value in (("health_check_enabled", True), ("health_check_done", False), ("_alive_at", 0.0)):
        monkeypatch.setattr(ours, name, value)
    for moment in (100.0, 100.5, 101.4, 103.0):
        at.append(moment)
        monkeypatch.setattr(ours, "health_check_done", False)
        ours.close_if_health_check_failed()
    assert probes == [100.0, 103.0]


def _seen(sql: str, actor: Actor) -> list[tuple[object, ...]]:
    with within(actor):
        return prepared.rows(sql=sql, values=[])
