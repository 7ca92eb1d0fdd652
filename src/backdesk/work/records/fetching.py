"""From rows to columns: Arrow over ADBC, on a connection of its own that is held to the same row-level security.

Every question is one short transaction with a time-out: a snapshot that stays open for long would keep the database
from tidying up behind the work, which then gets slower by the minute.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import Any, Final
from urllib.parse import quote, urlencode

import polars as pl
from django.db import connections

from backdesk.platform.isolation import scopes
from backdesk.platform.isolation.roles import APPLICATION
from backdesk.work.records.tables import Table

SECONDS_FOR_A_QUESTION: Final = 60


class RecordUnreadable(Exception):
    """The database did not give the record: it took too long, or cannot be reached."""


@contextmanager
def reading() -> Iterator[Reader]:
    """A connection for a few questions, closed afterwards."""
    from adbc_driver_postgresql import dbapi

    try:
        with closing(dbapi.connect(address())) as connection:
            yield Reader(connection)
    except (pl.exceptions.PolarsError, dbapi.Error) as error:
        reason = str(error).strip().partition("\n")[0]
        raise RecordUnreadable(f"The record of the work could not be read: {reason}") from error


class Reader:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def rows(self, table: Table, *, condition: str) -> pl.DataFrame:
        """With `service` before the columns of the table. `condition` is of our own words and numbers alone."""
        frame = self.ask(f"{table.sql} AND {condition}")
        typed = frame.cast(pl.Schema([("service", pl.Int64()), *table.schema.items()]))
        return typed.select("service", *table.schema.names())

    def ask(self, sql: str) -> pl.DataFrame:
        """One question in one transaction, in the scope of whoever asks."""
        with closing(self._connection.cursor()) as cursor:
            try:
                cursor.execute(_settings())
                cursor.fetch_polars()
                cursor.execute(sql)
                found: pl.DataFrame = cursor.fetch_polars()
            finally:
                self._connection.rollback()
        return found


def within(table: Table, *, begins: date, ends: date) -> str:
    """The rows that were over in these days of UTC, the last left out."""
    return f"{table.moment} >= {_instant(begins)} AND {table.moment} < {_instant(ends)}"


def since(table: Table, *, begins: date | None) -> str:
    """The rows that are not over, or were not before."""
    return "true" if begins is None else f"({table.moment} IS NULL OR {table.moment} >= {_instant(begins)})"


def address() -> str:
    """Of the application's own database and role, as Django has it."""
    asked = connections[APPLICATION].settings_dict
    user = quote(asked["USER"]) + (f":{quote(asked['PASSWORD'], safe='')}" if asked.get("PASSWORD") else "")
    options = {name: value for name, value in asked["OPTIONS"].items() if isinstance(value, str)}
    place = {"host": asked["HOST"], "port": asked["PORT"] or "5432", **options}
    return f"postgresql://{user}@/{quote(asked['NAME'])}?{urlencode(place, quote_via=quote)}"


def _settings() -> str:
    """As `platform.isolation.backend` sets them for Django's own connection; numbers and words of ours."""
    scope = scopes.current()
    values = {
        "backdesk.scope": scope.kind,
        "backdesk.organisation": scope.organisation_id or "",
        "backdesk.person": scope.person_id or "",
        "statement_timeout": SECONDS_FOR_A_QUESTION * 1000,
        "transaction_read_only": "on",
    }
    said = (
        f"set_config('{name}', '{value}', true) AS v{place}"
        for place, (name, value) in enumerate(values.items())
    )
    return f"SELECT {', '.join(said)}"


def _instant(day: date) -> str:
    return f"timestamptz '{day.isoformat()} 00:00:00+00'"
