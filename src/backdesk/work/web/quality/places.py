"""Where quality stands in the shell, and the pages it has beside each other."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy

from backdesk.platform.actor import Actor
from backdesk.platform.web import navigation
from backdesk.platform.web.navigation import Entry, Stage
from backdesk.platform.web.parts import Tab
from backdesk.work import policies

READERS = frozenset({"operations_lead", "employee", "controller", "auditor", "delivery_manager", "agent"})
_TABS = (
    ("quality", gettext_lazy("Findings"), policies.may_read_findings),
    ("quality-acceptance", gettext_lazy("To accept"), policies.may_accept),
    ("quality-sampling", gettext_lazy("Sampling"), policies.may_define),
    ("quality-gold", gettext_lazy("Gold"), policies.may_define),
)


def register() -> None:
    navigation.register(
        Entry(
            stage=Stage.WORK,
            title=gettext_lazy("Quality"),
            url_name="work:quality",
            roles=READERS,
            order=60,
            key="y",
        )
    )


def tabs(actor: Actor, current: str) -> tuple[Tab, ...]:
    """Those the actor may open; none where there is one alone."""
    found = tuple(
        Tab(title=title, url=reverse(f"work:{name}"), is_current=name == current)
        for name, title, policy in _TABS
        if policy(actor)
    )
    return found if len(found) > 1 else ()
