"""What stands between a database that runs and pages that can be served: tables, static files, something to look at."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from backdesk.cli import local

if TYPE_CHECKING:
    from backdesk.planning.operations import SignIn


def prepare() -> None:
    """Bring tables and static files up to date. Quick where they are."""
    import django

    django.setup()
    from django.core.management import CommandError, call_command
    from django.db import connections

    from backdesk.platform.isolation import roles

    try:
        call_command("migrate", verbosity=0, interactive=False)
        roles.require_modest(connections[roles.APPLICATION])
    except (CommandError, roles.RoleTooPowerful) as error:
        raise local.CannotStart(str(error)) from None
    _collect_static()
    connections.close_all()


def sign_in_file() -> Path:
    return local.var_directory() / "demonstration-sign-in.txt"


def load_demonstration_where_empty(*, say: Callable[[str], None]) -> None:
    from django.db import connections

    from backdesk.parties import queries
    from backdesk.platform.isolation import identifying

    with identifying():
        is_empty = not queries.anybody_is_here()
    if is_empty:
        sign_in_file().unlink(missing_ok=True)
        _load_demonstration(say)
    connections.close_all()


def _load_demonstration(say: Callable[[str], None]) -> None:
    from django.db import transaction

    from backdesk.planning.operations import load_demonstration
    from backdesk.work.operations.demonstration import load_work

    say("The database is empty: making a demonstration company. This takes a moment, once.")
    with transaction.atomic():
        now = datetime.now(UTC)
        people = load_demonstration(now=now)
        load_work(now=now)
        # Before the commit, so that no company is left behind to which nobody knows a password.
        local.write_private(sign_in_file(), _sign_in_text(people))


def _sign_in_text(people: Sequence[SignIn]) -> str:
    heading = "Sign in to the demonstration company as one of (e-mail, password, role):"
    wide = max((len(person.email) for person in people), default=0)
    lines = [f"  {one.email:{wide}}   {one.password}   {one.role.replace('_', ' ')}" for one in people]
    return "\n".join([heading, *lines]) + "\n"


def _collect_static() -> None:
    """Only where a static file changed, since it takes a second."""
    from django.conf import settings
    from django.core.management import call_command

    if settings.DEBUG:
        return
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    fingerprint = _fingerprint_of_static_files()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(fingerprint)


def _fingerprint_of_static_files() -> str:
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            file = Path(storage.path(path))
            status = file.stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
