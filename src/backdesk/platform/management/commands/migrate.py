"""Django's own `migrate`, as the owner of the tables, and after it the walls between organisations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from backdesk.platform.isolation import enforcing, roles
from backdesk.platform.management import new_database

#: Whoever asks for one of these wants the migrations themselves.
_OF_MIGRATIONS = ("app_label", "plan", "check_unapplied", "fake", "fake_initial")


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database=roles.OWNER)

    def handle(self, *args: Any, **options: Any) -> None:
        with _alone(connections[options["database"]]):
            self._migrate(*args, **options)

    def _migrate(self, *args: Any, **options: Any) -> None:
        token = roles.migrating.set(True)
        try:
            if options["database"] == roles.OWNER and not any(map(options.get, _OF_MIGRATIONS)):
                new_database.begin(connections[roles.OWNER])
            super().handle(*args, **options)
        finally:
            roles.migrating.reset(token)
        if options["database"] == roles.OWNER and not (options["plan"] or options["check_unapplied"]):
            self._raise_walls(loud=options["verbosity"] > 0)

    def _raise_walls(self, *, loud: bool) -> None:
        connection = connections[roles.OWNER]
        try:
            application = roles.require_application(connection)
        except roles.RoleMissing as error:
            raise CommandError(str(error)) from None
        statements = enforcing.apply(connection, application=application)
        if loud:
            self.stdout.write(f"Isolation: {len(statements)} statements for the role {application}.")


@contextmanager
def _alone(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Several may start on one database at once: the second waits, and finds done what the first did."""
    key = "hashtextextended('backdesk: migrating', 0)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_lock({key})")
        try:
            yield
        finally:
            cursor.execute(f"SELECT pg_advisory_unlock({key})")
