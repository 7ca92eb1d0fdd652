"""What people are told of items, and how unless they choose otherwise."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext_lazy

from backdesk.platform import notifications
from backdesk.platform.notifications import BY_EMAIL, QUIET, Kind
from backdesk.work.models import Alarm
from backdesk.work.operations import alarms, pauses, services, timers

_GROUP: Final = gettext_lazy("Work")
_WORKERS: Final = frozenset({"agent", "delivery_manager", "employee", "operations_lead"})
_LEADS: Final = frozenset({"delivery_manager", "operations_lead"})
_GATHERED: Final = timedelta(minutes=10)

KINDS: Final = (
    Kind(
        name=pauses.PROPOSED,
        title=gettext_lazy("A pause waits for your decision"),
        group=_GROUP,
        default_channels=BY_EMAIL,
        roles=frozenset({"operations_lead", "employee"}),
        gathers=_GATHERED,
    ),
    Kind(
        name=services.PUBLISHED,
        title=gettext_lazy("A service has a new version"),
        group=_GROUP,
        default_channels=BY_EMAIL,
        roles=frozenset({"delivery_manager"}),
    ),
    Kind(
        name=timers.FAILED,
        title=gettext_lazy("A machine cannot do its step"),
        group=_GROUP,
        default_channels=BY_EMAIL,
        roles=frozenset({"operations_lead"}),
    ),
    Kind(
        name=pauses.DECIDED,
        title=gettext_lazy("A pause you proposed was decided"),
        group=_GROUP,
        default_channels=QUIET,
        roles=frozenset({"agent", "delivery_manager"}),
    ),
    Kind(
        name=alarms.KINDS[Alarm.Kind.WARNING],
        title=gettext_lazy("Items are due soon"),
        group=_GROUP,
        default_channels=QUIET,
        roles=_WORKERS,
    ),
    Kind(
        name=alarms.KINDS[Alarm.Kind.BREACH],
        title=gettext_lazy("Items are overdue"),
        group=_GROUP,
        default_channels=BY_EMAIL,
        roles=_LEADS,
        weighty=True,
    ),
    Kind(
        name=alarms.KINDS[Alarm.Kind.ESCALATION],
        title=gettext_lazy("Items have been overdue for hours"),
        group=_GROUP,
        default_channels=BY_EMAIL,
        roles=_LEADS,
        weighty=True,
    ),
)


def register_kinds() -> None:
    notifications.register(*KINDS)
