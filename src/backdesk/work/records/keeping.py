"""The files of the record: months that never change, and beside them what is current, written anew every few minutes.

record/<service>/<table>-2026-10-r1.parquet      named by a row of `RecordSnapshot`, with its sum; backed up
record-current/<service>/<table>.parquet         made from the database at any time
record-current/as-of.json                        of when that is, and from which month on
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import file_digest
from pathlib import Path
from typing import Final

import polars as pl
from django.conf import settings

from backdesk.evidence.whole import whole
from backdesk.work.records.tables import SCHEMA_VERSION, TABLES, Table

PLACE: Final = "record"
_CURRENT: Final = "record-current"
_AS_OF: Final = "as-of.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """When what is current was read, up to which event, and the first month that is not kept yet (None: all)."""

    at: datetime
    event: int
    begins: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file that was written."""

    path: str
    rows: int
    sha256: str


class RecordDamaged(Exception):
    """A file of the record is not there, or is not what was written."""


def keep_month(frame: pl.DataFrame, *, service_id: int, table: str, month: date, revision: int) -> Kept:
    """Write a month of one service; the file is whole or not there."""
    path = f"{service_id}/{table}-{month:%Y-%m}-r{revision}.parquet"
    place = root() / path
    facts = {
        "service": str(service_id),
        "table": table,
        "month": f"{month:%Y-%m}",
        "schema": str(SCHEMA_VERSION),
    }
    _write(frame, place, facts)
    place.chmod(0o440)
    with place.open("rb") as file:
        return Kept(path=path, rows=frame.height, sha256=file_digest(file, "sha256").hexdigest())


def put_current(frames: Iterable[tuple[int, str, pl.DataFrame]], as_of: AsOf) -> None:
    """By service and table; and then say of when they are."""
    for service_id, table, frame in frames:
        begins = as_of.begins.isoformat() if as_of.begins else ""
        _write(frame, _current() / str(service_id) / f"{table}.parquet", {"begins": begins})
    told = {
        "at": as_of.at.isoformat(),
        "event": as_of.event,
        "begins": as_of.begins.isoformat() if as_of.begins else None,
    }
    _current().mkdir(parents=True, exist_ok=True)
    with whole(_current() / _AS_OF) as part:
        part.write_text(json.dumps(told), encoding="utf-8")


def as_of() -> AsOf | None:
    """None before anything was written."""
    place = _current() / _AS_OF
    if not place.exists():
        return None
    told = json.loads(place.read_text(encoding="utf-8"))
    begins = date.fromisoformat(told["begins"]) if told["begins"] else None
    return AsOf(at=datetime.fromisoformat(told["at"]), event=told["event"], begins=begins)


def scan(*, service_id: int, table: Table, months: Iterable[tuple[date, str]]) -> pl.LazyFrame:
    """All of a service: the months that are kept, as (month, path), and from there on what is current."""
    current = _current() / str(service_id) / f"{table.name}.parquet"
    parts, begins = [], ""
    if current.exists():
        begins = pl.read_parquet_metadata(current).get("begins", "")
        parts.append(pl.scan_parquet(current, glob=False))
    for month, path in months:
        if not begins or month < date.fromisoformat(begins):
            parts.append(_kept(path))
    frames = [part.select(table.schema.names()) for part in parts]
    return pl.concat(frames) if frames else pl.LazyFrame(schema=table.schema)


def version_of(service_id: int) -> tuple[int, ...]:
    """Changes when what is current of a service was written anew."""
    places = (_current() / str(service_id) / f"{name}.parquet" for name in TABLES)
    return tuple(place.stat().st_mtime_ns if place.exists() else 0 for place in places)


def root() -> Path:
    return Path(settings.VAR) / PLACE


def _kept(path: str) -> pl.LazyFrame:
    place = root() / path
    if not place.is_file():
        raise RecordDamaged(
            f"{place} is missing, which a snapshot of the record names; bring it back from a backup."
        )
    return pl.scan_parquet(place, glob=False)


def _current() -> Path:
    return Path(settings.VAR) / _CURRENT


def _write(frame: pl.DataFrame, place: Path, facts: dict[str, str]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with whole(place) as part:
        frame.write_parquet(part, metadata=facts, compression="zstd")
