"""Telling people that what they asked for is done, or could not be done: parts of the verbs that do it."""

from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backdesk.parties.queries.recipients import people_with
from backdesk.planning import policies
from backdesk.planning.models import WorkHistory
from backdesk.platform import notifications
from backdesk.platform.actor import Actor
from backdesk.platform.notifications import BY_EMAIL, Kind
from backdesk.platform.web import formats

_GROUP: Final = _("Plan")
_number = lazy(formats.number, str)  # written as each who is told writes numbers
HISTORY_READ: Final = Kind(
    name="planning.history_read",
    title=_("A work history has been read"),
    group=_GROUP,
    roles=policies.LEAD,
    to_oneself=True,
)
HISTORY_FAILED: Final = Kind(
    name="planning.history_failed",
    title=_("A work history you asked for could not be read"),
    group=_GROUP,
    default_channels=BY_EMAIL,
    roles=policies.LEAD,
    to_oneself=True,
)
REPORT_READY: Final = Kind(
    name="planning.report_ready",
    title=_("A report you asked for is ready"),
    group=_GROUP,
    roles=policies.COST_READERS,
    to_oneself=True,
)


def register_kinds() -> None:
    notifications.register(HISTORY_READ, HISTORY_FAILED, REPORT_READY)


def tell_history_read(*, actor: Actor, now: datetime, history: WorkHistory) -> None:
    """Everybody who leads operations, whoever of them asked for it; that it once failed is no news any more."""
    notifications.settle(now=now, kind=HISTORY_FAILED.name, subject=history)
    notifications.notify(
        actor=actor,
        now=now,
        people=people_with(organisation_id=history.organisation_id, roles=policies.LEAD),
        kind=HISTORY_READ.name,
        subject=history,
        title=format_lazy(_("“{name}” has been read"), name=history.name),
        detail=format_lazy(
            _("{accepted} of {rows} rows are in the record."),
            accepted=_number(history.rows_accepted),
            rows=_number(history.rows_read),
        ),
        url=reverse("planning:history", args=(history.pk,)),
    )


def tell_history_failed(*, actor: Actor, now: datetime, history_id: int, reason: str) -> None:
    history = WorkHistory.objects.visible_to(actor).get(pk=history_id)
    notifications.notify(
        actor=actor,
        now=now,
        people=_who_asked(actor),
        kind=HISTORY_FAILED.name,
        subject=history,
        title=format_lazy(_("“{name}” could not be read"), name=history.name),
        detail=reason,
        url=reverse("planning:history", args=(history.pk,)),
    )


def tell_report_ready(*, actor: Actor, now: datetime, history: WorkHistory, kind: str) -> None:
    notifications.notify(
        actor=actor,
        now=now,
        people=_who_asked(actor),
        kind=REPORT_READY.name,
        subject=history,
        title=format_lazy(_("The report on “{name}” is ready"), name=history.name),
        detail=kind.upper(),
        url=reverse("planning:history-report", args=(history.pk, kind)),
    )


def _who_asked(actor: Actor) -> set[int]:
    return set() if actor.person_id is None else {actor.person_id}
