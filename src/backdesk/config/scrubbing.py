"""Keeps what people are and write out of the logs: in messages, and in what a fault says of itself.

An exception's own words may quote anything: a form field, a row, an address. So of a fault the kind, the place and the
lines of code are written. Its words only where they come from the machine or the code (a full disk, a missing
attribute), and of the database its code and the name of the constraint.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator

import psycopg

_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
#: Where PostgreSQL quotes values: Key (email)=(...), Failing row contains (...), for type integer: "...", LINE 1: ...
_QUOTED_BY_DATABASE = re.compile(r"(=|contains )\(.*\)|(: )\"[^\"\n]*\"$|(^LINE \d+: ).*$", re.MULTILINE)
_WITHHELD = "[withheld]"
_OF_MACHINE_OR_CODE = (OSError, AttributeError, NameError, ImportError, MemoryError, RecursionError)


def scrubbed(text: str) -> str:
    return _QUOTED_BY_DATABASE.sub(
        lambda found: f"{found.group(found.lastindex or 0)}({_WITHHELD})", _ADDRESS.sub(_WITHHELD, text)
    )


def told(error: BaseException) -> str:
    """The fault with what led to it, as Python writes it, without the words that may quote somebody."""
    return "\n".join(_lines(error, seen=set()))


def words_of(error: BaseException) -> str:
    """What of an exception's words may be written."""
    database = _of_database(error)
    if database is not None and database.sqlstate:
        about = (database.diag.constraint_name, database.diag.table_name, database.diag.column_name)
        return " ".join(["SQLSTATE", database.sqlstate, *(name for name in about if name)])
    if database is not None or isinstance(error, _OF_MACHINE_OR_CODE):
        return scrubbed(str(error))
    return _WITHHELD if error.args else ""


def _of_database(error: BaseException) -> psycopg.Error | None:
    """Django's own exceptions have the driver's as their cause."""
    for one in (error, error.__cause__):
        if isinstance(one, psycopg.Error):
            return one
    return None


def _lines(error: BaseException, *, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _lines(before, seen=seen)
        yield "which led to:" if error.__cause__ else "while that was dealt with:"
    yield "Traceback (most recent call last):"
    yield from (line.rstrip("\n") for line in traceback.format_tb(error.__traceback__))
    kind, words = type(error), words_of(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    yield f"{name}: {words}" if words else name
