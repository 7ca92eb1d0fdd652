"""Warnings that an item falls due, is overdue, or has been for long: raised from the clock, told once, in office hours.

Who falls due soon is found by the clock's own measure: what is left of the target is worked off by a moment that is
the same for all items of one agreement, so one look at the index of due times finds them, and an item that is done
in time costs nothing. Raising is repeated each minute and adds nobody twice; telling marks each as told in the
transaction in which the notification is written, so that a worker killed in between tells it again, and none twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeAlias

from django.db import models, transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy, ngettext_lazy

from backdesk.desks import services
from backdesk.evidence.calendars import add_working_seconds
from backdesk.evidence.calendars.combining import weekly_minutes
from backdesk.evidence.clocks import Terms
from backdesk.parties.queries.recipients import back_from, people_with
from backdesk.platform import notifications
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import as_system
from backdesk.platform.notifications import directory, hours
from backdesk.work.models import Alarm, Item, Service, ServiceVersion, Step, TermsChange
from backdesk.work.queries.compiled import compiled
from backdesk.work.queries.terms import terms_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

#: Where the service says nothing else: of the target, used up, when it is warned; and working hours after the due
#: time, when it goes up.
WARNED_AT: Final = 0.8
ESCALATED_AFTER: Final = 4
#: What nobody raised in all this time, because nothing ran, is history.
LOOKED_BACK: Final = timedelta(days=30)
#: Where neither a person nor their company says when they work, on the person's own clock.
OFFICE_HOURS: Final = "Mon-Fri 08:00-18:00"
AT_ONCE: Final = 500
NAMED: Final = 5

PROVIDER_LEADS: Final = ("delivery_manager",)
CLIENT_LEADS: Final = ("operations_lead",)


def raise_alarms(*, actor: Actor, now: datetime) -> int:
    """For every item whose clock has come to a point since it was looked at last. Gives how many were raised."""
    with as_system("raising alarms"):
        running = Service.objects.filter(state__in=[Service.State.ACTIVE, Service.State.PAUSED])
        return sum(
            _raise(agreed, now)
            for service in running.order_by("pk")
            for agreed in _agreements(actor, service, now)
        )


def tell_alarms(*, actor: Actor, now: datetime) -> int:
    """Those whose time has come: one notification a person, kind and service, however many items. Gives how many."""
    told = 0
    with as_system("telling alarms"):
        while (more := _tell_batch(actor, now)) is not None:
            told += more
    return told


@dataclass(frozen=True, slots=True, kw_only=True)
class _Agreement:
    """Open items of a service to which the same terms apply."""

    service: Service
    terms: Terms
    alarms: services.Alarms
    items: models.Q

    def windows(self, now: datetime) -> Iterator[tuple[Alarm.Kind, datetime, datetime]]:
        """Each kind with the due times it is for, from and up to: the gravest alone."""
        soon = self._worked(now, self._left_when_warned()) or now
        escalated = self.alarms.escalate_hours
        after = float(ESCALATED_AFTER if escalated is None else escalated)
        long_ago = self._worked(now, -after * 3_600) or now - LOOKED_BACK
        yield Alarm.Kind.WARNING, now, soon
        yield Alarm.Kind.BREACH, long_ago, now
        yield Alarm.Kind.ESCALATION, now - LOOKED_BACK, long_ago

    def _worked(self, now: datetime, seconds: float) -> datetime | None:
        """When so much working time lies between now and then; None where the calendar never works it."""
        found = add_working_seconds(self.terms.calendar, starts=now, seconds=seconds).item()
        return found.replace(tzinfo=UTC) if isinstance(found, datetime) else None

    def _left_when_warned(self) -> float:
        """Working seconds; a day of a target in days is as long as the week's average."""
        terms = self.terms
        if self.alarms.warn_hours is not None:
            return float(self.alarms.warn_hours) * 3_600
        if terms.target_days is None:
            return (1 - WARNED_AT) * (terms.target_seconds or 0.0)
        return (1 - WARNED_AT) * max(terms.target_days, 1) * weekly_minutes(terms.calendar) * 60 / 5


def _agreements(actor: Actor, service: Service, now: datetime) -> Iterator[_Agreement]:
    """By version for what came after the last change of terms, and one for all that came before it."""
    change = TermsChange.objects.filter(service=service, since__lte=now).order_by("-since").first()
    since = change.since if change else None
    if change is not None:
        yield _agreement(actor, service, change.version_id, models.Q(received_at__lt=since))
    for version in ServiceVersion.objects.filter(service=service, published_at__isnull=False):
        own = models.Q(version=version)
        yield _agreement(actor, service, version.pk, own & models.Q(received_at__gte=since) if since else own)


