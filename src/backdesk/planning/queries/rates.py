"""The rates of a company."""

from backdesk.evidence.assessment import Rate as HourlyRate
from backdesk.evidence.assessment import Rates
from backdesk.planning.models import Rate
from backdesk.platform.actor import Actor


def rates_of(actor: Actor) -> Rates:
    return Rates(
        entries=tuple(
            HourlyRate(kind=one.kind, name=one.name, rate=one.rate, currency=one.currency)  # type: ignore[arg-type]
            for one in Rate.objects.visible_to(actor)
        )
    )
