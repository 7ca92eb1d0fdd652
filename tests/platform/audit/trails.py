"""A trail to prove or to tamper with, and those who can: the database's superuser, with every guard off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
from django.db import connection

from backdesk.platform import audit
from backdesk.platform.audit.sealing import seal
from backdesk.platform.audit.verification import Outside, Verification, verify
from backdesk.platform.isolation import as_system
from backdesk.platform.models import AuditCheckpoint, AuditEntry
from tests.cast import NOW, Cast


def written(cast: Cast, count: int = 3, *, verb: str = "name changed") -> list[AuditEntry]:
    """Entries on one object, each a minute after the one before."""
    return [
        audit.record(
            actor=cast.lead,
            now=NOW + timedelta(minutes=number),
            verb=verb,
            subject=cast.client,
            before={"name": f"Name {number}"},
            after={"name": f"Name {number + 1}", "zone": "Europe/Copenhagen"},
        )
        for number in range(count)
    ]


def sealed() -> AuditCheckpoint:
    with as_system("sealing"):
        made = seal(now=NOW)
    assert made is not None
    return made


def proven(*outside: Outside) -> Verification:
    with as_system("verifying"):
        return verify(outside=outside)


def kept(checkpoint: AuditCheckpoint) -> Outside:
    """As it lies on somebody's own disk, whatever happens here."""
    return Outside(name="of a party", note=checkpoint.note)


def says(found: Verification) -> list[str]:
    return [str(one) for one in found.broken]


@contextmanager
def superuser() -> Iterator[psycopg.Cursor[tuple[object, ...]]]:
    where = connection.settings_dict
    with (
        psycopg.connect(
            host=where["HOST"], port=where["PORT"] or None, dbname=where["NAME"], user="postgres"
        ) as one,
        one.cursor() as cursor,
    ):
        cursor.execute("SET session_replication_role = replica")
        yield cursor


def tamper(statement: str, *values: object) -> None:
    with superuser() as cursor:
        cursor.execute(statement.encode(), values)
        assert cursor.rowcount, "it changed nothing"
