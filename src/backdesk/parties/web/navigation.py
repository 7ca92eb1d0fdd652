"""Where the parties stand in the shell, and what they put on home."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backdesk.parties import policies, queries
from backdesk.platform.actor import Actor
from backdesk.platform.web import navigation, today
from backdesk.platform.web.navigation import Entry, Place, Stage

DELIVERY_MANAGERS = frozenset({"delivery_manager"})
AGENTS = frozenset({"agent"})
SEE_ENGAGEMENTS = frozenset({"operations_lead", "employee", "controller", "auditor", "delivery_manager"})
PLACES = (
    (gettext_lazy("People"), "people", frozenset[str]()),
    (gettext_lazy("Teams"), "teams", frozenset[str]()),
    (gettext_lazy("Skills"), "skills", frozenset[str]()),
    (gettext_lazy("Absences"), "absences", frozenset[str]()),
    (gettext_lazy("Invitations"), "invitations", policies.MANAGERS),
    (gettext_lazy("Settings"), "settings", frozenset[str]()),
)


def register() -> None:
    for order, (title, name, roles) in enumerate(PLACES):
        navigation.register_place(
            Place(
                title=title,
                url_name=f"organisation:{name}",
                group="organisation",
                roles=roles,
                order=order,
            )
        )
    navigation.register(
        Entry(
            stage=Stage.HAND_OVER,
            title=gettext_lazy("Engagements"),
            url_name="engagements:engagements",
            roles=SEE_ENGAGEMENTS,
            order=0,
            key="e",
        )
    )
    today.register_items(invitations_run_out)
    today.register_beginning(waiting_for_work)


def invitations_run_out(*, actor: Actor, now: datetime) -> Iterator[today.Item]:
    """Those that nobody took up: they expire within three days, or have."""
    if not policies.may_manage(actor):
        return
    waiting = queries.invitations_running_out(actor=actor, now=now)
    if not waiting:
        return
    yield today.Item(
        title=ngettext("%(count)s invitation runs out", "%(count)s invitations run out", len(waiting))
        % {"count": len(waiting)},
        detail=", ".join(one.email for one in waiting[:3]),
        url=reverse("organisation:invitations"),
        action=_("Look"),
        since=min(one.invited_at for one in waiting),
    )


def waiting_for_work(*, actor: Actor, now: datetime) -> today.Beginning | None:
    """At a provider, until a client hands something over."""
    if actor.has(*DELIVERY_MANAGERS):
        return today.Beginning(
            title=_("No work has been handed over to you yet"),
            detail=_(
                "When a client hands work over to your company, what waits for you stands here. Until then: who could "
                "do it? Say who is in which team, and who can do what."
            ),
            url=reverse("organisation:skills"),
            action=_("See to the skills"),
            order=50,
        )
    if actor.has(*AGENTS):
        return today.Beginning(
            title=_("No work has come to you yet"),
            detail=_(
                "When a client hands work over to your company, the next item to do stands here. Until then: are you "
                "in the right team, with the right skills?"
            ),
            url=reverse("organisation:person", args=(policies.person(actor),)),
            action=_("See what colleagues see of you"),
            order=60,
        )
    return None
