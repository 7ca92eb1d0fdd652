"""Who the database takes us for: the application's role, which owns nothing, and the owner's, which migrates."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

APPLICATION = "default"
OWNER = "owner"

migrating: ContextVar[bool] = ContextVar("isolation_migrating", default=False)

_SEPARATE = """As a superuser of the database, once:

  CREATE ROLE backdesk_app LOGIN PASSWORD '...';

Then let DATABASE_URL name backdesk_app, and DATABASE_OWNER_URL the role that owns the tables ({owner}).
`backdesk migrate` gives backdesk_app the rights it needs."""
_POWERS = """
SELECT r.rolsuper, r.rolbypassrls,
       ARRAY(SELECT DISTINCT pg_get_userbyid(c.relowner) FROM pg_class AS c
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
               AND pg_has_role(current_user, c.relowner, 'MEMBER')),
       has_schema_privilege('public', 'CREATE')
FROM pg_roles AS r WHERE r.rolname = current_user
"""


class RoleTooPowerful(Exception):
    """The application's role could take the walls down; the message names the SQL that mends it."""


class RoleMissing(Exception):
    """There is no role for the application; the message names the SQL that makes it."""


class OwnerWhileMigrating:
    """A data migration, also one of a library, reads and writes as the owner, in the migration's own transaction."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return OWNER if migrating.get() else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == OWNER


def application_role() -> str:
    return str(connections[APPLICATION].settings_dict["USER"])


def too_much(connection: BaseDatabaseWrapper) -> str:
    """What this connection's role can do that the application's must not; empty where it is as it should be."""
    with connection.cursor() as cursor:
        cursor.execute(_POWERS)
        superuser, bypasses, owners, creates = cursor.fetchone()
    found = {
        "is a superuser": superuser,
        "has BYPASSRLS": bypasses,
        f"is, or may become, the owner of tables ({', '.join(owners)})": owners,
        "may create tables": creates,
    }
    return ", ".join(power for power, has in found.items() if has)


def require_modest(connection: BaseDatabaseWrapper) -> None:
    power = too_much(connection)
    if power:
        role = connection.settings_dict["USER"]
        raise RoleTooPowerful(
            f"The role of DATABASE_URL ({role}) {power}; isolation between organisations would not hold. "
            + _SEPARATE.format(owner=role)
        )


def require_application(connection: BaseDatabaseWrapper) -> str:
    """The application's role, where there is one beside the owner's."""
    role = application_role()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, to_regrole(quote_ident(%s)) IS NOT NULL", [role])
        owner, is_there = cursor.fetchone()
    if role == owner:
        raise RoleMissing(
            f"DATABASE_OWNER_URL is not set, or names the same role as DATABASE_URL ({role}): the tables are up to "
            "date, but the application has no role of its own, so `backdesk serve` will not start. "
            + _SEPARATE.format(owner=role)
        )
    if not is_there:
        raise RoleMissing(
            f"The role of DATABASE_URL ({role}) is not there. As a superuser of the database: "
            f"CREATE ROLE \"{role}\" LOGIN PASSWORD '...'; then run `backdesk migrate` again."
        )
    return role
