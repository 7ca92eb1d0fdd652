"""Where work stands in the shell; each part of it adds its entry."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from backdesk.platform.web import navigation
from backdesk.platform.web.navigation import Entry, Stage

WHOLE = frozenset({"operations_lead", "employee", "controller", "auditor", "delivery_manager"})
LEADS = frozenset({"operations_lead", "delivery_manager"})
WORKERS = frozenset({"agent", "delivery_manager", "employee", "operations_lead"})


def register() -> None:
    for title, name, roles, order, key in (
        (gettext_lazy("My work"), "mine", WORKERS, 0, "q"),
        (gettext_lazy("Items"), "items", WHOLE, 10, "j"),
        (gettext_lazy("Queues"), "queues", WHOLE, 20, "v"),
        (gettext_lazy("Board"), "board", LEADS, 30, "b"),
        (gettext_lazy("Questions"), "questions", WORKERS, 40, "u"),
        (gettext_lazy("Pauses"), "pauses", frozenset({"operations_lead", "employee"}), 45, ""),
    ):
        navigation.register(
            Entry(stage=Stage.WORK, title=title, url_name=f"work:{name}", roles=roles, order=order, key=key)
        )
