"""Fills a database with work, by SQL alone: copies of one service and of one of its items, made by the verbs before.

    fill(cursor, item_id=…, items=1_000_000, services=200, now=…)

`cursor` is the owner's, to whom row-level security shows everything. A copy has the rows an item has when it has been
created (item, steps, event), its own key, priority, receipt and due time; entries of the audit trail are left out.
Items stand in the order they came in, as they do where work comes in day by day, and each service has its turnaround.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

CHUNK = 100_000
DAYS_BACK, DAYS_TO_DO = 10, 12


class Cursor(Protocol):
    def execute(self, sql: Any, params: Any = None, /) -> Any: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> Any: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    services: tuple[int, ...]
    routes: tuple[int, ...]
    items: int


def fill(
    cursor: Cursor,
    *,
    item_id: int,
    items: int,
    services: int,
    now: datetime,
    open_share: float = 1.0,
    events: bool = True,
) -> Filled:
    """Have `items` items in `services` services. Of those that are not open, everything is accepted."""
    service_id = _one(cursor, "SELECT service_id FROM work_item WHERE id = %s", item_id)
    _copy_services(cursor, service_id, services)
    cursor.execute(
        "SELECT id FROM work_service WHERE id = %s OR key LIKE 'copy-%%' ORDER BY id", [service_id]
    )
    found = tuple(number for (number,) in cursor.fetchall())
    # Nobody is given what is copied: it stays as it came in, for who fills up later.
    cursor.execute("UPDATE work_step SET is_held_back = true WHERE item_id = %s", [item_id])
    there = _one(cursor, "SELECT count(*) FROM work_item")
    for first in range(there + 1, items + 1, CHUNK):
        _copy_items(
            cursor,
            item_id,
            found,
            range(first, min(first + CHUNK, items + 1)),
            f"timestamptz '{now.isoformat()}' - (1 - n / {items}.0) * interval '{DAYS_BACK} days'",
            open_share,
            events=events,
        )
    for table in ("work_item", "work_step", "work_event", "work_service", "work_route"):
        cursor.execute(f"ANALYZE {table}")
    cursor.execute("SELECT id FROM work_route WHERE service_id = ANY(%s) ORDER BY id", [list(found)])
    routes = tuple(number for (number,) in cursor.fetchall())
    return Filled(services=found, routes=routes, items=max(items, there))


def entitle(cursor: Cursor, *, person_id: int, organisation_id: int, people: int) -> tuple[int, ...]:
    """So many agents, all like the one given, may do everything their company has queues for."""
    _copy(
        cursor,
        "parties_person",
        f"parties_person AS old, generate_series(1, {int(people)}) AS n WHERE old.id = {int(person_id)}",
        {"email": "'agent-' || n || '@bench.example'", "name": "old.name || ' ' || n"},
    )
    hired = "person.email LIKE 'agent-%@bench.example'"
    _copy(
        cursor,
        "parties_membership",
        f"parties_membership AS old, parties_person AS person WHERE {hired} AND old.person_id = {int(person_id)} "
        f"AND old.organisation_id = {int(organisation_id)}",
        {"person_id": "person.id"},
    )
    cursor.execute(
        "INSERT INTO work_entitlement (person_id, organisation_id, route_id, level) "
        "SELECT person.id, route.organisation_id, route.id, 4 FROM work_route AS route, parties_person AS person "
        f"WHERE route.organisation_id = {int(organisation_id)} AND {hired}"
    )
    cursor.execute(f"SELECT id FROM parties_person AS person WHERE {hired} ORDER BY id")
    return tuple(number for (number,) in cursor.fetchall())


def _copy_services(cursor: Cursor, service_id: int, services: int) -> None:
    """With the version in force, its folders, its seed and its routes."""
    version_id = int(_one(cursor, "SELECT current_id FROM work_service WHERE id = %s", service_id))
    fresh = "new.key LIKE 'copy-%' AND new.current_id IS NULL"
    of_service = f"work_service AS new WHERE {fresh} AND old.service_id = {int(service_id)}"
    _copy(
        cursor,
        "work_service",
        f"work_service AS old, generate_series(2, {int(services)}) AS n WHERE old.id = {int(service_id)} "
        "AND NOT EXISTS (SELECT FROM work_service WHERE key = 'copy-' || n)",
        {"key": "'copy-' || n", "name": "old.name || ' ' || n", "state": "'draft'", "current_id": "NULL"},
    )
    _copy(
        cursor,
        "work_serviceversion",
        f"work_serviceversion AS old, work_service AS new WHERE {fresh} AND old.id = {version_id}",
        {"service_id": "new.id"},
    )
    _copy(
        cursor,
        "work_servicesource",
        "work_servicesource AS old, work_service AS new JOIN work_serviceversion AS version "
        f"ON version.service_id = new.id WHERE {fresh} AND old.version_id = {version_id}",
        {"version_id": "version.id"},
    )
    _copy(cursor, "work_route", f"work_route AS old, {of_service}", {"service_id": "new.id"})
    _copy(cursor, "work_servicesecret", f"work_servicesecret AS old, {of_service}", {"service_id": "new.id"})
    cursor.execute(
        "UPDATE work_service AS service SET state = 'active', current_id = version.id "
        "FROM work_serviceversion AS version WHERE version.service_id = service.id AND service.current_id IS NULL"
    )


def _copy_items(
    cursor: Cursor,
    item_id: int,
    services: tuple[int, ...],
    numbers: range,
    received: str,
    open_share: float,
    *,
    events: bool,
) -> None:
    new = _new_items(cursor, services, numbers, received, open_share)
    due = f"new.received + (((new.service_id * 7907) % 1000) / 1000.0) * interval '{DAYS_TO_DO} days'"
    closed = "CASE WHEN NOT new.is_open THEN new.received + interval '1 day' END"
    item = {
        "id": "new.id",
        "service_id": "new.service_id",
        "version_id": "new.version_id",
        "business_key": "'K-' || n",
        "title": "old.title || ' ' || n",
        "priority": "1 + n % 9",
        "sequence": "1",
        "received_at": "new.received",
        "due_at": due,
        "delivered_at": closed,
        "closed_at": closed,
        "state": "CASE WHEN new.is_open THEN 'open' ELSE 'accepted' END",
    }
    step = {
        "item_id": "new.id",
        "service_id": "new.service_id",
        "priority": "1 + n % 9",
        "due_at": due,
        "enabled_at": "new.received",
        "started_at": "CASE WHEN NOT new.is_open THEN new.received + interval '23 hours' END",
        "ended_at": closed,
        "state": "CASE WHEN new.is_open THEN old.state ELSE 'done' END",
        "route_id": "own.id",
        "is_held_back": "false",
    }
    event = {"item_id": "new.id", "at": "new.received", "transaction": "pg_current_xact_id()::text::bigint"}
    of = f"old.item_id = {int(item_id)}"
    ways = (
        "LEFT JOIN work_route AS way ON way.id = old.route_id LEFT JOIN work_route AS own ON "
        "own.service_id = new.service_id AND own.node = way.node AND own.language = way.language "
        "AND own.organisation_id = way.organisation_id"
    )
    _copy(cursor, "work_item", f"work_item AS old, {new} WHERE old.id = {int(item_id)}", item)
    _copy(cursor, "work_step", f"work_step AS old CROSS JOIN {new} {ways} WHERE {of}", step)
    if events:
        _copy(cursor, "work_event", f"work_event AS old, {new} WHERE {of} AND old.sequence = 1", event)


def _new_items(
    cursor: Cursor, services: tuple[int, ...], numbers: range, received: str, open_share: float
) -> str:
    """Numbers are spread evenly and without chance, so that a second run measures the same."""
    reserved = "SELECT max(nextval(pg_get_serial_sequence('work_item', 'id'))) FROM generate_series(1, %s)"
    first_id = _one(cursor, reserved, len(numbers)) - len(numbers) + 1
    return (
        f"(SELECT {int(first_id)} + n - {numbers.start} AS id, n, service.id AS service_id, "
        f"service.current_id AS version_id, ((n * 7919) % 1000 < {int(open_share * 1000)}) AS is_open, "
        f"{received} AS received FROM generate_series({numbers.start}::bigint, {numbers.stop - 1}) AS n "
        f"JOIN work_service AS service ON service.id = (ARRAY{list(services)})[1 + n % {len(services)}]) AS new"
    )


def _copy(cursor: Cursor, table: str, where: str, given: Mapping[str, str]) -> None:
    """Rows of a table again, columns as given or as they were; a number that is not given comes from the database."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s "
        "AND (column_name <> 'id' OR %s)",
        [table, "id" in given],
    )
    names = [name for (name,) in cursor.fetchall()]
    values = ", ".join(given.get(name, f'old."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    cursor.execute(f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {values} FROM {where}")


def _one(cursor: Cursor, sql: str, *values: object) -> Any:
    cursor.execute(sql, values)
    return cursor.fetchone()[0]
