"""What the field a finding is about is called."""

from __future__ import annotations

from django.utils.translation import gettext as _

from backdesk.desks.services import Schema


def title_at(schema: Schema, path: str) -> str:
    """What the field at a path is called; of a table with the line it is in, counted from 1."""
    found = schema.find(path)
    if found is None:
        return path
    table, bracket, rest = path.partition("[")
    number = rest.partition("]")[0]
    outer = schema.find(table)
    if not bracket or outer is None or not number.isdecimal():
        return found.title
    told = {"table": outer.title, "number": int(number) + 1, "field": found.title}
    return _("%(table)s, line %(number)s: %(field)s") % told
