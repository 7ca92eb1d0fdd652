"""What is looked at twice: the rates a client sets, and each draw as it fell.

Work is completed in the provider's scope, and neither the rates nor the seed may show there: a draw asks for them past
that scope, and gives back nothing but its answer.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from backdesk.desks import services
from backdesk.evidence.statistics.sampling import sampled
from backdesk.parties.policies import company, require
from backdesk.platform import audit
from backdesk.platform.actor import Actor, system
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import as_system, operation
from backdesk.work import policies
from backdesk.work.models import Draw, Item, SamplingRate, Service, ServiceSecret
from backdesk.work.queries.compiled import compiled

_BACKDESK = system(name="work", interface="job")
ALL, NONE = Decimal(1), Decimal(0)


class ImpossibleShare(Refused):
    """A share is from 0 to 1."""


@operation
def set_rate(
    *,
    actor: Actor,
    now: datetime,
    service: Service,
    kind: str,
    share: Decimal | None,
    person_id: int | None = None,
) -> SamplingRate | None:
    """By the client's lead, for everybody's work or one person's; None goes back to what holds otherwise."""
    require(policies.may_define(actor))
    service = Service.objects.visible_to(actor).get(pk=service.pk)
    require(policies.is_client_of(actor, service.client_id))
    if share is not None and not NONE <= share <= ALL:
        raise ImpossibleShare(_("%(share)s is no share: give one from 0 to 100 %%.") % {"share": share})
    where = SamplingRate.objects.filter(
        service=service, client_id=company(actor), kind=kind, person_id=person_id
    )
    before = where.select_for_update().first()
    told = {"kind": kind, "person": person_id}
    audit.record(
        actor=actor,
        now=now,
        verb="sampling rate set",
        subject=service,
        before={**told, "share": str(before.share)} if before else None,
        after={**told, "share": None if share is None else str(share)},
    )
    if share is None:
        where.delete()
        return None
    rate = SamplingRate(
        pk=before.pk if before else None,
        service=service,
        client_id=company(actor),
        kind=kind,
        person_id=person_id,
        share=share,
        set_at=now,
    )
    rate.save()
    return rate


def drawn(*, item: Item, kind: str, now: datetime, key: str, person_id: int | None = None) -> bool:
    """Whether the item falls into the sample; written down, so that the client can draw it again."""
    with as_system("whether work is looked at twice is not to be known where it is done"):
        share = rate_of(item=item, kind=kind, person_id=person_id)
        if share in (ALL, NONE) and kind != SamplingRate.Kind.REVIEW:
            return share == ALL
        seed = bytes(ServiceSecret.objects.values_list("seed", flat=True).get(service_id=item.service_id))
        named = f"{kind} {key}"
        answer = sampled(named, seed=seed, share=float(share))
        Draw.objects.create(
            service_id=item.service_id,
            item=item,
            client_id=item.client_id,
            kind=kind,
            key=named,
            person_id=person_id,
            share=share,
            is_drawn=answer,
            at=now,
        )
    return answer


def rate_of(*, item: Item, kind: str, person_id: int | None = None) -> Decimal:
    """That of the person, else that of the service's work, else what the item's version says. Past all scopes."""
    rates = dict(
        SamplingRate.objects.filter(service_id=item.service_id, kind=kind).values_list("person_id", "share")
    )
    if person_id in rates:
        return rates[person_id]
    if None in rates:
        return rates[None]
    return agreed(compiled(actor=_BACKDESK, version_id=item.version_id).service, kind)


def agreed(service: services.Service, kind: str) -> Decimal:
    """What a version says. A process that reviews or keys twice, and no word on how much, does it with all."""
    quality = service.quality
    if kind == SamplingRate.Kind.GOLD:
        return quality.gold_share
    said = quality.review_share if kind == SamplingRate.Kind.REVIEW else quality.keyed_share
    return ALL if said is None else said
