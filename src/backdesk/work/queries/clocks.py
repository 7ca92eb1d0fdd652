"""The clocks of items, made anew from their history each time they are asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet

from backdesk.evidence.clocks import Clock, Terms, explain
from backdesk.evidence.clocks import Pause as Stop
from backdesk.platform.actor import Actor
from backdesk.work import policies
from backdesk.work.models import Event, Item, Pause, Question, Service, TermsChange
from backdesk.work.queries import doing
from backdesk.work.queries.compiled import compiled
from backdesk.work.queries.terms import terms_of

#: What an item waits for after its delivery is the client; should it come back, that time was not the provider's.
RETURNED = "round"


def clock_of(*, actor: Actor, item: Item, now: datetime) -> Clock:
    return clocks_of(actor=actor, items=[item], now=now)[item.pk]


def clocks_of(*, actor: Actor, items: Sequence[Item], now: datetime) -> Mapping[int, Clock]:
    """Of items the actor may see, by number, in a few statements however many they are."""
    stops, changes = stops_of(items, now=now), changes_of(items)
    return {
        item.pk: explain(
            received_at=item.received_at,
            terms=terms_in_force(actor, item, changes[item.service_id]),
            pauses=stops[item.pk],
            ended_at=ended_at(item),
            now=now,
        )
        for item in items
    }


def terms_in_force(actor: Actor, item: Item, changes: Iterable[TermsChange]) -> list[Terms]:
    """Those of the version it began with, and whatever was agreed for its service since."""
    own = terms_of(compiled(actor=actor, version_id=item.version_id).service, since=item.received_at)
    later = [
        terms_of(compiled(actor=actor, version_id=change.version_id).service, since=change.since)
        for change in changes
        if change.since > item.received_at
    ]
    return [own, *later]


def ended_at(item: Item) -> datetime | None:
    """When its clock ended: with its delivery, or when it was cancelled."""
    if item.state == Item.State.OPEN:
        return None
    return item.delivered_at or item.closed_at


def changes_of(items: Iterable[Item]) -> Mapping[int, list[TermsChange]]:
    """What was agreed anew for the services of these items, by service, the earliest first."""
    found = TermsChange.objects.filter(service_id__in={item.service_id for item in items})
    changes: dict[int, list[TermsChange]] = defaultdict(list)
    for change in found.order_by("since"):
        changes[change.service_id].append(change)
    return changes


def changes_of_service(actor: Actor, service: Service) -> list[TermsChange]:
    """The latest first."""
    changes = TermsChange.objects.visible_to(actor).filter(service=service)
    return list(changes.select_related("version").order_by("-since"))


def stops_of(items: Iterable[Item], *, now: datetime) -> Mapping[int, list[Stop]]:
    """What stopped their clocks or was to stop them, by item."""
    known = {item.pk: item for item in items}
    stops: dict[int, list[Stop]] = defaultdict(list)
    for pause in Pause.objects.filter(item_id__in=known).exclude(state=Pause.State.WITHDRAWN):
        stops[pause.item_id].append(_stop(pause))
    returned = {pk: item for pk, item in known.items() if item.round}
    if returned:
        _add_returns(stops, returned, now)
    return stops


def pauses_to_decide(actor: Actor) -> QuerySet[Pause]:
    """For the client, the oldest first."""
    proposed = Pause.objects.visible_to(actor).filter(
        state=Pause.State.PROPOSED, client_id=policies.company(actor)
    )
    return proposed.select_related("item__service").order_by("proposed_at", "pk")


def questions_for(actor: Actor) -> QuerySet[Question]:
    """Open ones the actor's company is asked about items the actor may read, the oldest first."""
    return _open_questions(actor).filter(to_id=policies.company(actor)).order_by("asked_at", "pk")


def questions_from(actor: Actor) -> QuerySet[Question]:
    """Open ones the actor's company asks, the oldest first."""
    return _open_questions(actor).filter(from_id=policies.company(actor)).order_by("asked_at", "pk")


def questions_about(actor: Actor, item: Item) -> list[Question]:
    return list(questions_in_sight(actor).filter(item=item).order_by("asked_at", "pk"))


def pauses_of(actor: Actor, item: Item) -> list[Pause]:
    return list(Pause.objects.visible_to(actor).filter(item=item).order_by("began_at", "pk"))


def questions_in_sight(actor: Actor) -> QuerySet[Question]:
    """All that were asked about items the actor may read: an agent, what they hold or held."""
    found = Question.objects.visible_to(actor)
    return found if policies.sees_whole(actor) else found.filter(item__in=doing.items_for(actor))


def _open_questions(actor: Actor) -> QuerySet[Question]:
    waiting = questions_in_sight(actor).filter(state=Question.State.OPEN, item__state=Item.State.OPEN)
    return waiting.select_related("item__service")


def _stop(pause: Pause) -> Stop:
    decided = {Pause.State.APPROVED: True, Pause.State.REFUSED: False}
    return Stop(
        id=str(pause.pk),
        began_at=pause.began_at,
        ended_at=pause.ended_at,
        approved=decided.get(Pause.State(pause.state)),
        reason=pause.reason,
    )


def _add_returns(stops: dict[int, list[Stop]], items: Mapping[int, Item], now: datetime) -> None:
    kinds = ("item delivered", "item returned")
    events = Event.objects.filter(item_id__in=items, kind__in=kinds).order_by("item_id", "sequence")
    delivered: dict[int, datetime] = {}
    for event in events:
        if event.kind == "item delivered":
            delivered[event.item_id] = event.at
        elif event.item_id in delivered:
            stops[event.item_id].append(_at_the_client(delivered.pop(event.item_id), event.at))
    for pk, at in delivered.items():
        if items[pk].state == Item.State.OPEN:  # it is being returned at this moment
            stops[pk].append(_at_the_client(at, now))


def _at_the_client(delivered_at: datetime, returned_at: datetime) -> Stop:
    return Stop(id=RETURNED, began_at=delivered_at, ended_at=returned_at, approved=True, reason=RETURNED)
