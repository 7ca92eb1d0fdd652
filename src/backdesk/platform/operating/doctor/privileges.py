"""What the application's role in the database may not do, so that a mistake of ours cannot do it either."""

from __future__ import annotations

from django.conf import settings
from django.db import connection

from backdesk.platform.isolation import enforcing, roles
from backdesk.platform.operating import readiness
from backdesk.platform.operating.doctor.checks import Circumstances, Finding, ask, broken, check, ok

_MIGRATE = "Run `backdesk migrate`."
_NAMED = 3


@check("role", "The application's role is modest")
def modest_role(about: Circumstances) -> Finding:
    power = roles.too_much(connection)
    role = roles.application_role()
    if power:
        return broken(
            f"{role} {power}: isolation between organisations would not hold.",
            "Take that from the role, or name another in DATABASE_URL; docs/isolation.md has the SQL.",
        )
    return ok(f"{role} owns nothing, is no superuser, and row-level security binds it")


@check("owner", "Owner and application are two roles")
def two_roles(about: Circumstances) -> Finding:
    application, owner = (settings.DATABASES[alias]["USER"] for alias in (roles.APPLICATION, roles.OWNER))
    if application == owner:
        return broken(
            f"{owner} is both: the application could change its own tables and walls.",
            "Let DATABASE_OWNER_URL name the owner, and DATABASE_URL a role without ownership.",
        )
    return ok(f"{owner} migrates and makes backups, {application} serves people")


@check("migrations", "The database is of this version")
def migrations(about: Circumstances) -> Finding:
    left = readiness.unapplied_migrations()
    if left:
        return broken(f"{len(left)} migrations have not been applied, the first {left[0]}.", _MIGRATE)
    return ok("every migration is applied")


@check("walls", "Row-level security on every table")
def walls(about: Circumstances) -> Finding:
    wanted = {name for name, one in enforcing.declared().items() if one.is_walled}
    held = {
        name
        for (name,) in ask(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relrowsecurity AND relforcerowsecurity"
        )
    }
    open_ones = sorted(wanted - held)
    if open_ones:
        return broken(
            f"It is off on {_in_words(open_ones)}: everybody's rows are everybody's there.", _MIGRATE
        )
    return ok(f"forced on {len(wanted)} tables")


@check("for-good", "The audit trail cannot be rewritten")
def for_good(about: Circumstances) -> Finding:
    kept = sorted(name for name, one in enforcing.declared().items() if one.writing != "free")
    rewritable = [
        name
        for (name,) in ask(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s) "
            "AND (has_table_privilege(oid, 'UPDATE') OR has_table_privilege(oid, 'DELETE') "
            "OR has_table_privilege(oid, 'TRUNCATE')) ORDER BY 1",
            [kept],
        )
    ]
    if rewritable:
        return broken(f"The application may change what is written in {_in_words(rewritable)}.", _MIGRATE)
    return ok(f"the application may change nothing in {len(kept)} tables, those of the trail among them")


@check("policies", "Policies and rights of this version")
def policies(about: Circumstances) -> Finding:
    left = list(enforcing.missing(connection, application=roles.application_role()))
    if left:
        return broken(f"{len(left)} statements are wanting, the first: {left[0]}.", _MIGRATE)
    return ok("as declared")


def _in_words(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"
