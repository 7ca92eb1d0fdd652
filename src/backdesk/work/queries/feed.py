"""What happens to items, read on for the systems that are told of it by webhooks.

A message says what happened to which item, and by whom; no values of its fields. Who wants these asks the API, which
shows each person what is theirs to see.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from backdesk.platform import webhooks
from backdesk.platform.webhooks import Emission, Kind, Position, Source, Told
from backdesk.work.models import Event

#: By kind of event, what it is told as.
_KINDS: Final = {
    "item created": "item.created",
    "item delivered": "item.delivered",
    "item accepted": "item.accepted",
    "item returned": "item.returned",
    "item cancelled": "item.cancelled",
    "priority changed": "item.priority_changed",
    "document added": "document.added",
    "step taken": "step.taken",
    "step pushed": "step.taken",
    "step reassigned": "step.reassigned",
    "step given back": "step.returned",
    "step returned": "step.returned",
    "step completed": "step.completed",
    "step done by machine": "step.completed",
    "question asked": "question.asked",
    "question answered": "question.answered",
    "question withdrawn": "question.withdrawn",
}
_TITLES: Final = {
    "item.created": _("An item was created"),
    "item.delivered": _("An item was delivered"),
    "item.accepted": _("An item was accepted"),
    "item.returned": _("An item was returned for rework"),
    "item.cancelled": _("An item was cancelled"),
    "item.priority_changed": _("An item was moved in its queues"),
    "document.added": _("A document was added to an item"),
    "step.taken": _("A step was taken"),
    "step.reassigned": _("A step was given to somebody else"),
    "step.returned": _("A step went back to its queue"),
    "step.completed": _("A step was completed"),
    "question.asked": _("A question was asked"),
    "question.answered": _("A question was answered"),
    "question.withdrawn": _("A question was withdrawn"),
}
#: Of what an event says besides, what is told along.
_FACTS: Final = frozenset({"reason", "question", "document", "name"})


def register() -> None:
    webhooks.register_kinds(*(Kind(name=name, title=title) for name, title in _TITLES.items()))
    webhooks.register_source(Source(name="work", read=events_to_tell, newest=newest))


def events_to_tell(
    *, after: Position, before: int, limit: int, organisations: Collection[int]
) -> list[Emission]:
    """Those behind a position, of transactions that are decided, that one of these organisations may know of."""
    behind = Q(transaction=after.transaction, pk__gt=after.number) | Q(transaction__gt=after.transaction)
    theirs = Q(client_id__in=organisations) | Q(provider_id__in=organisations)
    rows = Event.objects.filter(
        behind,
        theirs,
        pk__gt=after.above,
        transaction__gte=after.transaction,
        transaction__lt=before,
        kind__in=_KINDS,
    )
    found = rows.select_related("item__service").order_by("transaction", "pk")[:limit]
    return [_emission(event, organisations) for event in found]


def newest() -> int:
    return Event.objects.aggregate(Max("pk"))["pk__max"] or 0


def _emission(event: Event, organisations: Collection[int]) -> Emission:
    told = Told(
        kind=_KINDS[event.kind],
        at=event.at,
        data={one: _data(event) for one in _who(event) if one in organisations},
        by=event.organisation_id,
        subject_kind="work.item",
        subject_id=str(event.item_id),
    )
    return Emission(position=Position(transaction=event.transaction, number=event.pk), told=told)


def _who(event: Event) -> set[int]:
    """Both companies, or the one that keeps it to itself."""
    return {event.client_id, event.provider_id} if event.internal_to is None else {event.internal_to}


def _data(event: Event) -> Mapping[str, Any]:
    item = event.item
    return {
        "item_id": item.pk,
        "sequence": event.sequence,
        "service_id": item.service_id,
        "service_key": item.service.key,
        "business_key": item.business_key,
        "title": item.title,
        "step_id": event.step_id,
        "person_id": event.person_id,
        "facts": {name: value for name, value in event.data.items() if name in _FACTS},
    }
