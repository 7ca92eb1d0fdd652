"""The picture of the tables that a new database begins from, taken of what the migrations make one by one.

python scripts/picture.py             write it anew, where migrations have become many
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.client import DatabaseClient

OWNER = "owner"
PLAIN = ("--schema-only", "--no-owner", "--no-privileges", "--no-policies")
_HEADING = re.compile(r"^--\n-- (?:Name|Type|Dependencies|PostgreSQL).*\n(?:-- .*\n)*--\n\n", re.MULTILINE)
_OF_A_SESSION = re.compile(r"\A(?s:.*?)(?=^CREATE )|^(?:\\unrestrict|SET default_).*\n", re.MULTILINE)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="backdesk-") as var:
        os.environ["BACKDESK_VAR"] = var
        from backdesk.cli.starting import settings_and_database

        with settings_and_database():
            import django

            django.setup()
            from backdesk.platform.management.new_database import PICTURE

            PICTURE.write_text(taken(), encoding="utf-8")
            connections.close_all()


def taken() -> str:
    """Of an empty database."""
    migrate_one_by_one()
    return tables_of(connections[OWNER]) + _applied(connections[OWNER])


def migrate_one_by_one() -> None:
    """Without a picture: by Django's own command."""
    from django.core.management import call_command
    from django.core.management.commands import migrate

    from backdesk.platform.isolation import roles

    token = roles.migrating.set(True)
    try:
        call_command(migrate.Command(), database=OWNER, verbosity=0, interactive=False)
    finally:
        roles.migrating.reset(token)


def tables_of(connection: BaseDatabaseWrapper, *options: str) -> str:
    """As SQL, with functions and triggers, without what `pg_dump` says for the eye or sets for its own session."""
    from backdesk.platform.database import cluster

    arguments, _ = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    program = cluster.programs() / "pg_dump"
    done = subprocess.run(
        [program, *arguments[1:], *(options or PLAIN)],
        capture_output=True, check=True, text=True, env=cluster.environment(),
    )  # fmt: skip
    return re.sub(r"\n{3,}", "\n\n", _OF_A_SESSION.sub("", _HEADING.sub("", done.stdout))).strip() + "\n"


def _applied(connection: BaseDatabaseWrapper) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        rows = ",\n".join(f"    ('{app}', '{name}', now())" for app, name in cursor.fetchall())
    return f"\nINSERT INTO public.django_migrations (app, name, applied) VALUES\n{rows};\n"


if __name__ == "__main__":
    main()
