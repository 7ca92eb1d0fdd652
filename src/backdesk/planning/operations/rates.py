"""What an hour of whose work costs, and the cost of what was measured reckoned with it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from backdesk.evidence import assessment
from backdesk.evidence.assessment import Cost, Rates
from backdesk.planning import policies, records
from backdesk.planning.models import Rate, WorkHistory
from backdesk.planning.operations.readings import put_prices
from backdesk.planning.queries.rates import REPRICE, rates_of, subject_of
from backdesk.platform import audit, jobs
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import operation


@operation
def set_rates(*, actor: Actor, now: datetime, rates: Rates) -> None:
    """Replace the company's rates, and have the cost of every measured activity reckoned anew in the background."""
    policies.require(policies.may_edit(actor))
    # Held, so that a reading is either over by now or sees these rates at its end.
    held = WorkHistory.objects.visible_to(actor).order_by("pk").select_for_update()
    is_any_read = any(held.values_list("generation", flat=True))
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
    if is_any_read:
        jobs.enqueue(actor=actor, now=now, kind=REPRICE, subject=subject_of(actor))
    audit.record(
        actor=actor,
        now=now,
        verb="rates set",
        subject=subject_of(actor),
        before=before,
        after={"rates": len(rates.entries), "currency": rates.currency},
    )


def reprice(*, actor: Actor, progress: Callable[[float, str], None]) -> None:
    """Reckon the cost of every measured activity with the rates of now; until the end all show the one before.

    Runs as a job and may run again from the start. Rates that are set meanwhile have a job of their own; what is read
    meanwhile is reckoned once more, since its reading may have begun with the rates before.
    """
    rates = rates_of(actor)
    read = WorkHistory.objects.visible_to(actor).read().order_by("pk")
    histories = list(read)
    costs: dict[tuple[int, int], Mapping[str, Cost]] = {}
    for done, history in enumerate(histories):
        progress(done / len(histories), gettext_noop("reckoning the costs anew"))
        costs[history.pk, history.generation] = _costs(history, rates)
    progress(1.0, gettext_noop("writing the inventory"))
    with transaction.atomic():
        for history in read.select_for_update(of=("self",)):
            if rates_of(actor) != rates:
                return
            put_prices(history, costs.get((history.pk, history.generation)) or _costs(history, rates))


def _costs(history: WorkHistory, rates: Rates) -> Mapping[str, Cost]:
    measured = records.measured(history).collect()
    return assessment.costs(measured, rates=rates, months=max(history.summary["months"] or 0.0, 1.0))
