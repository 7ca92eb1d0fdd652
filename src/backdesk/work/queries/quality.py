"""What second eyes found, for those who may know: lists, and how much of the work was right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from backdesk.evidence.statistics.proportions import Interval, wilson
from backdesk.parties.policies import company
from backdesk.platform.actor import Actor
from backdesk.work import policies
from backdesk.work.models import (
    Draw,
    Finding,
    GoldCase,
    Inspection,
    Item,
    SamplingRate,
    Service,
    ServiceSecret,
    Step,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Of the looks at somebody's work: how many, in how many nothing was wrong, in how many nothing critical.

    `of` is the key it was counted by: a service, a person, or both; a share is None where nothing was looked at.
    """

    service_id: int
    person_id: int | None
    looks: int
    right: int
    without_critical: int

    @property
    def accuracy(self) -> Interval | None:
        return wilson(self.right, self.looks) if self.looks else None

    @property
    def accuracy_critical(self) -> Interval | None:
        return wilson(self.without_critical, self.looks) if self.looks else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPass:
    """Of the items delivered: how many never were sent back, by a checker or by the client."""

    service_id: int
    delivered: int
    passed: int

    @property
    def share(self) -> Interval | None:
        return wilson(self.passed, self.delivered) if self.delivered else None


def without_gold(items: QuerySet[Item]) -> QuerySet[Item]:
    """Items that count in volume and turnaround. Who may not know which are gold gets all of them."""
    return items.exclude(Exists(GoldCase.objects.filter(item=OuterRef("pk"))))


def accuracy(
    *,
    actor: Actor,
    begins_at: datetime,
    ends_at: datetime,
    service_ids: Sequence[int] | None = None,
    by_person: bool = False,
) -> list[Shares]:
    """By service, or by service and whose work it was, of looks in the period that were drawn or at all items.

    What clients returned is no sample, and left out: it would count what happened to be noticed.
    """
    looks = Inspection.objects.visible_to(actor).filter(at__gte=begins_at, at__lt=ends_at)
    looks = looks.exclude(kind=Inspection.Kind.RETURN)
    if service_ids is not None:
        looks = looks.filter(service_id__in=service_ids)
    keys = ["service_id", "person_id"] if by_person else ["service_id"]
    rows = looks.values(*keys).annotate(
        looks=Count("pk"),
        right=Count("pk", filter=Q(errors=0)),
        without_critical=Count("pk", filter=Q(critical=0)),
    )
    return [Shares(**{"person_id": None, **row}) for row in rows.order_by(*keys)]


def first_pass(
    *, actor: Actor, begins_at: datetime, ends_at: datetime, service_ids: Sequence[int] | None = None
) -> list[FirstPass]:
    """By service, of the items delivered in the period, gold left out where the actor may know it."""
    items = without_gold(Item.objects.visible_to(actor))
    items = items.filter(delivered_at__gte=begins_at, delivered_at__lt=ends_at)
    if service_ids is not None:
        items = items.filter(service_id__in=service_ids)
    sent_back = Inspection.objects.filter(item=OuterRef("pk"), is_sent_back=True)
    rows = (
        items.annotate(came_back=Exists(sent_back))
        .values("service_id")
        .annotate(delivered=Count("pk"), passed=Count("pk", filter=Q(round=0, came_back=False)))
    )
    return [FirstPass(**row) for row in rows.order_by("service_id")]


def findings_for(actor: Actor) -> QuerySet[Finding]:
    """Those of the actor's company; an agent, those of their own work."""
    found = Finding.objects.visible_to(actor).select_related("inspection", "item", "service")
    return found if policies.sees_whole(actor) else found.filter(inspection__person_id=actor.person_id)


def to_accept(actor: Actor) -> QuerySet[Item]:
    """What is delivered and waits for the client's word."""
    return (
        Item.objects.visible_to(actor)
        .filter(client_id=company(actor), state=Item.State.DELIVERED)
        .select_related("service")
    )


def cases_of(actor: Actor) -> QuerySet[GoldCase]:
    return GoldCase.objects.filter(client_id=company(actor)).select_related("service", "item")


def draws_of(actor: Actor) -> QuerySet[Draw]:
    return Draw.objects.filter(client_id=company(actor)).select_related("service", "item")


def rates_of(actor: Actor) -> QuerySet[SamplingRate]:
    return SamplingRate.objects.filter(client_id=company(actor)).select_related("service")


def services_of(actor: Actor) -> QuerySet[Service]:
    """Those in which second eyes can be set up: published, and the actor's company their client."""
    services = Service.objects.visible_to(actor).filter(client_id=company(actor))
    return services.exclude(current=None).order_by("name", "pk")


def people_of(actor: Actor, service_id: int) -> list[int]:
    """Who did steps of a service for its provider."""
    done = Step.objects.visible_to(actor).filter(service_id=service_id, holder__isnull=False)
    return list(done.order_by("holder_id").values_list("holder_id", flat=True).distinct())


def all_services_of(actor: Actor) -> QuerySet[Service]:
    """Those of either side."""
    return Service.objects.visible_to(actor).order_by("name", "pk")


def seed_of(actor: Actor, service_id: int) -> str:
    """What draws a service's samples, as its client may know it: hexadecimal, empty where there is none."""
    kept = ServiceSecret.objects.filter(service_id=service_id, client_id=company(actor)).first()
    return bytes(kept.seed).hex() if kept else ""


def errors_in_gold(actor: Actor) -> dict[int, int]:
    """Errors by item, of gold that was compared."""
    looks = Inspection.objects.visible_to(actor).filter(kind=Inspection.Kind.GOLD, errors__gt=0)
    return dict(looks.values_list("item_id").annotate(found=Sum("errors")))
