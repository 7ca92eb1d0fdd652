"""Where work stands in the shell; each part of it adds its entry."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from backdesk.platform.web import navigation
from backdesk.platform.web.navigation import Entry, Stage

WHOLE = frozenset({"operations_lead", "employee", "controller", "auditor", "delivery_manager"})
LEADS = frozenset({"operations_lead", "delivery_manager"})
WORKERS = frozenset({"agent", "delivery_manager", "employee", "operations_lead"})


def register() -> None:
    navigation.register(
        Entry(
            stage=Stage.WORK,
            title=gettext_lazy("My work"),
            url_name="work:mine",
            roles=WORKERS,
            order=0,
            key="q",
        )
    )
    navigation.register(
        Entry(
            stage=Stage.WORK,
            title=gettext_lazy("Questions"),
            url_name="work:questions",
            roles=WORKERS,
            order=40,
            key="u",
        )
    )
    navigation.register(
        Entry(
            stage=Stage.WORK,
            title=gettext_lazy("Pauses"),
            url_name="work:pauses",
            roles=frozenset({"operations_lead", "employee"}),
            order=45,
        )
    )
    for title, url_name, roles, order, prefix, key in (
        (gettext_lazy("Items"), "work:items", WHOLE, 10, "/work/items/", "j"),
        (gettext_lazy("Queues"), "work:queues", WHOLE, 20, "", "v"),
        (gettext_lazy("Board"), "work:board", LEADS, 30, "", "b"),
    ):
        navigation.register(
            Entry(
                stage=Stage.WORK,
                title=title,
                url_name=url_name,
                roles=roles,
                order=order,
                prefix=prefix,
                key=key,
            )
        )
