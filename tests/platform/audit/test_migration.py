"""The trail of a Backdesk from before the chains: what stands in it is chained as if it had been written so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from backdesk.platform.audit.verification import verify
from backdesk.platform.isolation import as_system, roles

BEFORE, AFTER = ("platform", "0003_notifications"), ("platform", "0007_audit_append_as_owner")
OLD_ROWS = """
    INSERT INTO platform_auditentry
        (organisation_id, person_id, interface, request_id, at, verb, subject_kind, subject_id, before, after)
    SELECT 1, 2, 'web', '', timestamptz '2026-03-02 09:00+01' + n * interval '1.000001 s', 'changed', 'parties.team',
        (n % 2)::text, CASE WHEN n > 2 THEN '{"name": "Grün", "size": 1.50}'::jsonb END, '{"name": "B"}'
    FROM generate_series(1, 5) AS n
"""


@pytest.mark.django_db(databases=["default", "owner"])
def test_entries_from_before_the_chains_are_chained_and_proven_once_migrated(db: None) -> None:
    with a_new_database() as owner:
        MigrationExecutor(owner).migrate([BEFORE])
        execute(owner, OLD_ROWS)
        MigrationExecutor(owner).migrate([AFTER])
        with as_system("verifying"):
            found = verify()
        assert found.holds, [str(one) for one in found.broken]
        assert (found.entries, found.chains, found.leaves) == (5, 2, 0)
        assert execute(owner, "SELECT count(*) FROM platform_auditpending") == 5, "and wait to be sealed"
        assert execute(owner, "SELECT count(*) FROM platform_auditvalues WHERE fields->'after' ? 'name'") == 5
        execute(owner, "ALTER TABLE platform_auditentry DISABLE TRIGGER audit_no_change")
        execute(owner, "UPDATE platform_auditentry SET verb = 'unchanged' WHERE id = 3")
        with as_system("verifying"):
            assert verify().broken_count == 1, "what was written before is held as fast as the rest"


@contextmanager
def a_new_database(*, is_parted: bool = False) -> Iterator[BaseDatabaseWrapper]:
    """Empty, the owner's; for a while both connections lead there, as the owner unless they are parted."""
    kept = {alias: connections[alias] for alias in (roles.APPLICATION, roles.OWNER)}
    name, migrating = f"{kept[roles.OWNER].settings_dict['NAME']}_before", roles.migrating.set(True)
    with administrator(kept[roles.OWNER]) as server:
        server.execute(f'CREATE DATABASE "{name}" OWNER backdesk TEMPLATE template0'.encode())
        try:
            for alias in kept:
                like = kept[alias if is_parted else roles.OWNER]
                connections[alias] = like.copy(alias=alias)
                connections[alias].settings_dict = {**like.settings_dict, "NAME": name}
            yield connections[roles.OWNER]
        finally:
            roles.migrating.reset(migrating)
            for alias, one in kept.items():
                connections[alias].close()
                connections[alias] = one
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def administrator(one: BaseDatabaseWrapper) -> psycopg.Connection[tuple[object, ...]]:
    where = one.settings_dict
    return psycopg.connect(
        host=where["HOST"], port=where["PORT"] or None, dbname="postgres", user="postgres", autocommit=True
    )


def execute(owner: BaseDatabaseWrapper, statement: str) -> object:
    with owner.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None
