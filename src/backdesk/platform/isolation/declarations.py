"""Whose the rows of a table are: said once, on the model; policies and grants follow from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from django.db import models

#: What the application's role may do with a table. Nothing lets it truncate, or change a table itself.
Writing = Literal["free", "append", "none"]
PRIVILEGES: dict[Writing, tuple[str, ...]] = {
    "free": ("DELETE", "INSERT", "SELECT", "UPDATE"),
    "append": ("INSERT", "SELECT"),
    "none": ("SELECT",),
}

#: What the owner's own functions may do whatever the scope, past the policy they are held to like everybody else.
Past = Literal["", "SELECT", "INSERT", "ALL"]

_SCOPE = "(SELECT current_setting('backdesk.scope', true))"
_ORGANISATION = "(SELECT nullif(current_setting('backdesk.organisation', true), '')::bigint)"
_PERSON = "(SELECT nullif(current_setting('backdesk.person', true), '')::bigint)"
_SYSTEM = f"{_SCOPE} = 'system'"
_IDENTIFYING = f"{_SCOPE} = 'identify'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """`rows` may be read and written, `readable` ones read alone; both name the table as `{table}`.

    Without `rows` the table has no row-level security, and `reason` says why it needs none.
    """

    rows: str = ""
    readable: str = ""
    reason: str = ""
    writing: Writing = "free"
    by_owner: Past = ""

    @property
    def is_walled(self) -> bool:
        return bool(self.rows)


def owned(
    column: str = "organisation_id",
    *,
    identity: bool = False,
    person: str = "",
    append_only: bool = False,
    read_only: bool = False,
    by_owner: Past = "",
) -> Declaration:
    """Rows of the organisation in `column`.

    `identity`: may be read while somebody is being identified, too, and by the person in the column `person`.
    `append_only`: may be added to, never changed. `read_only`: written by functions of the owner's alone, which
    may do so for any organisation where `by_owner` says it.
    """
    readable = [_IDENTIFYING] if identity else []
    readable += [f"{{table}}.{person} = {_PERSON}"] if person else []
    return Declaration(
        rows=_any(_SYSTEM, f"{{table}}.{column} = {_ORGANISATION}"),
        readable=_any(*readable),
        writing=_writing(append_only=append_only, read_only=read_only),
        by_owner=by_owner,
    )


def shared(
    *,
    client: str = "client_id",
    provider: str = "provider_id",
    internal: str = "",
    append_only: bool = False,
) -> Declaration:
    """Rows of a client and its provider, in the columns named: both read and write them.

    `internal`: the column of the organisation that keeps a row to itself; empty, it is for both. A row may be without
    a provider: then it is the client's alone.
    """
    both = f"({{table}}.{client} = {_ORGANISATION} OR {{table}}.{provider} = {_ORGANISATION})"
    kept = (
        f" AND ({{table}}.{internal} IS NULL OR {{table}}.{internal} = {_ORGANISATION})" if internal else ""
    )
    return Declaration(
        rows=_any(_SYSTEM, both + kept), writing=_writing(append_only=append_only, read_only=False)
    )


def personal(column: str = "person_id", *, identity: bool = False, colleagues: str = "") -> Declaration:
    """Rows of the person in `column`.

    `identity`: may be read and written while somebody is being identified, too. `colleagues`: the table of
    memberships; who shares the present organisation may then read the row as well.
    """
    here = f"sharing.person_id = {{table}}.{column} AND sharing.organisation_id = {_ORGANISATION}"
    return Declaration(
        rows=_any(_SYSTEM, *([_IDENTIFYING] if identity else []), f"{{table}}.{column} = {_PERSON}"),
        readable=_exists(f"{colleagues} AS sharing", here) if colleagues else "",
    )


def through(column: str, parent: type[models.Model] | str, *, append_only: bool = False) -> Declaration:
    """Rows that are where their parent is: the parent's own policy decides."""
    table = parent if isinstance(parent, str) else parent._meta.db_table
    key = "id" if isinstance(parent, str) else str(parent._meta.pk.column)
    return Declaration(
        rows=_any(_SYSTEM, _exists(f"{table} AS parent", f"parent.{key} = {{table}}.{column}")),
        writing=_writing(append_only=append_only, read_only=False),
    )


def identity_alone(reason: str) -> Declaration:
    """Rows that are there only while somebody is being identified, such as sessions."""
    return Declaration(rows=_any(_SYSTEM, _IDENTIFYING), reason=reason)


def unowned(reason: str, *, read_only: bool = False) -> Declaration:
    """A table that holds nothing of anybody's; the reason is read by the test of all tables."""
    return replace(Declaration(reason=reason), writing=_writing(append_only=False, read_only=read_only))


def _exists(table: str, condition: str) -> str:
    """Correlated, so that the planner may look up one row or hash them all, whichever is less work."""
    return f"EXISTS (SELECT 1 FROM {table} WHERE {condition})"  # noqa: S608  names of our own tables


def _any(*conditions: str) -> str:
    return " OR ".join(conditions)


def _writing(*, append_only: bool, read_only: bool) -> Writing:
    if read_only:
        return "none"
    return "append" if append_only else "free"
