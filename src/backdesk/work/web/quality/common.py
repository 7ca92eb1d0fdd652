"""What the pages of quality share: their tabs, and what the field of a finding is called."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backdesk.desks.services import Schema
from backdesk.platform.actor import Actor
from backdesk.platform.web.parts import Tab
from backdesk.work import policies

_TABS = (
    ("quality", gettext_lazy("Findings"), policies.may_read_findings),
    ("quality-acceptance", gettext_lazy("To accept"), policies.may_accept),
    ("quality-sampling", gettext_lazy("Sampling"), policies.may_define),
    ("quality-gold", gettext_lazy("Gold"), policies.may_define),
)


def tabs(actor: Actor, current: str) -> tuple[Tab, ...]:
    """Those the actor may open; none where there is one alone."""
    found = tuple(
        Tab(title=title, url=reverse(f"work:{name}"), is_current=name == current)
        for name, title, policy in _TABS
        if policy(actor)
    )
    return found if len(found) > 1 else ()


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