def _agreement(actor: Actor, service: Service, version_id: int, items: models.Q) -> _Agreement:
    agreed = compiled(actor=actor, version_id=version_id).service
    terms = terms_of(agreed, since=service.created_at)
    return _Agreement(service=service, terms=terms, alarms=agreed.alarms, items=items)


def _raise(agreed: _Agreement, now: datetime) -> int:
    if agreed.terms.target_seconds is None and agreed.terms.target_days is None:
        return 0
    return sum(_raise_kind(agreed, kind, after, until, now) for kind, after, until in agreed.windows(now))


@transaction.atomic
def _raise_kind(agreed: _Agreement, kind: Alarm.Kind, after: datetime, until: datetime, now: datetime) -> int:
    raised = Alarm.objects.filter(item=models.OuterRef("pk"), kind=kind, due_at=models.OuterRef("due_at"))
    items = Item.objects.filter(
        agreed.items,
        ~models.Exists(raised),
        service=agreed.service,
        state=Item.State.OPEN,
        is_paused=False,
        due_at__gt=after,
        due_at__lte=until,
    )
    found = list(items.order_by("due_at", "pk")[:AT_ONCE])
    rows = list(_rows(agreed.service, kind, found, now)) if found else []
    # Another worker may have raised the same a moment ago.
    Alarm.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _rows(service: Service, kind: Alarm.Kind, items: Sequence[Item], now: datetime) -> Iterator[Alarm]:
    holders = _holders(items) if kind == Alarm.Kind.WARNING else {}
    leads = _leads(service, kind)
    everybody = leads | {receiver for some in holders.values() for receiver in some}
    deliver_at = _deliver_at(everybody, now)
    for item in items:
        assert item.due_at is not None
        for organisation_id, person_id in leads | holders.get(item.pk, frozenset()):
            if (organisation_id, person_id) in deliver_at:
                yield Alarm(
                    item=item,
                    organisation_id=organisation_id,
                    person_id=person_id,
                    kind=kind,
                    due_at=item.due_at,
                    raised_at=now,
                    deliver_at=deliver_at[organisation_id, person_id],
                )


_Receiver: TypeAlias = tuple[int, int]


def _leads(service: Service, kind: Alarm.Kind) -> frozenset[_Receiver]:
    """Who leads delivery is warned; once it is long overdue, who ordered the work knows it too."""
    provider, client = service.provider_id, service.client_id
    told = {(provider, one) for one in people_with(organisation_id=provider, roles=PROVIDER_LEADS)}
    if kind == Alarm.Kind.ESCALATION:
        told |= {(client, one) for one in people_with(organisation_id=client, roles=CLIENT_LEADS)}
    return frozenset(told)


def _holders(items: Iterable[Item]) -> Mapping[int, frozenset[_Receiver]]:
    found: dict[int, set[_Receiver]] = defaultdict(set)
    held = Step.objects.filter(item__in=list(items), state=Step.State.TAKEN, holder__isnull=False)
    for item_id, organisation_id, holder_id in held.values_list("item_id", "organisation_id", "holder_id"):
        if organisation_id is not None and holder_id is not None:
            found[item_id].add((organisation_id, holder_id))
    return {pk: frozenset(receivers) for pk, receivers in found.items()}


def _deliver_at(receivers: Iterable[_Receiver], now: datetime) -> Mapping[_Receiver, datetime]:
    """At once, or when their next working hour begins, for who is away after they are back; but where all of a company
    are away, as if they were there. Whoever has left is none of them."""
    found: dict[_Receiver, datetime] = {}
    for organisation_id, group in groupby(sorted(receivers), key=lambda receiver: receiver[0]):
        people = [person_id for _, person_id in group]
        chosen = hours.chosen(people)
        away = back_from(organisation_id=organisation_id, people=people, at=now)
        known = directory.recipients(organisation_id=organisation_id, people=people)
        for person_id, one in known.items():
            since = away.get(person_id, now) if set(known) - set(away) else now
            found[organisation_id, person_id] = hours.reachable_from(
                one, chosen.get(person_id, ""), since, otherwise=OFFICE_HOURS
            )
    return found


# -- Telling -------------------------------------------------------------------------------------------------


