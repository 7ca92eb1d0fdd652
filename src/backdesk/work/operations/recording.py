"""Keeping the record of the work: what is current every few minutes, and each month for good once it is over."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

import polars as pl
from django.db import connection
from django.db.models import Max

from backdesk.platform.isolation import as_system
from backdesk.platform.operating.backup.holdings import Held
from backdesk.work.models import Event, RecordSnapshot, Service
from backdesk.work.records import fetching, keeping
from backdesk.work.records.fetching import Reader
from backdesk.work.records.keeping import AsOf
from backdesk.work.records.tables import SCHEMA_VERSION, TABLES, Table

GRACE: Final = timedelta(days=3)
"""After which a month counts as over: until then much of it is still decided."""
_LATE_COMMITS: Final = 1_000
_LATE: Final = timedelta(minutes=5)
_CHANGED = """
SELECT DISTINCT item.service_id FROM work_event AS event JOIN work_item AS item ON item.id = event.item_id
WHERE event.id > %s
UNION SELECT service_id FROM work_goldcase WHERE compared_at > %s
"""


def refresh_current(*, now: datetime) -> int:
    """Read anew what is not kept yet of the services in which something has happened; how many they were.

    Of work that is only taken in hand nothing is missed: taking is an event too. Event numbers are given before
    transactions commit, so a few of those read the last time are looked at again. Gold is compared without an event.
    """
    with as_system("recording"):
        before = keeping.as_of()
        newest = Event.objects.aggregate(newest=Max("id"))["newest"] or 0
        begins = before.begins if before else None
        changed = _changed(before)
        as_of = AsOf(at=now, event=newest, begins=begins)
        keeping.put_current(_read_current(changed, begins), as_of)
    return len(changed)


def keep_months(*, now: datetime) -> list[RecordSnapshot]:
    """Keep every month that is over and not kept as it is now, and then what is current beside them."""
    ends = first_open_month(now)
    with as_system("recording"):
        services = {one.pk: one for one in Service.objects.all()}
        kept = [
            snapshot
            for table in TABLES.values()
            for snapshot in _keep(table, ends=ends, now=now, services=services)
        ]
        newest = Event.objects.aggregate(newest=Max("id"))["newest"] or 0
        as_of = AsOf(at=now, event=newest, begins=ends)
        keeping.put_current(_read_current(list(services), ends), as_of)
    return kept


def first_open_month(now: datetime) -> date:
    """The first day, in UTC, of the earliest month that is not over."""
    return (now.astimezone(UTC) - GRACE).date().replace(day=1)


def held_files(using: str) -> Iterator[Held]:
    """For backups: every file a snapshot names, also those a later revision stands beside."""
    for one in RecordSnapshot.objects.using(using).only("path", "sha256").order_by("id").iterator():
        yield Held(path=keeping.root() / one.path, sha256=one.sha256)


def _changed(before: AsOf | None) -> list[int]:
    event = before.event - _LATE_COMMITS if before else -1
    moment = before.at - _LATE if before else datetime.min.replace(tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, [event, moment])
        return sorted(service for (service,) in cursor.fetchall())


def _read_current(services: Collection[int], begins: date | None) -> Iterator[tuple[int, str, pl.DataFrame]]:
    if not services:
        return
    with fetching.reading() as reader:
        for table in TABLES.values():
            condition = f"{fetching.since(table, begins=begins)} AND {_of(table, services)}"
            by_service = _apart(reader.rows(table, condition=condition))
            empty = pl.DataFrame(schema=table.schema)
            for service_id in services:
                yield service_id, table.name, by_service.get(service_id, empty)


def _keep(
    table: Table, *, ends: date, now: datetime, services: dict[int, Service]
) -> Iterator[RecordSnapshot]:
    with fetching.reading() as reader:
        wanted = _fingerprints(reader, table, ends)
        latest = _latest(table)
        for month in sorted({month for _, month in wanted}):
            changed = {
                service_id: fingerprint
                for (service_id, of), fingerprint in wanted.items()
                if of == month and fingerprint != _known(latest, service_id, of)
            }
            if changed:
                yield from _keep_month(reader, table, month, changed, latest, now, services)


def _keep_month(
    reader: Reader,
    table: Table,
    month: date,
    changed: dict[int, str],
    latest: dict[tuple[int, date], RecordSnapshot],
    now: datetime,
    services: dict[int, Service],
) -> Iterator[RecordSnapshot]:
    ends = _next(month)
    condition = f"{fetching.within(table, begins=month, ends=ends)} AND {_of(table, changed)}"
    frames = _apart(reader.rows(table, condition=condition))
    for service_id, fingerprint in changed.items():
        before = latest.get((service_id, month))
        revision = before.revision + 1 if before else 1
        kept = keeping.keep_month(
            frames.get(service_id, pl.DataFrame(schema=table.schema)),
            service_id=service_id,
            table=table.name,
            month=month,
            revision=revision,
        )
        yield RecordSnapshot.objects.create(
            service_id=service_id,
            client_id=services[service_id].client_id,
            provider_id=services[service_id].provider_id,
            internal_to=services[service_id].client_id if table.is_clients else None,
            table=table.name,
            month=month,
            revision=revision,
            path=kept.path,
            rows=kept.rows,
            sha256=kept.sha256,
            schema_version=SCHEMA_VERSION,
            fingerprint=fingerprint,
            made_at=now,
        )


def _fingerprints(reader: Reader, table: Table, ends: date) -> dict[tuple[int, date], str]:
    """Of each service and month that is over: how many rows, and a sum that moves when one of them does."""
    over = f"{table.moment} < timestamptz '{ends.isoformat()} 00:00:00+00'"
    inner = table.sql.replace(
        "AS service,",
        f"AS service, date_trunc('month', {table.moment}, 'UTC') AS month_, ({table.state}) AS state_,",
        1,
    )
    found = reader.ask(
        "SELECT service, month_, count(*) AS rows_, coalesce(sum(state_), 0)::bigint AS state_ "  # noqa: S608  our own words
        f"FROM ({inner} AND {over}) AS rows GROUP BY service, month_"
    )
    return {
        (service, month.astimezone(UTC).date()): f"{SCHEMA_VERSION}:{rows}:{state}"
        for service, month, rows, state in found.rows()
    }


def _known(latest: dict[tuple[int, date], RecordSnapshot], service_id: int, month: date) -> str:
    kept = latest.get((service_id, month))
    return kept.fingerprint if kept else ""


def _latest(table: Table) -> dict[tuple[int, date], RecordSnapshot]:
    rows = RecordSnapshot.objects.filter(table=table.name).order_by("revision")
    return {(one.service_id, one.month): one for one in rows}


def _of(table: Table, services: Collection[int]) -> str:
    return f"{table.owner}.service_id IN ({', '.join(str(int(one)) for one in services)})"


def _apart(frame: pl.DataFrame) -> dict[int, pl.DataFrame]:
    parts = frame.partition_by("service", as_dict=True, include_key=False)
    return {int(key[0]): part for key, part in parts.items()}


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
