"""What an operation refuses, said for the person who asked: forms show it at the form, the API as a problem."""

import errno
import re
from typing import ClassVar, Final

import psycopg
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

#: Of connections that broke, could not be made, or were ended by a server that stops; without one, it is not there.
_GONE: Final = ("08", "57P0", "53300")
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class Refused(Exception):
    """An operation was not carried out, and the text says to the person what happened and what would be right."""

    status: ClassVar[int] = 422
    """Of the answer over HTTP: 422 for what could not be accepted, 409 for what is in each other's way."""

    code: ClassVar[str] = "refused"
    """The name of this refusal for machines: the class's own name, in words joined by hyphens."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" not in vars(cls):
            cls.code = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", cls.__name__).lower()


class DatabaseAway(Refused):
    """The database does not answer, or stopped while it was asked; nothing was kept of what was under way."""

    status = 503


class NoRoomLeft(Refused):
    """There is no room left where files or rows are kept; nothing was kept of what was under way."""

    status = 507


def trouble_of(error: BaseException | None) -> Refused | None:
    """What an error says of the house rather than of what was asked: a database that is away, a disk that is full."""
    cause = error.__cause__ if isinstance(error, OperationalError | InterfaceError) else error
    if isinstance(cause, psycopg.errors.DiskFull) or (isinstance(cause, OSError) and cause.errno in _NO_ROOM):
        text = _(
            "There is no room left to keep this. Nothing was saved; tell whoever runs Backdesk, then try again."
        )
        return NoRoomLeft(text)
    if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError) and _is_gone(cause):
        text = _(
            "The database does not answer just now. What you just sent was not saved. Try again in a minute."
        )
        return DatabaseAway(text)
    return None


def _is_gone(error: psycopg.Error) -> bool:
    return error.sqlstate is None or error.sqlstate.startswith(_GONE)
