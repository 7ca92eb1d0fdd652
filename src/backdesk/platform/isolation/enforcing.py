"""Brings the database to what the declarations say: row-level security, policies, and what the application may do.

Desired against present, so it sends nothing where nothing changed. Run by `backdesk migrate`, as the owner.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import ForeignKey, Model

from backdesk.platform.isolation import roles
from backdesk.platform.isolation.declarations import PRIVILEGES, Declaration, through
from backdesk.platform.isolation.libraries import DECLARED

log = logging.getLogger(__name__)

_TABLES = """
SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,
       ARRAY(SELECT acl.privilege_type FROM aclexplode(c.relacl) AS acl
             WHERE acl.grantee = to_regrole(quote_ident(%(application)s)) ORDER BY 1),
       ARRAY(SELECT p.polname || ':' || coalesce(obj_description(p.oid, 'pg_policy'), '')
             FROM pg_policy AS p WHERE p.polrelid = c.oid ORDER BY 1)
FROM pg_class AS c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1
"""
_SEQUENCES = """
SELECT c.relname FROM pg_sequence AS s JOIN pg_class AS c ON c.oid = s.seqrelid
WHERE c.relnamespace = 'public'::regnamespace
  AND NOT has_sequence_privilege(%(application)s, s.seqrelid, 'USAGE') ORDER BY 1
"""
#: What runs as the owner whoever calls it: PostgreSQL lets everybody who may connect.
_FUNCTIONS = """
SELECT f.oid::regprocedure::text FROM pg_proc AS f
WHERE f.pronamespace = 'public'::regnamespace AND f.prosecdef
  AND (has_function_privilege('public', f.oid, 'EXECUTE')
       OR NOT has_function_privilege(%(application)s, f.oid, 'EXECUTE'))