@transaction.atomic
def _tell_batch(actor: Actor, now: datetime) -> int | None:
    waiting = Alarm.objects.filter(state=Alarm.State.WAITING, deliver_at__lte=now)
    locked = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("item__service")
    alarms = list(locked.order_by("deliver_at", "id")[:AT_ONCE])
    if not alarms:
        return None
    gravest = {(one.item_id, one.person_id) for one in alarms if one.kind == Alarm.Kind.ESCALATION}
    for alarm in alarms:
        is_said = alarm.kind != Alarm.Kind.ESCALATION and (alarm.item_id, alarm.person_id) in gravest
        holds = still_holds(alarm, now) and not is_said
        alarm.state = Alarm.State.TOLD if holds else Alarm.State.CANCELLED
        alarm.told_at = now if holds else None
    Alarm.objects.bulk_update(alarms, ["state", "told_at"])
    told = [alarm for alarm in alarms if alarm.state == Alarm.State.TOLD]
    for some in _together(told):
        _notify(actor, some, now)
    return len(told)


def still_holds(alarm: Alarm, now: datetime) -> bool:
    """The clock has not changed since it was raised, and what it says is still so."""
    item = alarm.item
    if item.state != Item.State.OPEN or item.is_paused or item.due_at != alarm.due_at:
        return False
    return (alarm.kind == Alarm.Kind.WARNING) == (alarm.due_at > now)


def _together(alarms: Iterable[Alarm]) -> Iterator[list[Alarm]]:
    def by(alarm: Alarm) -> tuple[int, int, str, int]:
        return alarm.organisation_id, alarm.person_id, alarm.kind, alarm.item.service_id

    for _, group in groupby(sorted(alarms, key=by), key=by):
        yield sorted(group, key=lambda alarm: alarm.due_at)


def _notify(actor: Actor, alarms: Sequence[Alarm], now: datetime) -> None:
    first = alarms[0]
    item = first.item
    is_one = len(alarms) == 1
    notifications.notify(
        actor=actor,
        now=now,
        people=[first.person_id],
        kind=KINDS[Alarm.Kind(first.kind)],
        subject=item.service,
        organisation_id=first.organisation_id,
        title=_title(first, len(alarms)),
        detail="" if is_one else _named(alarms),
        url=reverse("work:item", args=[item.pk]) if is_one else _list_of(first),
    )


def _named(alarms: Sequence[Alarm]) -> str:
    """The first of them; more are told by an ellipsis, since the title counts them all."""
    return "\n".join(
        [*(alarm.item.title for alarm in alarms[:NAMED]), *(["…"] if len(alarms) > NAMED else [])]
    )


def _list_of(first: Alarm) -> str:
    """Those who lead have the list of items; who does the work, what is in their hands."""
    leads = _leads(first.item.service, Alarm.Kind.ESCALATION)
    if (first.organisation_id, first.person_id) not in leads:
        return reverse("work:mine")
    due = "soon" if first.kind == Alarm.Kind.WARNING else "overdue"
    return f"{reverse('work:items')}?due={due}&sort=due"


KINDS: Final = {
    Alarm.Kind.WARNING: "work.due_soon",
    Alarm.Kind.BREACH: "work.overdue",
    Alarm.Kind.ESCALATION: "work.long_overdue",
}
_ONE: Final = {
    Alarm.Kind.WARNING: gettext_lazy("“{item}” is due soon ({service})"),
    Alarm.Kind.BREACH: gettext_lazy("“{item}” is overdue ({service})"),
    Alarm.Kind.ESCALATION: gettext_lazy("“{item}” has been overdue for hours ({service})"),
}


def _title(first: Alarm, count: int) -> Promise:
    item, service = first.item.title, first.item.service.name
    if count == 1:
        return format_lazy(_ONE[Alarm.Kind(first.kind)], item=item, service=service)
    return format_lazy(_many(Alarm.Kind(first.kind), count), count=count, service=service)


def _many(kind: Alarm.Kind, count: int) -> _StrPromise:
    if kind == Alarm.Kind.WARNING:
        return ngettext_lazy(
            "{count} item of {service} is due soon", "{count} items of {service} are due soon", count
        )
    if kind == Alarm.Kind.BREACH:
        return ngettext_lazy(
            "{count} item of {service} is overdue", "{count} items of {service} are overdue", count
        )
    return ngettext_lazy(
        "{count} item of {service} has been overdue for hours",
        "{count} items of {service} have been overdue for hours",
        count,
    )
