"""What an hour of whose work costs."""

from datetime import datetime

from backdesk.evidence.assessment import Rates
from backdesk.planning import policies
from backdesk.planning.models import Rate, WorkHistory
from backdesk.planning.operations.readings import price
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import operation


@operation
def set_rates(*, actor: Actor, now: datetime, rates: Rates) -> None:
    """Replace the company's rates, and reckon the cost of every measured activity anew."""
    policies.require(policies.may_edit(actor))
    known = Rate.objects.visible_to(actor)
    before = {"rates": known.count()}
    known.delete()
    Rate.objects.bulk_create(
        Rate(
            organisation_id=policies.company(actor),
            kind=one.kind,
            name=one.name,
            rate=one.rate,
            currency=one.currency,
        )
        for one in rates.entries
    )
    read = WorkHistory.objects.visible_to(actor).read()
    for history in read:
        price(history=history, rates=rates)
    audit.record(
        actor=actor,
        now=now,
        verb="rates set",
        subject=Rate(pk=actor.organisation_id),
        before=before,
        after={"rates": len(rates.entries), "currency": rates.currency},
    )
