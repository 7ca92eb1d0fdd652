"""Where quality stands in the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from backdesk.platform.web import navigation
from backdesk.platform.web.navigation import Entry, Stage

READERS = frozenset({"operations_lead", "employee", "controller", "auditor", "delivery_manager", "agent"})


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
