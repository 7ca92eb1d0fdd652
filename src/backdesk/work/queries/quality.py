"""What second eyes found, what they are to look at, and what is known beforehand, for those who may know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Q, QuerySet, Sum

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


def findings_for(actor: Actor) -> QuerySet[Finding]:
    """Those of the actor's company; an agent, those of their own work."""
    found = Finding.objects.visible_to(actor).select_related("inspection", "item", "service")
    return found if policies.sees_whole(actor) else found.filter(inspection__person_id=actor.person_id)


def inspections_for(actor: Actor) -> QuerySet[Inspection]:
    """Looks at the work of the actor's company, or its provider's; an agent, those at their own work."""
    found = Inspection.objects.visible_to(actor)
    return found if policies.sees_whole(actor) else found.filter(person_id=actor.person_id)


def disputes_to_decide(actor: Actor) -> QuerySet[Finding]:
    """On what the actor's company found, or Backdesk compared for it; nobody decides on their own."""
    own = company(actor)
    theirs = Q(inspection__inspector_organisation_id=own)
    compared = Q(inspection__inspector_organisation_id=None, client_id=own)
    disputed = Finding.objects.visible_to(actor).filter(theirs | compared, state=Finding.State.DISPUTED)
    return disputed.exclude(disputed_by_id=actor.person_id)


def sent_back(actor: Actor, item: Item) -> QuerySet[Finding]:
    """What the last look that sent the item back found, as far as it stands: whoever does it again is to know."""
    looks = Inspection.objects.visible_to(actor).filter(item=item, is_sent_back=True)
    found = Finding.objects.visible_to(actor).filter(
        inspection__in=looks.order_by("-at", "-pk").values("pk")[:1]
    )
    return found.exclude(state=Finding.State.WITHDRAWN).order_by("pk")


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


def people_of(actor: Actor, services: Sequence[Service]) -> Mapping[int, list[int]]:
    """Who did steps of each service for its provider."""
    done = Step.objects.visible_to(actor).filter(
        service_id__in=[one.pk for one in services], holder__isnull=False
    )
    found: dict[int, list[int]] = {}
    for service_id, holder_id in done.order_by("holder_id").values_list("service_id", "holder_id").distinct():
        found.setdefault(service_id, []).append(holder_id)
    return found


def seeds_of(actor: Actor) -> Mapping[int, str]:
    """What draws each service's samples, as its client may know it: hexadecimal."""
    kept = ServiceSecret.objects.filter(client_id=company(actor)).values_list("service_id", "seed")
    return {service_id: bytes(seed).hex() for service_id, seed in kept}


def errors_in_gold(actor: Actor) -> dict[int, int]:
    """Errors by item, of gold that was compared."""
    looks = Inspection.objects.visible_to(actor).filter(kind=Inspection.Kind.GOLD, errors__gt=0)
    return dict(looks.values_list("item_id").annotate(found=Sum("errors")))