ORDER BY 1
"""
_TOO_MUCH = """
SELECT has_schema_privilege(%(application)s, 'public', 'CREATE'),
       has_database_privilege(%(application)s, current_database(), 'TEMPORARY'), current_database()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    name: str
    table: str
    command: str
    condition: str
    role: str = "PUBLIC"

    @property
    def definition(self) -> str:
        using = "" if self.command == "INSERT" else f" USING ({self.condition})"
        check = "" if self.command == "SELECT" else f" WITH CHECK ({self.condition})"
        role = "" if self.role == "PUBLIC" else f" TO {self.role}"
        return f'CREATE POLICY {self.name} ON "{self.table}" FOR {self.command}{role}{using}{check}'

    @property
    def mark(self) -> str:
        """Kept as the policy's comment: PostgreSQL gives its text back in words of its own."""
        return hashlib.sha256(self.definition.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """As it is in the database."""

    name: str
    is_walled: bool
    privileges: tuple[str, ...]
    policies: tuple[str, ...]


def declared() -> dict[str, Declaration]:
    """Whose rows every table holds: as the models say, and for libraries as `libraries` says."""
    ours = {model._meta.db_table: found for model in _models() if (found := _of(model)) is not None}
    return {**ours, **DECLARED}


def names(connection: BaseDatabaseWrapper) -> list[str]:
    """Every table there is."""
    return [table.name for table in _present(connection, application=roles.application_role())]


def undeclared(connection: BaseDatabaseWrapper) -> list[str]:
    known = declared()
    return [name for name in names(connection) if name not in known]


def apply(connection: BaseDatabaseWrapper, *, application: str) -> list[str]:
    """Bring it about in one transaction; the statements that were needed. `connection` is the owner's."""
    with transaction.atomic(using=connection.alias):
        statements = list(missing(connection, application=application))
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    return statements


def policies_of(table: str, declaration: Declaration) -> tuple[Policy, ...]:
    """`coalesce` changes nothing of what passes, but what the planner expects: half of the rows, as it does of any
    expression it cannot look into. Of the bare condition it expects hardly any, takes the filter and the policy for
    two sieves one after the other, and then reads all rows of an organisation to show the newest 50.
    """
    wanted = (("rows", "ALL", declaration.rows), ("readable", "SELECT", declaration.readable))
    of_everybody = tuple(
        Policy(
            name=f"backdesk_{name}",
            table=table,
            command=command,
            condition=f"coalesce({condition}, false)".format(table=f'"{table}"'),
        )
        for name, command, condition in wanted
        if condition
    )
    return (*of_everybody, *_of_the_owner(table, declaration))


def _of_the_owner(table: str, declaration: Declaration) -> Iterator[Policy]:
    """Of who applies this: the owner, whose functions the application may call. The application has no part in it."""
    if declaration.by_owner:
        command, role = declaration.by_owner, "CURRENT_USER"
        yield Policy(name="backdesk_owner", table=table, command=command, condition="true", role=role)


def missing(connection: BaseDatabaseWrapper, *, application: str) -> Iterator[str]:
    """The statements that would bring it about; none where all is as declared."""
    known = declared()
    for table in _present(connection, application=application):
        declaration = known.get(table.name)
        if declaration is None:
            log.error(
                "The table %s is out of the application's reach: its model does not say whose its rows are. "
                "Write `isolation = owned()`, or another of backdesk.platform.isolation, on it.",
                table.name,
            )
        yield from _walls(table, declaration)
        yield from _grants(table, declaration, application=application)
    yield from _around(connection, application=application)


def _walls(table: Table, declaration: Declaration | None) -> Iterator[str]:
    """A table nobody declared is walled without a door."""
    walled = declaration is None or declaration.is_walled
    wanted = policies_of(table.name, declaration) if declaration else ()
    if walled and not table.is_walled:
        yield f'ALTER TABLE "{table.name}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY'
    if table.is_walled and not walled:
        yield f'ALTER TABLE "{table.name}" DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY'
    if tuple(sorted(f"{policy.name}:{policy.mark}" for policy in wanted)) == table.policies:
        return
    for present in table.policies:
        yield f'DROP POLICY "{present.partition(":")[0]}" ON "{table.name}"'
    for policy in wanted:
        yield policy.definition
        yield f"COMMENT ON POLICY {policy.name} ON \"{table.name}\" IS '{policy.mark}'"


def _grants(table: Table, declaration: Declaration | None, *, application: str) -> Iterator[str]:
    wanted = PRIVILEGES[declaration.writing] if declaration else ()
    if wanted == table.privileges:
        return
    yield f'REVOKE ALL ON "{table.name}" FROM "{application}"'
    if wanted:
        yield f'GRANT {", ".join(wanted)} ON "{table.name}" TO "{application}"'


def _around(connection: BaseDatabaseWrapper, *, application: str) -> Iterator[str]:
    for (sequence,) in _rows(connection, _SEQUENCES, application=application):
        yield f'GRANT USAGE ON SEQUENCE "{sequence}" TO "{application}"'
    for (function,) in _rows(connection, _FUNCTIONS, application=application):
        yield f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC"
        yield f'GRANT EXECUTE ON FUNCTION {function} TO "{application}"'
    ((may_create, may_make_temporary, database),) = _rows(connection, _TOO_MUCH, application=application)
    if may_create:
        yield f'REVOKE CREATE ON SCHEMA public FROM PUBLIC, "{application}"'
    if may_make_temporary:
        yield f'REVOKE TEMPORARY ON DATABASE "{database}" FROM PUBLIC, "{application}"'


def _present(connection: BaseDatabaseWrapper, *, application: str) -> list[Table]:
    return [
        Table(name=name, is_walled=walled, privileges=tuple(privileges), policies=tuple(policies))
        for name, walled, privileges, policies in _rows(connection, _TABLES, application=application)
    ]


def _rows(connection: BaseDatabaseWrapper, sql: str, **values: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _models() -> list[type[Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]


def _of(model: type[Model]) -> Declaration | None:
    found = getattr(model, "isolation", None)
    if found is None and model._meta.auto_created:
        found = _between(model)
    return found if isinstance(found, Declaration) else None


def _between(model: type[Model]) -> Declaration | None:
    """The table of a many-to-many field: its rows belong to the model that has the field."""
    source: Any = model._meta.auto_created
    for field in model._meta.get_fields():
        if isinstance(field, ForeignKey) and field.related_model is source:
            return through(field.column, source)
    return None
